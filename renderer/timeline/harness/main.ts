/**
 * The harness page. Its address may say: `shots` (how many to make up), `height` (of the timeline), `theme`, `locale`,
 * `captions` (how many cues to make up), `host` (pictures and media come from functions that the test put on `window`).
 */
import { mount, type ComponentProps } from 'svelte';
import { pickLocale, useLocale } from '../../../shared/i18n/index.ts';
import type { Rational } from '../../../shared/time.ts';
import type { PictureLoader, ThumbLoader, WaveformLoader } from '../sources.ts';
import '../../ui/tokens.css';
import '../../ui/base.css';
import Harness from './Harness.svelte';
import { installMeasure, measureFrames, type FrameTimes } from './measure.ts';
import { scrollAndZoom } from './script.ts';
import { syntheticPictures, synthesizeWave, type Synthetic } from './synthetic.ts';

export interface HarnessHost {
  readonly media: Synthetic | null;
  readonly rate: Rational | null;
  readonly thumbs: ThumbLoader;
  readonly picture: PictureLoader;
  readonly waveform: WaveformLoader;
}

/** What a test puts on `window` before the page loads: pictures as base64 JPEGs. */
interface OutsideHost {
  hostMedia?: () => Promise<{ media: Synthetic & { tagList: [number, never[]][] }; rate: Rational }>;
  hostThumbs?: (request: { start: number; step: number; count: number; height: number; exact: boolean }) => Promise<(string | null)[]>;
  hostPicture?: (picture: string) => Promise<string | null>;
  hostWaveform?: (request: { level: number; from: number; count: number }) => Promise<number[]>;
  harness?: ReturnType<typeof Harness>['control'] & { run(): Promise<FrameTimes> };
}
const outside = window as unknown as OutsideHost;

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const bytes = (base64: string | null): Uint8Array | null => (base64 === null ? null : Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));

async function madeUpHost(): Promise<HarnessHost> {
  const pictures = await syntheticPictures();
  const pick = (n: number): Uint8Array => pictures[Math.abs(Math.round(n)) % pictures.length] as Uint8Array;
  return {
    media: null,
    rate: null,
    // About as long as the engine needs for a batch.
    thumbs: async ({ start, step, count }) => {
      await wait(25);
      return Array.from({ length: count }, (_, i) => pick((start + i * step) / 28_224_000));
    },
    picture: async (name) => {
      await wait(4);
      return pick(Number(name.split('-')[1]));
    },
    waveform: async ({ level, from, count }) => {
      await wait(10);
      return { samples: synthesizeWave(level, from, count), complete: true };
    },
  };
}

async function outsideHost(): Promise<HarnessHost> {
  const given = await outside.hostMedia?.();
  return {
    media: given ? { ...given.media, tags: new Map(given.media.tagList) } : null,
    rate: given?.rate ?? null,
    thumbs: async (request) => ((await outside.hostThumbs?.(request)) ?? []).map(bytes),
    picture: async (name) => bytes((await outside.hostPicture?.(name)) ?? null),
    waveform: async (request) => ({ samples: new Float32Array((await outside.hostWaveform?.(request)) ?? []), complete: true }),
  };
}

async function start(): Promise<void> {
  const query = new URLSearchParams(location.search);
  document.documentElement.dataset.theme = query.get('theme') ?? 'dark';
  const locale = pickLocale(query.get('locale') ?? 'en');
  useLocale(locale);
  document.documentElement.lang = locale;
  installMeasure();
  const host = query.has('host') ? await outsideHost() : await madeUpHost();
  const target = document.getElementById('app');
  if (!target) throw new Error('index.html has no #app');
  const props: ComponentProps<typeof Harness> = { count: Number(query.get('shots') ?? 1000), captions: Number(query.get('captions') ?? 0), host, height: Number(query.get('height') ?? 300) };
  const { control } = mount(Harness, { target, props });
  outside.harness = {
    ...control,
    run: () => {
      const surface = document.querySelector<HTMLElement>('[data-testid="timeline-surface"]');
      return surface ? measureFrames(() => scrollAndZoom(surface)) : Promise.reject(new Error('no timeline'));
    },
  };
}

await start();
