/** The picture worker: text detector and reader on one thread, a picture in, blocks of text out. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { serveProgram } from '../../inference/program-host.ts';
import { PictureTextReader } from './textReader.ts';
import { OCR, type RgbPicture } from './types.ts';
import { WordSpaces } from './wordSpaces.ts';

const readJson = (path: string | undefined): unknown => JSON.parse(readFileSync(path ?? '', 'utf8'));
const vocabularySchema = z.object({ model: z.object({ vocab: z.record(z.string(), z.number()) }) });

/** Word pieces in the order of their numbers. */
function vocabularyOf(json: unknown): string[] {
  const { vocab } = vocabularySchema.parse(json).model;
  return Object.entries(vocab).sort(([, a], [, b]) => a - b).map(([piece]) => piece);
}

serveProgram(async ({ runtime, models, session }) => {
  const files = models[OCR.read]?.companions ?? {};
  const characters = z.array(z.string()).parse(readJson(files[OCR.characters]));
  const spaces = new WordSpaces(vocabularyOf(readJson(files[OCR.vocabulary])));
  const reader = new PictureTextReader({ runtime, detect: await session(OCR.detect), read: await session(OCR.read), characters, spaces });
  return {
    answer: (question, dropped) => reader.read(question as RgbPicture, dropped),
    close: async () => {
      await reader.close();
    },
  };
});
