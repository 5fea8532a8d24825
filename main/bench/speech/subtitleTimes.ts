/** Line starts of an SRT file, for comparing with where words were heard. Only well-formed files: it is our own evaluation data. */
export interface TimedLine {
  /** Seconds. */
  start: number;
  text: string;
}

export function srtLines(text: string): TimedLine[] {
  return text
    .trim()
    .split(/\r?\n\r?\n/)
    .map((block) => {
      const [, times = '', ...lines] = block.split(/\r?\n/);
      const [hours = 0, minutes = 0, seconds = 0, milliseconds = 0] = (times.split(' --> ')[0] ?? '').split(/[:,]/).map(Number);
      return { start: hours * 3600 + minutes * 60 + seconds + milliseconds / 1000, text: lines.join(' ') };
    });
}
