/** Reads what `-progress` prints: key=value lines, a block closed by `progress=continue` or `progress=end`. */
export interface EncodeProgress {
  /** Seconds of output written; null while unknown. */
  seconds: number | null;
  /** Frames written; null for audio alone. */
  frame: number | null;
  /** Seconds of output a second of wall time; null while unknown. */
  speed: number | null;
  bytes: number | null;
  ended: boolean;
}

/** Options that make ffmpeg report to a pipe four times a second. */
export function progressOptions(pipe: string): string[] {
  return ['-progress', pipe, '-stats_period', '0.25'];
}

export class ProgressReader {
  private rest = '';
  private block = new Map<string, string>();
  private readonly onProgress: (progress: EncodeProgress) => void;

  constructor(onProgress: (progress: EncodeProgress) => void) {
    this.onProgress = onProgress;
  }

  push(chunk: Buffer | string): void {
    const lines = (this.rest + chunk.toString()).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.line(line.trim());
  }

  private line(line: string): void {
    const at = line.indexOf('=');
    if (at <= 0) return;
    const key = line.slice(0, at);
    this.block.set(key, line.slice(at + 1).trim());
    if (key !== 'progress') return;
    const number = (name: string): number | null => {
      const value = Number.parseFloat(this.block.get(name) ?? '');
      return Number.isFinite(value) ? value : null;
    };
    const microseconds = number('out_time_us');
    this.onProgress({
      seconds: microseconds === null ? null : Math.max(0, microseconds / 1_000_000),
      frame: number('frame'),
      speed: number('speed'),
      bytes: number('total_size'),
      ended: this.block.get('progress') === 'end',
    });
    this.block = new Map();
  }
}
