/** Events and reports as lines for a person. */
import { m, messageFor } from '../../shared/i18n/index.ts';
import type { KeyframeEvent, ProgressEvent, ShotEvent, TagEvent, WarningEvent } from '../../shared/events.ts';
import type { DoctorReport, PlannedSegment } from '../../shared/ipc/engine.ts';
import { formatClock, formatTimecode, fromSeconds, subtract, type Rational } from '../../shared/time.ts';

const STAGE_WORDS: Record<string, () => string> = {
  analyze: m.cli_stage_analyze,
  join: m.cli_stage_join,
  shots: m.cli_stage_shots,
  keyframes: m.cli_stage_keyframes,
  tags: m.cli_stage_tags,
  preview: m.cli_stage_preview,
  export: m.cli_stage_export,
  waveform: m.cli_stage_waveform,
  transcribe: m.cli_stage_transcribe,
  sound: m.cli_stage_sound,
  picture: m.cli_stage_picture,
  pictures: m.cli_stage_pictures,
  embed: m.cli_stage_embed,
  render: m.cli_stage_render,
};

export function progressLine(event: ProgressEvent): string {
  const stage = (STAGE_WORDS[event.stage] ?? m.cli_stage_other)();
  const unit = messageFor(`cli_unit_${event.unit}`);
  const done = Math.round(event.done);
  const rate = event.rate >= 10 ? Math.round(event.rate) : Number(event.rate.toFixed(1));
  if (event.total === null || event.total <= 0) return m.cli_progress({ stage, done, unit: ` ${unit}`, rate });
  const percent = Math.min(100, Math.floor((100 * event.done) / event.total));
  const eta = event.eta === null ? '–' : formatClock(fromSeconds(event.eta), 0);
  return m.cli_progress_eta({ stage, percent, done, total: Math.round(event.total), unit, rate, eta });
}

/** A warning's sentence. Damage is told with the times around it, as clock texts. */
export function warningSentence(event: WarningEvent, name: string, library: string): string {
  switch (event.code) {
    case 'damaged_part':
      return m.cli_warning_damaged_part({ name, from: String(event.params.from), to: String(event.params.to) });
    case 'ends_early':
      return m.cli_warning_ends_early({ name });
    case 'no_video':
      return m.cli_warning_no_video({ name });
    case 'provider_fell_back':
      return m.cli_warning_provider_fell_back();
    case 'unknown_duration':
      return m.cli_warning_unknown_duration({ name });
    case 'not_saved':
      return m.cli_warning_not_saved({ path: library });
  }
}

/** Cells a text takes in a terminal: Chinese and full-width characters take two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/u.test(character) ? 2 : 1;
  return width;
}

const pad = (text: string, width: number, right = false): string => {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return right ? space + text : text + space;
};

/** Rows in columns two spaces apart; those named in `right` are aligned right, the last is not padded. */
export function columns(rows: string[][], right: readonly number[]): string[] {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => displayWidth(row[index] ?? ''))));
  return rows.map((row) => row.map((cell, index) => (index === row.length - 1 ? cell : pad(cell, widths[index] ?? 0, right.includes(index)))).join('  ').trimEnd());
}

const TAGS_SHOWN = 5;

/** The shots of a media as a table: timecodes, transition in, best tags. `rate` is the video's nominal frame rate. */
export function shotTable(shots: readonly ShotEvent[], tags: readonly TagEvent[], rate: Rational, nameOf: (tag: TagEvent) => string): string[] {
  const head = [m.cli_column_shot(), m.cli_column_start(), m.cli_column_end(), m.cli_column_length(), m.cli_column_transition(), m.cli_column_tags()];
  const rows = shots.map((shot) => [
    String(shot.index + 1),
    formatTimecode(shot.start, rate),
    formatTimecode(shot.end, rate),
    formatClock(subtract(shot.end, shot.start), 2),
    messageFor(`cli_transition_${shot.transitionIn}`),
    tagList(tags.filter((tag) => tag.shot === shot.index), nameOf),
  ]);
  return columns([head, ...rows], [0, 3]);
}

/** Best first; one name once, whichever models gave it. */
function tagList(tags: readonly TagEvent[], nameOf: (tag: TagEvent) => string): string {
  const best = [...tags].sort((a, b) => b.score - a.score).map(nameOf);
  return [...new Set(best)].slice(0, TAGS_SHOWN).join(', ');
}

/** Keyframe times of a media without tags asked for, for `--stages keyframes`. */
export function keyframeLine(keyframes: readonly KeyframeEvent[]): string {
  return `${m.cli_stage_keyframes()}: ${keyframes.map((keyframe) => formatClock(keyframe.time)).join('  ')}`;
}

export function segmentLine(segment: PlannedSegment): string {
  return m.cli_segment({
    start: formatClock(segment.actualStart ?? segment.start),
    end: formatClock(segment.actualEnd ?? segment.end),
    how: messageFor(`cli_how_${segment.how}`),
    why: messageFor(`export_why_${segment.why}`),
  });
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

export function doctorLines(report: DoctorReport): string[] {
  const tool = (name: string, found: { path: string; version: string } | null): string =>
    found ? m.cli_doctor_found({ name, ...found }) : m.cli_doctor_missing({ name });
  const { library } = report;
  const models = report.models.map((model) => [
    `  ${model.id}`,
    messageFor(`cli_state_${model.state}`),
    megabytes(model.bytes),
    model.runsOn === null ? '' : m.cli_doctor_runs_on({ provider: model.runsOn }),
    model.note ?? '',
  ]);
  const providers = report.providers.map((provider) => [`  ${provider.provider}`, messageFor(`cli_state_${provider.state}`), provider.detail ?? '']);
  return [
    `Rushes ${report.version}`,
    tool('ffmpeg', report.ffmpeg),
    tool('ffprobe', report.ffprobe),
    `${m.cli_doctor_providers()}:`,
    ...columns(providers, []),
    `${m.cli_doctor_models()}:`,
    ...columns(models, [2]),
    library ? m.cli_doctor_library({ path: library.path, bytes: megabytes(library.bytes), media: library.media }) : m.cli_doctor_no_library(),
  ];
}
