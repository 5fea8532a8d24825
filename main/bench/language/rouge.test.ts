import { expect, test } from 'vitest';
import { porterStem } from './porter.ts';
import { rouge, rougeTokens } from './rouge.ts';

/** Examples of Porter's paper, step by step, and of its published vocabulary. */
test.each([
  'caresses caress', 'ponies poni', 'ties ti', 'cats cat', 'feed feed', 'agreed agre', 'plastered plaster', 'bled bled', 'motoring motor', 'sing sing',
  'conflated conflat', 'troubled troubl', 'sized size', 'hopping hop', 'tanned tan', 'falling fall', 'hissing hiss', 'fizzed fizz', 'failing fail', 'filing file', 'happy happi', 'sky sky',
  'relational relat', 'conditional condit', 'rational ration', 'valenci valenc', 'digitizer digit', 'radically radic', 'differently differ', 'vietnamization vietnam',
  'operator oper', 'feudalism feudal', 'decisiveness decis', 'hopefulness hope', 'formality formal', 'sensitivity sensit', 'sensibility sensibl',
  'triplicate triplic', 'formative form', 'electrical electr', 'goodness good', 'revival reviv', 'allowance allow', 'airliner airlin', 'adjustable adjust', 'replacement replac',
  'adoption adopt', 'activate activ', 'bowdlerize bowdler', 'probate probat', 'rate rate', 'cease ceas', 'controll control', 'roll roll', 'generalizations gener', 'oscillators oscil',
])('stem: %s', (pair) => {
  const [word = '', stem] = pair.split(' ');
  expect(porterStem(word)).toBe(stem);
});

test('common words, pairs and subsequence', () => {
  // Lin 2004, section 3.1: "police killed the gunman" beside two that have the same words in another order.
  const reference = 'police killed the gunman';
  expect(rouge(reference, 'police kill the gunman')).toEqual({ one: 1, two: 1, longest: 1 });
  const other = rouge(reference, 'the gunman shot police');
  expect(other.one).toBeCloseTo(3 / 4);
  expect(other.two).toBeCloseTo(1 / 3);
  expect(other.longest).toBeCloseTo(2 / 4);
});

test('a word counts as often as the reference has it; nothing in common, or nothing at all, is 0', () => {
  expect(rouge('the cat', 'the the the the').one).toBeCloseTo(2 / 6);
  expect(rouge('the cat', 'dogs bark')).toEqual({ one: 0, two: 0, longest: 0 });
  expect(rouge('', 'dogs')).toEqual({ one: 0, two: 0, longest: 0 });
});

test('words of up to three letters stay as they are', () => {
  expect(rougeTokens('Was it the Meetings, plan-B?')).toEqual(['was', 'it', 'the', 'meet', 'plan', 'b']);
});
