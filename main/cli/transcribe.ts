/** `rushes transcribe`: cues as JSON lines while they come, and a subtitle file. */
import { extname } from 'node:path';
import { writeCaptions } from '../../shared/captions/formats/index.ts';
import { CAPTION_FORMATS, type CaptionFormat } from '../../shared/captions/formats/types.ts';
import { warningSentence } from '../../shared/captions/formats/sentences.ts';
import { RULES } from '../../shared/captions/rules.ts';
import { throwIfCancelled } from '../../shared/errors.ts';
import { m } from '../../shared/i18n/index.ts';
import { speechToJson } from '../../shared/speech.ts';
import { checkTarget, writeSafely } from '../media/safeFile.ts';
import { Heard, pictureOf, tellSpeech } from './heard.ts';
import type { CommandContext } from './run.ts';
import type { TranscribeOptions } from './transcribeOptions.ts';

/** What who asks for such a file does not expect in it: word times and confidence, and its language where only the name can tell. */
const EXPECTED_LOSSES: ReadonlySet<string> = new Set(['words_lost', 'confidence_lost', 'language_lost', 'no_times']);

/** Written to `--out`; without it the file's text goes to stdout, unless `--json` has that for the events. */
export async function transcribe(options: TranscribeOptions, context: CommandContext): Promise<void> {
  const { output, signal } = context;
  const engine = await context.engine();
  const media = await engine.openMedia(options.file, signal);
  const target = options.out === null ? null : { path: options.out, overwrite: options.overwrite, inputs: [media.path] };
  // An hour of work must not end at a file that may not be written.
  if (target) await checkTarget(target);
  const heard = new Heard();
  const { language, prompt, speakers, cache, translate } = options;
  const rules = options.rules === null ? null : RULES[options.rules];
  const request = { media: media.id, language, task: translate ? ('translate' as const) : ('transcribe' as const), prompt, speakers, rules, fresh: !cache };
  for await (const event of engine.jobs.transcribe(request, signal)) {
    tellSpeech(event, media, engine, context);
    heard.add(event);
    if (options.json) await output.line(JSON.stringify(speechToJson(event)));
  }
  throwIfCancelled(signal);
  const format = formatOf(options);
  const { text, warnings } = writeCaptions(heard.track(media, translate), format, pictureOf(media));
  for (const warning of warnings) if (!EXPECTED_LOSSES.has(warning.code)) output.note(m.cli_warning({ sentence: warningSentence(warning) }));
  if (target) {
    await writeSafely(target, text);
    if (!options.json) await output.line(m.cli_wrote({ path: target.path }));
  } else if (!options.json && heard.cues.length > 0) {
    await output.line(text.replace(/\n+$/, ''));
  }
  output.note(heard.summary());
}

function formatOf({ format, out }: TranscribeOptions): CaptionFormat {
  const ending = extname(out ?? '').slice(1).toLowerCase();
  return format ?? CAPTION_FORMATS.find((known) => known === ending) ?? 'srt';
}
