/** The moments that `rushes highlights` chose, as lines for a person and for another program. */
import { m, messageFor } from '../../shared/i18n/index.ts';
import type { Media } from '../../shared/media.ts';
import { totalLength, type TimeRange } from '../../shared/ranges.ts';
import { formatClock, subtract, toSeconds } from '../../shared/time.ts';
import { HIGHLIGHT_SIGNALS, type HighlightMoment, type HighlightWeights } from '../../shared/understanding/types.ts';
import { columns } from './words.ts';

export interface Reel {
  media: Media;
  moments: readonly HighlightMoment[];
  scores: readonly number[];
  clips: readonly TimeRange[];
  weights: HighlightWeights;
  /** Seconds asked for. */
  asked: number;
}

/** Signals told of a moment. */
const REASONS = 2;

/** Moments that the clips show, in order, with their score and the clip's number from 0. */
function chosen({ moments, scores, clips }: Reel): { moment: HighlightMoment; score: number; clip: number }[] {
  return moments.flatMap((moment, index) => {
    const clip = clips.findIndex(({ start, end }) => moment.start >= start && moment.end <= end);
    return clip < 0 ? [] : [{ moment, score: scores[index] ?? 0, clip }];
  });
}

export function reelLines(reel: Reel): string[] {
  const shown = chosen(reel);
  if (reel.clips.length === 0) return [m.cli_highlights_nothing({ name: reel.media.name })];
  const head = [m.cli_column_start(), m.cli_column_end(), m.cli_column_score(), m.cli_column_why(), m.cli_column_words()];
  const rows = shown.map(({ moment, score }) => [
    formatClock(moment.start, 2),
    formatClock(moment.end, 2),
    score.toFixed(2),
    reasons(moment, reel.weights),
    moment.sentence === null ? m.cli_highlights_speech_text() : moment.text,
  ]);
  return [...columns([head, ...rows], [0, 1, 2]), summary(reel, shown.length)];
}

/** The signals that add most to its score. */
function reasons({ signals }: HighlightMoment, weights: HighlightWeights): string {
  const parts = HIGHLIGHT_SIGNALS.map((signal) => ({ signal, part: signals[signal] * weights[signal] })).filter(({ part }) => part > 0);
  return parts.sort((a, b) => b.part - a.part).slice(0, REASONS).map(({ signal }) => messageFor(`cli_signal_${signal}`)).join(', ');
}

function summary({ media, clips }: Reel, moments: number): string {
  const length = formatClock(totalLength(clips), 1);
  return m.cli_highlights_summary({ n: clips.length, moments, length, of: media.duration === null ? '?' : formatClock(media.duration, 1) });
}

/** One object a moment, one a clip, then the summary. Times in seconds. */
export function reelToJson(reel: Reel): Record<string, unknown>[] {
  const { clips, asked } = reel;
  const shown = chosen(reel);
  return [
    ...shown.map(({ moment, score, clip }) => ({
      type: 'moment',
      start: toSeconds(moment.start),
      end: toSeconds(moment.end),
      score: rounded(score),
      signals: Object.fromEntries(HIGHLIGHT_SIGNALS.map((signal) => [signal, rounded(moment.signals[signal])])),
      sentence: moment.sentence,
      shot: moment.shot,
      text: moment.text,
      clip,
    })),
    ...clips.map(({ start, end }, index) => ({ type: 'clip', index, start: toSeconds(start), end: toSeconds(end), seconds: toSeconds(subtract(end, start)) })),
    { type: 'summary', clips: clips.length, moments: shown.length, asked, seconds: toSeconds(totalLength(clips)) },
  ];
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
