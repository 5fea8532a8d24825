/**
 * One ffmpeg process that decodes a video once for all consumers.
 *
 * Pipes: the small frames and, for sampled frames, four forms. The times of all frames come from a `framecrc` twin of the
 * small output on the log's own pipe: so frames and complaints stay in the order in which ffmpeg met them. JPEGs have
 * such a twin on a pipe of its own, which also tells their sizes. Neither is ever paused; both are a few bytes a frame.
 */
import { availableParallelism } from 'node:os';
import type { Readable } from 'node:stream';
import type { Media, VideoStream } from '../../shared/media.ts';
import { subtract, toSeconds, type Flicks } from '../../shared/time.ts';
import {
  CLASSIFY_SIDE, classifyFilter, DETECT_SIDE, detectFilter, FACE_SIDE, faceFilter, fitWithin, jpegFilters, PICTURE_SIDE, smallBytes, smallFilter, squareBytes, upTo,
} from './forms.ts';
import { FrameAssembler, LineSplitter, PacketAssembler, TimeLineReader, type TimeLine } from './pipeReaders.ts';
import { fileUrl, inputOptions, pipeName, startTool } from './process.ts';
import type { SampleFrame } from './types.ts';

export type SampleForms = Omit<SampleFrame, 'index'>;
type Bytes = Uint8Array<ArrayBuffer>;

export interface DecodeRunOptions {
  small: boolean;
  /** A filter that picks the frames to sample: `everyStep` or `exactly`. Null for no samples. */
  sampling: string | null;
  /** Frames before this time are not decoded, or not given out. Null: from the first. */
  seek: Flicks | null;
  /** The run ends by itself after the frame of this time; left out: at the end of the file. */
  last?: Flicks;
  toneMap: boolean;
  signal?: AbortSignal;
}

export interface DecodeHandlers {
  onTime(line: TimeLine): void;
  onSmall(data: Bytes): void;
  onSample(forms: SampleForms): void;
  onLog(line: string): void;
}

export interface DecodeRun {
  readonly done: Promise<void>;
  pause(what: 'small' | 'samples'): void;
  resume(what: 'small' | 'samples'): void;
  stop(): void;
}

export async function startDecodeRun(media: Media, video: VideoStream, options: DecodeRunOptions, handlers: DecodeHandlers): Promise<DecodeRun> {
  const times = new TimeLineReader();
  const run = await startTool('ffmpeg', decodeArguments(media, video, options), {
    pipes: (options.small ? 1 : 0) + (options.sampling === null ? 0 : 5),
    signal: options.signal,
    name: media.name,
    // H.264 tells a concealed frame at level info only (its warning gets lost between decoder threads).
    logLevel: 'level+info',
    onLogLine: (line) => {
      const read = times.read(line);
      if (read !== null && read !== 'header') handlers.onTime(read);
      else if (read === null) handlers.onLog(line);
      // Kept for `classifyFailure`: errors and warnings.
      return read !== null || !/\[(warning|error|fatal|panic)\]/.test(line);
    },
  });
  const small = options.small ? run.pipes.slice(0, 1) : [];
  const sampled = run.pipes.slice(small.length);
  const assembler = new FrameAssembler(smallBytes, (data) => handlers.onSmall(data));
  for (const pipe of small) pipe.on('data', (chunk: Buffer) => assembler.push(chunk));
  if (sampled.length > 0) readSamples(sampled, (forms) => handlers.onSample(forms));
  // The last of the sampled pipes carries times.
  const pausable = { small, samples: sampled.slice(0, -1) };
  return {
    done: run.done,
    pause: (what) => pausable[what].forEach((pipe) => pipe.pause()),
    resume: (what) => pausable[what].forEach((pipe) => pipe.resume()),
    stop: () => run.stop(),
  };
}

