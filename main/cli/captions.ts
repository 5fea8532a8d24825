/** `rushes captions`: subtitle files checked by a style guide's rules, mended, and converted. No media and no model is needed. */
import { basename, dirname, extname, join } from 'node:path';
import { formatOfName } from '../../shared/captions/formats/detect.ts';
import { writeCaptions, writtenFrom } from '../../shared/captions/formats/index.ts';
import { warningSentence } from '../../shared/captions/formats/sentences.ts';
import type { CaptionFormat, FormatWarning, ReadCaptions, WrittenTrack } from '../../shared/captions/formats/types.ts';
import { checkCues, fixCues, RULES, rulesFor } from '../../shared/captions/rules.ts';
import type { CaptionContext, Violation } from '../../shared/captions/ruleTypes.ts';
import type { Cue } from '../../shared/captions/types.ts';
import { m, messageFor } from '../../shared/i18n/index.ts';
import { formatClock, toSeconds } from '../../shared/time.ts';
import { readCaptionFile } from '../engine/captionImport.ts';
import { checkTarget, writeSafely, type SafeTarget } from '../media/safeFile.ts';
import type { CaptionsCheckOptions, CaptionsConvertOptions } from './captionsOptions.ts';
import type { CommandContext } from './run.ts';
import { UsageError } from './usage.ts';

interface Opened {
  read: ReadCaptions;
  track: WrittenTrack;
}

async function openFile({ file, language, encoding }: Pick<CaptionsCheckOptions, 'file' | 'language' | 'encoding'>, context: CommandContext): Promise<Opened> {
  const read = await readCaptionFile(file, encoding === null ? {} : { encoding });
  tell(read.warnings, basename(file), context);
  const track = writtenFrom(read, basename(file));
  return { read, track: language === null ? track : { ...track, language } };
}

function tell(warnings: readonly FormatWarning[], name: string, { output }: CommandContext): void {
  for (const warning of warnings) output.note(m.cli_warning({ sentence: m.captions_format_of({ name, sentence: warningSentence(warning) }) }));
}

/** The input is only ever replaced when it is named as the target and `--overwrite` says so. */
function targetFor(path: string, input: string, overwrite: boolean): SafeTarget {
  return { path, overwrite, inputs: overwrite ? [] : [input] };
}

/** Prints each violation. Exit code 4 when there are some, or with `--fix` when some can't be met. */
export async function captionsCheck(options: CaptionsCheckOptions, context: CommandContext): Promise<void> {
  const target = options.fix ? targetFor(options.out ?? fixedName(options.file), options.file, options.overwrite) : null;
  const { read, track } = await openFile(options, context);
  if (target) await checkTarget(target);
  const rules = options.rules === null ? rulesFor(track.language) : RULES[options.rules];
  const rulesContext: CaptionContext = { frameRate: options.fps, cuts: [], language: track.language, range: null };
  const violations = checkCues(track.cues, rules, rulesContext);
  if (!target || options.json) await list(violations, track.cues, 'violation', options, context);
  const facts = { cues: track.cues.length, rules: rules.base, violations: violations.length };
  if (!target) {
    await summarize(m.cli_captions_summary(facts), facts, options, context);
    if (violations.length > 0) context.broken();
    return;
  }
  const fixed = fixCues(track.cues, rules, rulesContext);
  await list(fixed.unmet, fixed.cues, 'unmet', options, context);
  const format = (options.out === null ? null : formatOfName(options.out)) ?? read.format;
  const untimed = read.warnings.some((warning) => warning.code === 'no_times');
  const written = writeCaptions({ ...track, cues: fixed.cues }, format, { frameRate: options.fps, times: !untimed });
  tell(written.warnings, basename(target.path), context);
  await writeSafely(target, written.text);
  if (!options.json) await context.output.line(m.cli_wrote({ path: target.path }));
  await summarize(m.cli_captions_summary_fixed({ ...facts, unmet: fixed.unmet.length }), { ...facts, unmet: fixed.unmet.length, path: target.path }, options, context);
  if (fixed.unmet.length > 0) context.broken();
}

/** `film.srt` becomes `film.fixed.srt`; what was SSA is written as ASS. */
function fixedName(file: string): string {
  const ending = extname(file);
  const stem = basename(file, ending);
  return join(dirname(file), `${stem}.fixed${ending.toLowerCase() === '.ssa' ? '.ass' : ending}`);
}

async function list(violations: readonly Violation[], cues: readonly Cue[], type: 'violation' | 'unmet', options: CaptionsCheckOptions, { output }: CommandContext): Promise<void> {
  const byId = new Map(cues.map((cue, index) => [cue.id, { cue, number: index + 1 }]));
  for (const { cue: id, code, value, limit } of violations) {
    const found = byId.get(id);
    if (!found) continue;
    const { cue, number } = found;
    if (options.json) {
      await output.line(JSON.stringify({ type, cue: number, start: toSeconds(cue.start), end: toSeconds(cue.end), code, value, limit }));
      continue;
    }
    const told = { number, start: formatClock(cue.start), sentence: messageFor(`captions_rule_${code}`, { value, limit }) };
    await output.line(type === 'violation' ? m.cli_captions_violation(told) : m.cli_captions_unmet(told));
  }
}

async function summarize(sentence: string, facts: Record<string, string | number>, options: CaptionsCheckOptions, { output }: CommandContext): Promise<void> {
  if (options.json) await output.line(JSON.stringify({ type: 'summary', ...facts }));
  else await output.line(sentence);
}

/** To a file, or to stdout when none is named. */
export async function captionsConvert(options: CaptionsConvertOptions, context: CommandContext): Promise<void> {
  const { out, speakers, times } = options;
  const format = options.format ?? (out === null ? null : formatOfName(out));
  if (format === null) throw new UsageError(m.cli_usage_bad_value({ value: out ?? '', name: out === null ? '--format' : 'out', wanted: m.cli_captions_wanted_format() }));
  const target = out === null ? null : targetFor(out, options.file, options.overwrite);
  const { track } = await openFile(options, context);
  if (target) await checkTarget(target);
  const written = writeCaptions(track, format, { speakerNames: speakers, times });
  tell(written.warnings, out === null ? nameOf(format) : basename(out), context);
  if (target) {
    await writeSafely(target, written.text);
    await context.output.line(m.cli_wrote({ path: target.path }));
  } else await context.output.line(written.text.replace(/\n+$/, ''));
}

const nameOf = (format: CaptionFormat): string => format.toUpperCase();
