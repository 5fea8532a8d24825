/** Bytes as text: which encoding a file is in. */
import { ExpectedError } from '../../errors.ts';
import { CODE_PAGES, scorePage } from './codePages.ts';
import { bestEastAsian } from './eastAsian.ts';
import { withoutControls } from './entities.ts';
import type { Warnings } from './warnings.ts';

export interface DecodedText {
  /** Lines end with \n; no byte order mark anywhere, no control characters but tabs. */
  text: string;
  /** Label of the Encoding Standard. */
  encoding: string;
}

/** @param label of the Encoding Standard, or undefined to find it. Throws ExpectedError `captions_encoding_unknown` when there is none of that name. */
export function decodeText(bytes: Uint8Array, label: string | undefined, name: string, warnings: Warnings): DecodedText {
  if (label !== undefined) return finish(decode(bytes, decoderOf(label, name)), label.toLowerCase(), warnings);
  const certain = certainEncoding(bytes);
  const encoding = certain ?? guessEncoding(bytes);
  if (certain === null) warnings.add('encoding_guessed', 1, encoding);
  return finish(decode(bytes, new TextDecoder(encoding)), encoding, warnings);
}

/** What windows-1252 has at 0x80 to 0x9f (Encoding Standard, index-windows-1252). */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Node's decoder of windows-1252 takes these for ISO 8859-1's control characters in several versions. */
function decode(bytes: Uint8Array, decoder: TextDecoder): string {
  const text = decoder.decode(bytes);
  if (decoder.encoding !== 'windows-1252') return text;
  return text.replaceAll(/[\u0080-\u009f]/g, (control) => WINDOWS_1252.charAt(control.charCodeAt(0) - 0x80));
}

function decoderOf(label: string, name: string): TextDecoder {
  try {
    return new TextDecoder(label);
  } catch (error) {
    throw new ExpectedError('captions_encoding_unknown', { name, encoding: label }, { cause: error });
  }
}

/** By its byte order mark, or because nothing else makes valid UTF-8. */
function certainEncoding(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  return utf16Without(bytes) === null && isUtf8(bytes) ? 'utf-8' : null;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function guessEncoding(bytes: Uint8Array): string {
  const utf16 = utf16Without(bytes);
  if (utf16 !== null) return utf16;
  if (isDamagedUtf8(bytes)) return 'utf-8';
  const sample = sampleOf(bytes);
  let best = bestEastAsian(sample);
  for (const page of CODE_PAGES) {
    const score = scorePage(decode(sample, new TextDecoder(page.encoding)), page);
    if (score > best.score) best = { encoding: page.encoding, score };
  }
  // Nothing fits: the web's own choice, which has a character for nearly every byte.
  return best.score > 0 ? best.encoding : 'windows-1252';
}

/** UTF-16 without a mark: digits, spaces and line ends have a zero byte, always on the same side. */
function utf16Without(bytes: Uint8Array): string | null {
  const looked = Math.min(bytes.length, 8192) & ~1;
  const zeros = [0, 0];
  for (let at = 0; at < looked; at++) if (bytes[at] === 0) zeros[at & 1] = (zeros[at & 1] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const enough = Math.max(2, looked * 0.05);
  if (odd > enough && odd > 5 * even) return 'utf-16le';
  return even > enough && even > 5 * odd ? 'utf-16be' : null;
}

/** Mostly valid sequences of several bytes, as no other encoding makes by chance. */
function isDamagedUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(bytes);
  let valid = 0;
  let broken = 0;
  for (const character of text) {
    if (character === '\ufffd') broken += 1;
    else if (character > '\u007f') valid += 1;
  }
  return valid > 10 * broken;
}

/** As much of a file's lines that have bytes beyond ASCII as is needed to tell. */
const SAMPLE_BYTES = 16 * 1024;

function sampleOf(bytes: Uint8Array): Uint8Array {
  const sample = new Uint8Array(SAMPLE_BYTES);
  let length = 0;
  for (let from = 0; from < bytes.length && length < SAMPLE_BYTES; ) {
    // No encoding here has line feeds within a character.
    const found = bytes.indexOf(10, from);
    const to = found < 0 ? bytes.length : found + 1;
    const line = bytes.subarray(from, Math.min(to, from + SAMPLE_BYTES - length));
    if (line.some((byte) => byte >= 0x80)) {
      sample.set(line, length);
      length += line.length;
    }
    from = to;
  }
  return sample.subarray(0, length);
}

function finish(text: string, encoding: string, warnings: Warnings): DecodedText {
  const damaged = text.indexOf('\ufffd');
  if (damaged >= 0) warnings.add('encoding_damaged', text.slice(0, damaged).split('\n').length);
  return { text: withoutControls(text).replaceAll(/\r\n?/g, '\n'), encoding };
}
