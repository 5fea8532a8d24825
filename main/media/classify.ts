/** Tells from ffmpeg's or ffprobe's log why it failed, in terms a person can act on. The log itself is never shown. */
import { basename } from 'node:path';
import { ExpectedError, type ExpectedCode } from '../../shared/errors.ts';

/** Most telling first: one failure often logs several lines. The texts are those of ffmpeg 5.1 to 8. */
const SIGNS: readonly (readonly [RegExp, ExpectedCode])[] = [
  [/No space left on device|Disk quota exceeded|not enough space on the disk/i, 'disk_full'],
  [/moov atom not found/i, 'file_no_index'],
  [/Unknown encoder|Encoder not found|Automatic encoder selection failed|Error selecting an encoder/i, 'encoder_missing'],
  [/Unknown decoder|Decoder (\(.*\) )?not found|no decoder found for|Decoding requested, but no decoder/i, 'decoder_missing'],
  [/Stream map '.*' matches no streams|Stream specifier '.*' in filtergraph .* matches no streams|does not contain any stream/i, 'no_such_stream'],
  [/Error opening output.*Permission denied|Could not write header|output.*: Permission denied|Read-only file system|Operation not permitted/i, 'target_not_writable'],
  [/Permission denied/i, 'file_unreadable'],
  [/No such file or directory/i, 'file_missing'],
  [/Is a directory/i, 'file_is_folder'],
  [/Invalid data found when processing input|could not find codec parameters|Error while decoding|error reading header|End of file/i, 'file_damaged'],
  [/Input\/output error/i, 'file_unreadable'],
];

export interface FailureContext {
  /** File name for the sentence. */
  name: string;
  /** Path of the file that is written, when one is: "permission denied" may be about it. */
  target?: string;
  /** What the person calls that file, where `target` is a temporary one. Default: its name without the folder. */
  targetName?: string;
}

/** An ExpectedError for a failed run. `log` is the end of its stderr, `exit` an exit code or a signal's name. */
export function classifyFailure(log: string, exit: number | string, context: FailureContext): ExpectedError {
  const params = { name: context.name };
  const target = { name: context.targetName ?? basename(context.target ?? context.name) };
  for (const [sign, code] of SIGNS) {
    const line = log.split('\n').find((candidate) => sign.test(candidate));
    if (line === undefined) continue;
    const aboutTarget = context.target !== undefined && line.includes(context.target);
    if (code === 'file_unreadable' && aboutTarget) return failure('target_not_writable', target, log);
    if (code === 'file_missing' && aboutTarget) return failure('target_folder_missing', target, log);
    return failure(code, code === 'disk_full' || code === 'target_not_writable' ? target : params, log);
  }
  return failure('ffmpeg_failed', { ...params, exit }, log);
}

/** The log travels as the cause: it goes to the app's log, not to the person. */
function failure(code: ExpectedCode, params: Record<string, string | number>, log: string): ExpectedError {
  return new ExpectedError(code, params, { cause: new Error(log.trim() || 'no output') });
}
