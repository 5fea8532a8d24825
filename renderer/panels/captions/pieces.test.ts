import { describe, expect, it } from 'vitest';
import type { Cue, Word } from '../../../shared/captions/types.ts';
import { fromSeconds } from '../../../shared/time.ts';
import { isUnsure, piecesOf } from './pieces.ts';

const word = (text: string, at: number, confidence = 0.9): Word => ({ text, start: fromSeconds(at), end: fromSeconds(at + 0.4), confidence, space: true });
const cue = (text: string, words: Word[] = [], spans: Cue['spans'] = []): Pick<Cue, 'text' | 'words' | 'spans'> => ({ text, words, spans });

describe('piecesOf', () => {
  it('gives back every line whole', () => {
    const text = 'And so, my fellow\nAmericans:\n\nask not';
    const lines = piecesOf(cue(text, [word('so,', 1), word('Americans:', 2)], [{ from: 4, to: 20, italic: true }]));
    expect(lines.map((pieces) => pieces.map((piece) => piece.text).join(''))).toEqual(text.split('\n'));
  });
  it('marks doubtful words alone', () => {
    const pieces = piecesOf(cue('my fellow Americans', [word('my', 0), word('fellow', 1, 0.31), word('Americans', 2)])).flat();
    expect(pieces.filter((piece) => isUnsure(piece.word)).map((piece) => piece.text)).toEqual(['fellow']);
  });
  it('lays spans over one another', () => {
    const pieces = piecesOf(cue('abcdef', [], [{ from: 0, to: 4, italic: true, colour: '#ff0000' }, { from: 2, to: 6, bold: true, colour: '#00ff00' }])).flat();
    expect(pieces.map(({ text, italic, bold, colour }) => [text, italic, bold, colour])).toEqual([
      ['ab', true, false, '#ff0000'],
      ['cd', true, true, '#00ff00'],
      ['ef', false, true, '#00ff00'],
    ]);
  });
  it('takes spans that reach beyond the text', () => {
    expect(piecesOf(cue('ab', [], [{ from: 1, to: 9, bold: true }])).flat().map(({ text, bold }) => [text, bold])).toEqual([['a', false], ['b', true]]);
  });
  it('cuts out what was found, inside a word too', () => {
    const pieces = piecesOf(cue('ask not', [word('ask', 0), word('not', 1)]), [{ from: 1, to: 5, current: true }]).flat();
    expect(pieces.filter((piece) => piece.mark).map(({ text, word: said }) => [text, said?.text])).toEqual([['sk', 'ask'], [' ', undefined], ['n', 'not']]);
  });
});
