/** The part of an analysis that decodes: one ffmpeg process, the shot pass and the sample pass side by side. */
import { availableParallelism } from 'node:os';
import { ExpectedError } from '../../shared/errors.ts';
import type { AnalysisEvent, ShotEvent, Stage, WarningEvent } from '../../shared/events.ts';
import type { Media, VideoStream } from '../../shared/media.ts';
import { formatClock, type Flicks } from '../../shared/time.ts';
import type { Inference } from '../inference/types.ts';
import { cocoLabel, imagenetLabel } from '../inference/labels.ts';
import { decodeVideo } from '../media/decode.ts';
import { sampleAt } from '../media/decodeFrames.ts';
import type { DecodeEnd, SampleFrame, VideoDecode } from '../media/types.ts';
import { Examiner } from './examine.ts';
import { SessionPool } from './models.ts';
import { expectedFrames, ProgressMeter } from './progress.ts';
import { SamplePass, type NextShot } from './samplePass.ts';
import { ShotPass } from './shotPass.ts';
import { shotsOf, type Checkpoint, type Position, type StageStates, type StageStore } from './stages.ts';
import { openScorer } from './transnet.ts';

export interface AnalysisRunOptions {
  media: Media;
  video: VideoStream;
  wanted: ReadonlySet<Stage>;
  interval: Flicks;
  states: StageStates;
  store: StageStore;
  inference: Inference;
  signal: AbortSignal;
  emit(event: AnalysisEvent): void;
  warn(code: WarningEvent['code'], params: WarningEvent['params']): void;
}

type SampleStage = 'keyframes' | 'tags';

export class AnalysisRun {
  readonly #options: AnalysisRunOptions;
  readonly #shots: ShotEvent[];
  readonly #sampleStages: SampleStage[];
  readonly #abort = new AbortController();
  readonly #meter: ProgressMeter;
  #shotPass: ShotPass | null = null;
  #samplePass: SamplePass | null = null;
  #decode: VideoDecode | null = null;
  #failure: { error: unknown } | null = null;

  constructor(options: AnalysisRunOptions) {
    this.#options = options;
    this.#shots = shotsOf(options.states.shots);
    const sampleStages: SampleStage[] = ['keyframes', 'tags'];
    this.#sampleStages = sampleStages.filter((stage) => options.wanted.has(stage) && !options.states[stage].complete);
    this.#meter = new ProgressMeter(expectedFrames(options.media), (event) => options.emit(event));
  }

  /** Does all that is missing. Returns the number of frames of the video. */
  async run(): Promise<number> {
    const { signal, media, states } = this.#options;
    const pool = new SessionPool(this.#options.inference, (from, reason) => this.#options.warn('provider_fell_back', { from, reason }));
    const onAbort = (): void => {
      this.#abort.abort();
      void pool.close();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      if (signal.aborted) this.#abort.abort();
      await this.#open(pool);
      const decode = decodeVideo(media, {
        small: !states.shots.complete,
        samples: this.#sampleStages.length > 0,
        sampleInterval: this.#options.interval,
        from: this.#from() ?? undefined,
        damaged: states.shots.checkpoint.damaged,
        signal: this.#abort.signal,
      });
      this.#decode = decode;
      await this.#work(decode);
      return this.#shots.at(-1)?.endFrame ?? 0;
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#abort.abort();
      await pool.close();
    }
  }

  /** Where decoding begins: the earliest frame that a stage still needs; null for the file's beginning. */
  #from(): Position | null {
    const { states } = this.#options;
    const needed: (Position | null)[] = this.#sampleStages.map((stage) => states[stage].checkpoint.from);
    if (!states.shots.complete) needed.push(states.shots.checkpoint.from);
    return needed.reduce((a, b) => (a && b ? (a.index <= b.index ? a : b) : null), needed[0] ?? null);
  }