/** Puts the forms of each sample together, whichever pipe brings its part first. */
function readSamples(pipes: readonly Readable[], onSample: (forms: SampleForms) => void): void {
  const classify: Bytes[] = [];
  const detect: Bytes[] = [];
  const face: Bytes[] = [];
  const jpegs: Bytes[] = [];
  const times: Flicks[] = [];
  const join = (): void => {
    while (classify.length && detect.length && face.length && jpegs.length) {
      const [c, d, f, jpeg, time] = [classify.shift(), detect.shift(), face.shift(), jpegs.shift(), times.shift()];
      if (c && d && f && jpeg && time !== undefined) onSample({ time, classify: c, detect: d, face: f, jpeg });
    }
  };
  const into = (list: Bytes[]) => (part: Bytes) => {
    list.push(part);
    join();
  };
  const packets = new PacketAssembler(into(jpegs));
  const reader = new TimeLineReader();
  const lines = new LineSplitter((line) => {
    const read = reader.read(line);
    if (read === null || read === 'header') return;
    times.push(read.time ?? times.at(-1) ?? (0 as Flicks));
    packets.expect(read.bytes);
  });
  const sinks = [
    new FrameAssembler(squareBytes(CLASSIFY_SIDE), into(classify)),
    new FrameAssembler(squareBytes(DETECT_SIDE), into(detect)),
    new FrameAssembler(squareBytes(FACE_SIDE), into(face)),
    packets,
    lines,
  ];
  sinks.forEach((sink, index) => pipes[index]?.on('data', (chunk: Buffer) => sink.push(chunk)));
}

function decodeArguments(media: Media, video: VideoStream, options: DecodeRunOptions): string[] {
  const { num, den } = video.timeBase;
  const passthrough = ['-fps_mode', 'passthrough', '-enc_time_base', `${num}:${den}`];
  // Input seeking counts from the container's start time.
  const seek = options.seek === null ? [] : ['-ss', toSeconds(subtract(options.seek, media.startTime)).toFixed(9)];
  const threads = String(Math.min(4, availableParallelism()));
  const all = options.small
    ? ['-f', 'tee', `[f=rawvideo]${pipeName(0)}|[f=framecrc:flush_packets=1]pipe:2`]
    : ['-flush_packets', '1', '-f', 'framecrc', 'pipe:2'];
  return [
    '-threads', threads, '-max_error_rate', '1', '-nostats', '-copyts', ...seek, ...inputOptions(), '-i', fileUrl(media.path),
    '-filter_complex', decodeGraph(video, options),
    '-map', '[all]', '-c:v', 'rawvideo', ...passthrough, ...all,
    ...(options.sampling === null ? [] : sampleOutputs(options.small ? 1 : 0, passthrough)),
  ];
}

function decodeGraph(video: VideoStream, options: DecodeRunOptions): string {
  const source = `[0:${video.index}]${options.last === undefined ? '' : `${upTo(video, options.last)},`}`;
  const all = options.small ? smallFilter : 'scale=16:16:flags=neighbor,format=gray';
  if (options.sampling === null) return `${source}${all}[all]`;
  const jpeg = jpegFilters(video, fitWithin(video, PICTURE_SIDE, true), options.toneMap);
  return [
    `${source}split=2[every][some]`,
    `[every]${all}[all]`,
    `[some]${options.sampling},split=4[c][d][f][j]`,
    `[c]${classifyFilter(video)}[classify]`,
    `[d]${detectFilter}[detect]`,
    `[f]${faceFilter(video)}[face]`,
    `[j]${jpeg}[jpeg]`,
  ].join(';');
}

/** Every packet is flushed: ffmpeg would keep the last part of a sample back until the next one comes. */
function sampleOutputs(firstPipe: number, passthrough: string[]): string[] {
  const raw = ['classify', 'detect', 'face'].flatMap((form, index) => [
    '-map', `[${form}]`, '-c:v', 'rawvideo', ...passthrough, '-flush_packets', '1', '-f', 'rawvideo', pipeName(firstPipe + index),
  ]);
  // One encoder thread: frame threads would hold pictures back.
  const jpeg = ['-map', '[jpeg]', '-c:v', 'mjpeg', '-q:v', '4', '-threads', '1', ...passthrough];
  const tee = `[f=image2pipe:flush_packets=1]${pipeName(firstPipe + 3)}|[f=framecrc:flush_packets=1]${pipeName(firstPipe + 4)}`;
  return [...raw, ...jpeg, '-f', 'tee', tee];
}
