/** Bytes as text: which encoding a file is in. */
import { ExpectedError } from '../../errors.ts';
import type { Warnings } from './warnings.ts';

export interface DecodedText {
  /** Lines end with \n; no byte order mark anywhere, no NUL. */
  text: string;
  /** Label as in the Encoding Standard. */
  encoding: string;
}

export function decodeText(bytes: Uint8Array, label: string | undefined, name: string, warnings: Warnings): DecodedText {
  if (label !== undefined) return finish(decodeAs(bytes, label, name), label.toLowerCase(), warnings);
  const encoding = findEncoding(bytes, warnings);
  return finish(new TextDecoder(encoding).decode(bytes), encoding, warnings);
}

function decodeAs(bytes: Uint8Array, label: string, name: string): string {
  try {
    return new TextDecoder(label).decode(bytes);
  } catch (error) {
    throw new ExpectedError('captions_encoding_unknown', { name, encoding: label }, { cause: error });
  }
}

function findEncoding(bytes: Uint8Array, warnings: Warnings): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    warnings.add('encoding_guessed', 1, 'windows-1252');
    return 'windows-1252';
  }
}

function finish(text: string, encoding: string, warnings: Warnings): DecodedText {
  if (text.includes('\ufffd')) warnings.add('encoding_damaged', text.slice(0, text.indexOf('\ufffd')).split('\n').length);
  return { text: text.replaceAll(/\ufeff|\0/g, '').replaceAll(/\r\n?/g, '\n'), encoding };
}