  async #open(pool: SessionPool): Promise<void> {
    const { states, wanted } = this.#options;
    const [scorer, examiner] = await Promise.all([
      // The other models keep a core busy: windows on that one too would gain nothing and cost memory.
      states.shots.complete ? null : openScorer(pool, this.#sampleStages.length > 0 ? availableParallelism() - 1 : undefined),
      this.#sampleStages.length > 0 ? Examiner.open(pool, this.#sampleStages.includes('tags'), cocoLabel) : null,
    ]);
    if (scorer) {
      this.#shotPass = new ShotPass(scorer, states.shots.checkpoint.open, {
        onShot: (shot, checkpoint) => this.#onShot(shot, checkpoint, wanted.has('shots')),
        onFrame: (index) => this.#meter.update(index + 1),
      }, this.#abort.signal);
    }
    if (examiner) this.#samplePass = this.#makeSamplePass(examiner);
  }

  #makeSamplePass(examiner: Examiner): SamplePass {
    const { video, states, store } = this.#options;
    const shot = Math.min(...this.#sampleStages.map((stage) => states[stage].checkpoint.shots));
    const frame = (this.#shots[shot] ?? states.shots.checkpoint.open)?.startFrame ?? 0;
    return new SamplePass({
      video,
      examiner,
      imagenetName: imagenetLabel,
      first: { shot, frame },
      withTags: this.#sampleStages.includes('tags'),
      sampleAt: (time) => this.#sampleAt(time),
      timeOf: (index) => this.#shotPass?.timeOf(index) ?? null,
      shotAt: (index) => this.#shotAt(index),
      settledBefore: () => this.#shotPass?.settledBefore ?? 0,
      onPicture: (picture, jpeg) => store.putPicture(picture, jpeg),
      onFinished: (done, keyframes, tags, from) => {
        const checkpoint: Checkpoint = { shots: done.index + 1, from, open: null };
        if (this.#isNew('keyframes', done)) this.#finished('keyframes', keyframes, checkpoint);
        if (this.#isNew('tags', done)) this.#finished('tags', tags, checkpoint);
      },
      onSample: (index) => {
        if (!this.#shotPass) this.#meter.update(index + 1);
      },
    });
  }

  /** Null where the file can't be read at that place: the shot then goes without. */
  async #sampleAt(time: Flicks): Promise<Omit<SampleFrame, 'index'> | null> {
    try {
      return await sampleAt(this.#options.media, time, { signal: this.#abort.signal });
    } catch (error) {
      if (error instanceof ExpectedError) return null;
      throw error;
    }
  }

  #isNew(stage: SampleStage, shot: ShotEvent): boolean {
    return this.#sampleStages.includes(stage) && shot.index >= this.#options.states[stage].checkpoint.shots;
  }

  #finished(stage: SampleStage, events: AnalysisEvent[], checkpoint: Checkpoint): void {
    this.#options.store.append(stage, events, checkpoint);
    for (const event of events) this.#options.emit(event);
  }

  #onShot(shot: ShotEvent, checkpoint: Checkpoint, tell: boolean): void {
    this.#shots.push(shot);
    this.#options.store.append('shots', [shot], { ...checkpoint, damaged: this.#decode?.damaged() });
    if (tell) this.#options.emit(shot);
  }

  #shotAt(index: number): { shot: ShotEvent; next: NextShot | null } | null {
    const shot = this.#shots[index];
    if (!shot) return null;
    const open = this.#shotPass ? this.#shotPass.open : null;
    return { shot, next: this.#shots[index + 1] ?? (open && open.index === index + 1 ? open : null) };
  }

  /** Both passes and the decoder at once; the first failure stops the others and is the one told. */
  async #work(decode: VideoDecode): Promise<void> {
    const { store } = this.#options;
    const guard = async (work: Promise<unknown> | undefined): Promise<void> => {
      try {
        await work;
      } catch (error) {
        this.#failure ??= { error };
        this.#abort.abort();
      }
    };
    const shots = this.#shotPass ? this.#findShots(this.#shotPass, decode) : undefined;
    const samples = this.#samplePass?.run(decode.samples);
    await Promise.all([guard(shots), guard(samples), guard(decode.end)]);
    if (this.#failure) throw this.#failure.error;
    await this.#samplePass?.finish(Infinity);
    for (const stage of this.#sampleStages) store.complete(stage);
  }

  /** Complete at once, whatever the samples still need: there is nothing to go on from after the last shot. */
  async #findShots(pass: ShotPass, decode: VideoDecode): Promise<void> {
    const { media, store, emit } = this.#options;
    await pass.run(decode.small, async () => (await decode.end).endTime);
    const warnings = warningsOf(media, await decode.end);
    store.append('shots', warnings, { shots: this.#shots.length, from: null, open: null });
    store.complete('shots');
    warnings.forEach(emit);
  }
}

/** What is wrong with the file, as the decoder met it. */
function warningsOf(media: Media, end: DecodeEnd): WarningEvent[] {
  const { name } = media;
  const clock = (time: Flicks | null): string => formatClock(time ?? media.startTime, 1);
  const warnings = end.damaged.map(({ from, to }): WarningEvent => ({ type: 'warning', code: 'damaged_part', params: { name, from: clock(from), to: clock(to ?? end.endTime) } }));
  if (end.endsEarly) warnings.push({ type: 'warning', code: 'ends_early', params: { name, time: clock(end.lastTime) } });
  return warnings;
}
