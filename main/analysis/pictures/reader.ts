/** The engine's end of the picture worker. */
import type { Inference, Program } from '../../inference/types.ts';
import { OCR, type RgbPicture, type TextBlock } from './types.ts';

export interface TextReaderOptions {
  /** Default: one, since reading goes on in the background. */
  threads?: number;
  onFallback?: (from: string, reason: string) => void;
  signal?: AbortSignal;
}

export type TextReader = Program<RgbPicture, TextBlock[]>;

/** Opens detector and reader on a worker of their own. Errors as `Inference.open`. */
export function openTextReader(inference: Inference, options: TextReaderOptions = {}): Promise<TextReader> {
  return inference.openProgram<RgbPicture, TextBlock[]>({ program: OCR.program, models: [OCR.detect, OCR.read], threads: options.threads ?? 1, onFallback: options.onFallback, signal: options.signal });
}

/** Part of what the text of a picture is kept under. */
export async function textReaderHash(inference: Inference): Promise<string> {
  const hashes = await Promise.all([OCR.detect, OCR.read].map((model) => inference.hash(model)));
  return hashes.join('+');
}
