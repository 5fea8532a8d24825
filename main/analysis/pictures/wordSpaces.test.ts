import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MODELS } from '../../inference/testRuntime.ts';
import { WordSpaces } from './wordSpaces.ts';

const { vocab } = (JSON.parse(readFileSync(join(MODELS, 'minilm-l6-v2-tokenizer.json'), 'utf8')) as { model: { vocab: Record<string, number> } }).model;
const spaces = new WordSpaces(Object.entries(vocab).sort(([, a], [, b]) => a - b).map(([piece]) => piece));

it.each([
  ['The quick fox jumps overthe lazy dog', 'The quick fox jumps over the lazy dog'],
  ['Thecostofenergywent down', 'The cost of energy went down'],
  ['The quickbrownfox jumps', 'The quick brown fox jumps'],
  ['HOME 2-1AWAY', 'HOME 2-1 AWAY'],
  ['Page17', 'Page 17'],
  ['over thelazy dog', 'over the lazy dog'],
  ['First,second', 'First, second'],
])('mends %s', (read, mended) => expect(spaces.restore(read)).toBe(mended));

it.each(['WebAssembly and OpenOffice', 'Brandon Castellano', 'rushes.example/fromthestart', 'someone@ofthehouse.example', '10km in the 3rd lap, 5G', 'Nottingham and Southampton', 'seasonal overwork', 'ofthe', '中文字幕与English words混合'])(
  'leaves %s alone',
  (text) => expect(spaces.restore(text)).toBe(text),
);
