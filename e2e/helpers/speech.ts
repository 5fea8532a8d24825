/** A film of known speech, and what the window shows of it as text. */
import { execFileSync } from 'node:child_process';
import type { Locator, Page } from '@playwright/test';
import { media } from './app.ts';

/** Pictures a second of the film. */
export const RATE = 25;
/** What jfk.flac says, without the letters' case and the punctuation. The third of its sentences begins with word 14. */
export const SPOKEN = 'and so my fellow americans ask not what your country can do for you ask what you can do for your country';
export const THIRD = { from: 14, to: 22 };

/** The street of bikes.mp4 with jfk.flac's speech, said `times` times: 11 s each, with a sync frame every two seconds. */
export function speechFilm(target: string, times = 1): string {
  const loops = ['-stream_loop', '-1', '-i', media('bikes.mp4'), '-stream_loop', String(times - 1), '-i', media('jfk.flac')];
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...loops, '-map', '0:v', '-map', '1:a', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-t', String(11 * times), '-y', target]);
  return target;
}

/** Words as they are compared: lower case, without punctuation. */
export const plainWords = (text: string): string => (text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []).join(' ');

/** A word of the transcript by its place in the text. */
export const wordAt = (page: Page, index: number): Locator => page.locator(`[data-testid=transcript-word][data-word="${index}"]`);
/** A cue of the captions panel by its place in the list. */
export const cueAt = (page: Page, index: number): Locator => page.locator(`[data-testid=cue][data-index="${index}"]`);

/** The transcript's text as it stands. */
export async function transcriptText(page: Page): Promise<string> {
  return (await page.getByTestId('transcript-word').allTextContents()).join('').replace(/\s+/g, ' ');
}

/** Transcript, and whether each of its words is cut. */
export function cutWords(page: Page): Promise<number[]> {
  return page.getByTestId('transcript-word').evaluateAll((words) => words.filter((word) => word instanceof HTMLElement && word.dataset['cut'] === 'true').map((word) => Number(word.dataset['word'])));
}

export interface Heard {
  /** Cues in the list. */
  cues: number;
  /** Share of the sound that is done; null where it is not told. */
  share: number | null;
}

/**
 * What the captions panel shows of recognition, each time it changes, from now until recognition ends. Noted in the page itself, which
 * misses nothing however busy the machine is.
 */
export function watchCues(page: Page): Promise<{ seen: Heard[]; end: string }> {
  return page.evaluate(
    () =>
      new Promise<{ seen: Heard[]; end: string }>((resolve) => {
        const seen: Heard[] = [];
        const facts = (id: string): DOMStringMap | undefined => document.querySelector<HTMLElement>(`[data-testid=${id}]`)?.dataset;
        let began = false;
        const look = (): void => {
          const status = facts('captions-panel')?.['status'] ?? '';
          began ||= status === 'running';
          if (!began) return;
          if (status !== 'running') {
            observer.disconnect();
            resolve({ seen, end: status });
            return;
          }
          const share = facts('transcribe-progress')?.['share'] ?? '';
          const now = { cues: Number(facts('cue-list')?.['count'] ?? 0), share: share === '' ? null : Number(share) };
          const last = seen.at(-1);
          if (last?.cues !== now.cues || last.share !== now.share) seen.push(now);
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-status', 'data-count', 'data-share'] });
      }),
  );
}
