/** Choi's joined documents through `rushes chapters`, a sentence a line as a person would give them: what the evaluation measures is what the command prints. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { CommandLine } from '../../cli/testing/command.ts';
import { borderErrors } from './borders.ts';

const DATA = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'eval', 'choi-resampled.json.gz');
/** Every tenth document: two of each of its four sets of lengths. */
const EVERY = 10;
/** Their mean is .048; words alone reach .096 over all documents, C99 .124 (docs/language.md). */
const MOST_ERRORS = 0.075;

const documentsSchema = z.array(z.object({ sentences: z.array(z.string()), boundaries: z.array(z.number()) }));
const printedSchema = z.strictObject({ chapters: z.array(z.strictObject({ title: z.string().min(1), firstSentence: z.number() })) });

let folder: string;
let commandLine: CommandLine;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rushes-choi-'));
  commandLine = await CommandLine.build();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(!existsSync(DATA))('joined documents are parted where they were joined (skipped without ../shared/eval)', async () => {
  const documents = documentsSchema.parse(JSON.parse(gunzipSync(readFileSync(DATA)).toString('utf8'))).filter((_, i) => i % EVERY === 0);
  const errors: number[] = [];
  for (const [i, { sentences, boundaries }] of documents.entries()) {
    const file = join(folder, `${i}.txt`);
    writeFileSync(file, sentences.join('\n'));
    const { code, stdout, stderr } = await commandLine.run(['chapters', file, '--format', 'json'], { data: join(folder, 'data') });
    expect([code, stderr]).toEqual([0, '']);
    const found = printedSchema.parse(JSON.parse(stdout)).chapters.map(({ firstSentence }) => firstSentence);
    expect(found[0]).toBe(0);
    errors.push(borderErrors(boundaries, found.slice(1), sentences.length).pk);
  }
  expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(MOST_ERRORS);
}, 120_000);
