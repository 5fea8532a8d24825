/** Subtitle files: any format and encoding in, one model; and out again. */
import { DEFAULT_CAPTION_STYLE, type CaptionTrack } from '../types.ts';
import type { MediaId } from '../../media.ts';
import { ExpectedError } from '../../errors.ts';
import { flicks } from '../../time.ts';
import { rulesFor } from '../rules.ts';
import { readAss } from './assRead.ts';
import { writeAss } from './assWrite.ts';
import { decodeText } from './decode.ts';
import { detectFormat } from './detect.ts';
import { readJson, writeJson } from './json.ts';
import { languageOfName, languageOfText } from './language.ts';
import { finishCues } from './mend.ts';
import { readPlain, writePlain } from './plain.ts';
import { prepareTrack } from './prepare.ts';
import type { RawCaptions } from './raw.ts';
import { readSrt, writeSrt } from './srt.ts';
import { readTtml } from './ttmlRead.ts';
import { writeTtml } from './ttmlWrite.ts';
import type { CaptionFormat, ReadCaptions, WriteOptions, WrittenCaptions, WrittenTrack } from './types.ts';
import { readVtt, writeVtt } from './vtt.ts';
import { Warnings } from './warnings.ts';

export interface ReadOptions {
  /** File name: its ending is a hint, its stem the name in errors. */
  name?: string;
  /** Taken as this format whatever it looks like. */
  format?: CaptionFormat;
  /** Label of the Encoding Standard (`gb18030`, `windows-1252`…) instead of finding it. */
  encoding?: string;
}

/**
 * Reads a subtitle file. Damage is mended or skipped with a warning; cues come in order of time, each ending after it begins.
 * Throws ExpectedError: `captions_empty` for a file without any text, `captions_unreadable` when nothing at all can be read.
 */
export function readCaptions(bytes: Uint8Array, options: ReadOptions = {}): ReadCaptions {
  const name = options.name ?? '';
  const warnings = new Warnings();
  const { text, encoding } = decodeText(bytes, options.encoding, name, warnings);
  if (text.trim() === '') throw new ExpectedError('captions_empty', { name });
  const format = options.format ?? detectFormat(text, name);
  if (format === null) throw new ExpectedError('captions_unreadable', { name });
  const raw = readAs(format, text, warnings);
  if (raw.cues.length === 0) throw new ExpectedError('captions_unreadable', { name });
  const { cues, speakers } = finishCues(raw, warnings);
  return { format, encoding, cues, speakers, language: raw.language, extras: raw.extras, style: raw.style ?? null, warnings: warnings.list() };
}

function readAs(format: CaptionFormat, text: string, warnings: Warnings): RawCaptions {
  switch (format) {
    case 'srt':
      return readSrt(text.split('\n'), warnings);
    case 'vtt':
      return readVtt(text.split('\n'), warnings);
    case 'json':
      return readJson(text, warnings);
    case 'ass':
      return readAss(text.split('\n'), warnings);
    case 'ttml':
      return readTtml(text, warnings);
    case 'txt':
      return readPlain(text.split('\n'));
  }
}

/** A track as the text of a file (UTF-8, lines end with \n), and what the format can't hold of it. */
export function writeCaptions(track: WrittenTrack, format: CaptionFormat, options: WriteOptions = {}): WrittenCaptions {
  const warnings = new Warnings();
  const prepared = prepareTrack(track, format, options, warnings);
  return { text: writeAs(prepared, format, options, warnings), warnings: warnings.list() };
}

function writeAs(track: WrittenTrack, format: CaptionFormat, options: WriteOptions, warnings: Warnings): string {
  switch (format) {
    case 'srt':
      return writeSrt(track.cues, warnings);
    case 'vtt':
      return writeVtt(track, warnings);
    case 'json':
      return writeJson(track);
    case 'ass':
      return writeAss(track, options, warnings);
    case 'ttml':
      return writeTtml(track, warnings);
    case 'txt':
      return writePlain(track.cues, track.speakers, options);
  }
}

/**
 * What was read, as what is written. Its language is what the file says, else what its name (`film.en.srt`) or its letters tell, else `und`.
 */
export function writtenFrom(read: ReadCaptions, fileName: string): WrittenTrack {
  const language = read.language ?? languageOfName(fileName) ?? languageOfText(read.cues) ?? 'und';
  return { cues: read.cues, speakers: read.speakers, language, name: '', style: read.style ?? { ...DEFAULT_CAPTION_STYLE }, extras: read.extras };
}

/** A track of a media made of what was read; `fileName` helps to tell its language. */
export function trackFrom(read: ReadCaptions, { media, name, id, fileName }: { media: MediaId; name: string; id: string; fileName?: string }): CaptionTrack {
  const { cues, speakers, language, style, extras } = writtenFrom(read, fileName ?? '');
  return {
    id,
    media,
    language,
    name: name.slice(0, 200),
    kind: 'import',
    cues: [...cues],
    speakers: [...speakers],
    rules: { ...rulesFor(language) },
    style,
    isDefault: false,
    streamedUntil: flicks(0),
    extras,
  };
}
