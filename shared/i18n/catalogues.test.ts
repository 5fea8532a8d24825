/** Both languages say the same things with the same blanks, and every text that the code asks for exists. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS, commandNameKey, type CommandId } from '../commands.ts';
import { EXPECTED_CODES } from '../errors.ts';

const root = resolve(import.meta.dirname, '..', '..');
const folder = join(root, 'shared', 'i18n', 'messages');
const files = readdirSync(join(folder, 'en')).sort();

type Catalogue = Record<string, unknown>;
const read = (locale: string, file: string): Catalogue => JSON.parse(readFileSync(join(folder, locale, file), 'utf8')) as Catalogue;

/** Names in braces, in every variant of a message. */
function placeholders(message: unknown): string[] {
  const texts = typeof message === 'string' ? [message] : matchesOf(message);
  return [...new Set(texts.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')))].sort();
}
function matchesOf(message: unknown): string[] {
  const variants = message as { match: Record<string, string> }[];
  return variants.flatMap((variant) => Object.values(variant.match));
}

/** Every text file of the sources, tests and generated code left out. */
function sources(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === 'generated' || entry.name === 'node_modules' ? [] : sources(path);
    return /\.(ts|svelte)$/.test(entry.name) && !/\.test\.ts$/.test(entry.name) ? [path] : [];
  });
}
const code = ['main', 'renderer', 'shared'].flatMap((name) => sources(join(root, name))).map((path) => readFileSync(path, 'utf8'));
const english: Catalogue = Object.assign({}, ...files.map((file) => read('en', file)));

describe.each(files)('%s', (file) => {
  const en = read('en', file);
  const zh = read('zh-CN', file);
  it('has the same keys in both languages', () => expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort()));
  it('has the same placeholders in both languages', () => {
    const differing = Object.keys(en).filter((key) => key in zh && placeholders(en[key]).join() !== placeholders(zh[key]).join());
    // A language without plural forms may leave the count of one out ("a clip"), but never name another blank.
    expect(differing.filter((key) => !placeholders(zh[key]).every((name) => placeholders(en[key]).includes(name)))).toEqual([]);
  });
  it('leaves no text empty and none untranslated', () => {
    const texts = (message: unknown): string[] => (typeof message === 'string' ? [message] : matchesOf(message));
    expect(Object.keys(zh).filter((key) => texts(zh[key]).some((text) => text.trim() === ''))).toEqual([]);
  });
});

describe('every text that is asked for exists', () => {
  it('m.key()', () => {
    const asked = new Set(code.flatMap((text) => [...text.matchAll(/\b(?:m|messages)\.([a-z]+_\w+)/g)].map((match) => match[1] ?? '')));
    expect(asked.size).toBeGreaterThan(100);
    expect([...asked].filter((key) => !(key in english))).toEqual([]);
  });
  it('messageFor(`prefix_${…}`) has at least one', () => {
    const prefixes = new Set(code.flatMap((text) => [...text.matchAll(/messageFor\(`([a-z_]+_)\$\{/g)].map((match) => match[1] ?? '')));
    expect(prefixes.size).toBeGreaterThan(5);
    expect([...prefixes].filter((prefix) => !Object.keys(english).some((key) => key.startsWith(prefix)))).toEqual([]);
  });
  it('each expected failure has its sentence', () => expect(EXPECTED_CODES.filter((each) => !(`error_${each}` in english))).toEqual([]));
  it('each command has its name', () => {
    expect((Object.keys(COMMANDS) as CommandId[]).filter((id) => !(commandNameKey(id) in english))).toEqual([]);
  });
});
