/** Captions as streams of the exported file. */
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { ExpectedError } from '../../shared/errors.ts';
import { readCaptions, writeCaptions } from '../../shared/captions/formats/index.ts';
import { bibliographic, iso639Part2, quickTimeLanguage } from '../../shared/captions/languageCodes.ts';
import { DEFAULT_CAPTION_STYLE, type CaptionTrack } from '../../shared/captions/types.ts';
import { toSeconds, type Flicks } from '../../shared/time.ts';
import { collect, fileUrl, inputOptions } from '../media/process.ts';
import { assScript } from './assScript.ts';
import { flattened, type CaptionStream } from './captionStreams.ts';
import { containerFacts, type Container } from './containers.ts';

/** A stream's cues in a file of their own, ready to be mapped in. */
export interface EmbeddedStream {
  path: string;
  /** ffmpeg's demuxer for it. */
  format: 'srt' | 'ass' | 'webvtt';
  codec: 'mov_text' | 'subrip' | 'ass' | 'webvtt';
  /** ISO 639-2 as the container writes it; "und" where it can't. */
  language: string;
  name: string;
  isDefault: boolean;
  cues: number;
}

/** What SubRip can't hold: places, word highlighting, and any look but the default. */
function needsStyle({ cues, style }: CaptionTrack): boolean {
  const plain = Object.entries(DEFAULT_CAPTION_STYLE).every(([key, value]) => style[key as keyof typeof style] === value);
  return !plain || cues.some(({ place }) => place !== null);
}

/**
 * Writes each stream's file into `folder`. MP4 and QuickTime get their timed text, WebM WebVTT, Matroska SubRip, or ASS where the track
 * has a look that SubRip can't hold. Throws ExpectedError('captions_cannot_embed') for a container that holds no text.
 */
export async function writeEmbedded(streams: readonly CaptionStream[], container: Container, picture: { width: number; height: number }, folder: string): Promise<EmbeddedStream[]> {
  const written: EmbeddedStream[] = [];
  for (const [index, { language, isDefault, track }] of streams.entries()) {
    const { codec, format } = formOf(track, container);
    const path = join(folder, `stream-${index + 1}.${format}`);
    const { text, cues } = textOf(track, codec, picture);
    await writeFile(path, text);
    written.push({ path, format, codec, language: languageIn(container, language), name: track.name, isDefault, cues });
  }
  return written;
}

function languageIn(container: Container, language: string): string {
  if (container === 'mov') return quickTimeLanguage(language);
  return container === 'mkv' || container === 'webm' ? bibliographic(language) : language;
}

function formOf(track: CaptionTrack, container: Container): Pick<EmbeddedStream, 'codec' | 'format'> {
  switch (containerFacts(container).textSubtitles) {
    case 'mov_text':
      return { codec: 'mov_text', format: 'srt' };
    case 'webvtt':
      return { codec: 'webvtt', format: 'webvtt' };
    case 'subrip':
      return needsStyle(track) ? { codec: 'ass', format: 'ass' } : { codec: 'subrip', format: 'srt' };
    default:
      throw new ExpectedError('captions_cannot_embed', { container: container.toUpperCase() });
  }
}

/** The text, and how many cues a reader of it must find. */
function textOf(track: CaptionTrack, codec: EmbeddedStream['codec'], picture: { width: number; height: number }): { text: string; cues: number } {
  if (codec === 'ass') {
    const text = assScript(track.cues, track.style, picture);
    return { text, cues: text.match(/^Dialogue:/gm)?.length ?? 0 };
  }
  const format = codec === 'webvtt' ? 'vtt' : 'srt';
  const shown = codec === 'mov_text' ? flattened(track.cues) : track.cues;
  // Times of words serve highlighting; without it they only swell the stream.
  const cues = track.style.highlight === 'none' ? shown.map((cue) => ({ ...cue, words: [] })) : shown;
  const { text } = writeCaptions({ ...track, cues }, format);
  return { text, cues: readCaptions(Buffer.from(text), { format }).cues.length };
}

/** Inputs for the streams, after the source's. `from`: source time at which the output begins. */
export function embeddedInputs(streams: readonly EmbeddedStream[], from: Flicks): string[] {
  return streams.flatMap(({ path, format }) => ['-itsoffset', toSeconds(from).toFixed(9), ...inputOptions(), '-f', format, '-i', fileUrl(path)]);
}

/** Maps of the streams, after all others; their inputs are numbered from `firstInput`. */
export function embeddedMaps(streams: readonly EmbeddedStream[], firstInput: number): string[] {
  return streams.flatMap((_stream, i) => ['-map', `${firstInput + i}:s:0`]);
}

/**
 * Codecs, languages, names and flags. `before`: subtitle streams of the source that are mapped before these; they stay, but only one stream
 * of a file can be the default.
 */
export function embeddedOptions(streams: readonly EmbeddedStream[], before: number): string[] {
  const takesDefault = streams.some(({ isDefault }) => isDefault);
  const cleared = takesDefault ? Array.from({ length: before }, (_, i) => [`-disposition:s:${i}`, '0']).flat() : [];
  const own = streams.flatMap(({ codec, language, name, isDefault }, i) => {
    const s = before + i;
    const title = name === '' ? [] : [`-metadata:s:s:${s}`, `${codec === 'mov_text' ? 'handler_name' : 'title'}=${name}`];
    return [`-c:s:${s}`, codec === 'mov_text' ? codec : 'copy', `-metadata:s:s:${s}`, `language=${language}`, ...title, `-disposition:s:${s}`, isDefault ? 'default' : '0'];
  });
  return [...cleared, ...own];
}

const probedSchema = z.object({
  streams: z.array(
    z.object({
      index: z.number().int(),
      codec_name: z.string().optional(),
      disposition: z.object({ default: z.number() }).optional(),
      tags: z.object({ language: z.string().optional() }).optional(),
    }),
  ),
  packets: z.array(z.object({ stream_index: z.number().int(), size: z.coerce.number() })).default([]),
});

/** QuickTime text fills the time between cues with samples of an empty text, which are this long. */
const EMPTY_SAMPLE = 2;

/** Throws ExpectedError('verify_failed') unless the last subtitle streams of the file at `path` are these, with all their cues. */
export async function verifyEmbedded(path: string, streams: readonly EmbeddedStream[], signal?: AbortSignal): Promise<void> {
  if (streams.length === 0) return;
  const name = basename(path);
  const entries = 'stream=index,codec_name:stream_disposition=default:stream_tags=language:packet=stream_index,size';
  const args = ['-select_streams', 's', '-show_entries', entries, '-of', 'json', ...inputOptions(), '-i', fileUrl(path)];
  const { streams: all, packets } = probedSchema.parse(JSON.parse((await collect('ffprobe', args, { name, signal })).toString('utf8')));
  const found = all.slice(-streams.length);
  for (const [i, expected] of streams.entries()) {
    const stream = found[i];
    const fail = (what: string): never => {
      throw new ExpectedError('verify_failed', { name, what: `captions ${i + 1} ${what}` });
    };
    if (!stream || stream.codec_name !== expected.codec) return fail('codec');
    if (iso639Part2(stream.tags?.language ?? 'und') !== iso639Part2(expected.language)) return fail('language');
    if (expected.isDefault && stream.disposition?.default !== 1) return fail('default');
    const cues = packets.filter((packet) => packet.stream_index === stream.index && packet.size > (expected.codec === 'mov_text' ? EMPTY_SAMPLE : 0)).length;
    if (cues !== expected.cues) return fail(`cues ${cues} ${expected.cues}`);
  }
}
