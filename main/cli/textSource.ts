/** What a command about a text reads: what is said in a media, a subtitle file, or plain text, as sentences. */
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { basename } from 'node:path';
import { decodeText } from '../../shared/captions/formats/decode.ts';
import { detectFormat, formatOfName } from '../../shared/captions/formats/detect.ts';
import { writtenFrom } from '../../shared/captions/formats/index.ts';
import { warningSentence } from '../../shared/captions/formats/sentences.ts';
import { Warnings } from '../../shared/captions/formats/warnings.ts';
import { ExpectedError } from '../../shared/errors.ts';
import { m } from '../../shared/i18n/index.ts';
import type { Media } from '../../shared/media.ts';
import { sentencesOfCues, sentencesOfLines } from '../../shared/understanding/sentences.ts';
import type { Sentence } from '../../shared/understanding/types.ts';
import { languageOf } from '../analysis/language/language.ts';
import { readCaptionFile } from '../engine/captionImport.ts';
import { listen } from './heard.ts';
import type { CommandContext } from './run.ts';

export interface TextSource {
  sentences: Sentence[];
  /** BCP 47; `und` where nothing tells it. */
  language: string;
  /** For messages and titles. */
  name: string;
  /** What was mended or skipped, as sentences. */
  warnings: string[];
}

/** The most that is read of a pipe. Bytes. */
const LARGEST_INPUT = 64 * 1024 * 1024;
/** From this share of control bytes on, it is no text. Zeros are left out: UTF-16 has them. */
const BINARY = 0.05;
const isControl = (byte: number): boolean => byte > 0 && byte < 32 && !(byte >= 9 && byte <= 13) && byte !== 27;
const isBinary = (bytes: Uint8Array): boolean => bytes.reduce((count, byte) => count + Number(isControl(byte)), 0) > BINARY * bytes.length;

/** True for `-`, and for files that are read as text by their name; others are media. */
export function isText(file: string): boolean {
  return file === '-' || formatOfName(file) !== null || /\.(?:md|markdown|text)$/iu.test(file);
}

/**
 * Sentences of a media's speech (recognised now where the library has none), of subtitles, or of plain text; `language` null: found.
 * Throws ExpectedError as `openMedia`, `transcribe` and `readTextSource`.
 */
export async function readText(file: string, context: CommandContext, language: string | null = null): Promise<TextSource & { media: Media | null }> {
  if (!isText(file)) return readSpeech(file, context, language);
  const source = await readTextSource(file, language);
  for (const sentence of source.warnings) context.output.note(m.cli_warning({ sentence }));
  return { ...source, media: null };
}

/** Subtitles or plain text; `-` is standard input. Throws ExpectedError file_*, captions_empty, captions_unreadable, captions_too_large. */
export async function readTextSource(file: string, language: string | null): Promise<TextSource> {
  const name = basename(file);
  const read = file === '-' ? null : await readCaptionFile(file);
  if (read && read.format !== 'txt') {
    const track = writtenFrom(read, name);
    const warnings = read.warnings.map((warning) => m.captions_format_of({ name, sentence: warningSentence(warning) }));
    return finished({ sentences: sentencesOfCues(track.cues, track.speakers, language ?? track.language), name, warnings }, language ?? track.language);
  }
  const bytes = read ? await readFile(file) : await buffer(process.stdin);
  if (bytes.length > LARGEST_INPUT) throw new ExpectedError('captions_too_large', { name, size: Math.ceil(bytes.length / 2 ** 20), limit: LARGEST_INPUT / 2 ** 20 });
  if (isBinary(bytes)) throw new ExpectedError('captions_unreadable', { name });
  const { text } = decodeText(bytes, undefined, name, new Warnings());
  if (text.trim() === '') throw new ExpectedError('captions_empty', { name });
  if (detectFormat(text, name) === null) throw new ExpectedError('captions_unreadable', { name });
  return finished({ sentences: sentencesOfLines(text.split(/\r\n|\r|\n/u), language ?? 'auto'), name, warnings: [] }, language);
}

function finished(source: Omit<TextSource, 'language'>, language: string | null): TextSource {
  return { ...source, language: languageOf(language ?? 'auto', source.sentences.map(({ text }) => text)).language };
}

async function readSpeech(file: string, context: CommandContext, language: string | null): Promise<TextSource & { media: Media }> {
  const engine = await context.engine();
  const media = await engine.openMedia(file, context.signal);
  if (!media.audio) throw new ExpectedError('no_such_stream', { name: media.name });
  const track = await listen(media, language ?? 'auto', engine, context);
  return { ...finished({ sentences: sentencesOfCues(track.cues, track.speakers, track.language), name: media.name, warnings: [] }, track.language), media };
}
