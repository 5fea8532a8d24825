/** M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980: the stemmer that ROUGE's published figures are made with. */

/** A "y" after a consonant is a vowel. */
const isConsonant = (word: string, at: number): boolean => {
  const letter = word[at] ?? '';
  if ('aeiou'.includes(letter)) return false;
  return letter !== 'y' || at === 0 || !isConsonant(word, at - 1);
};

/** The paper's m: how many runs of vowels are followed by a run of consonants. */
function measure(stem: string): number {
  let shape = '';
  for (let at = 0; at < stem.length; at++) {
    const kind = isConsonant(stem, at) ? 'c' : 'v';
    if (!shape.endsWith(kind)) shape += kind;
  }
  return (shape.match(/vc/g) ?? []).length;
}

const hasVowel = (stem: string): boolean => [...stem].some((_, at) => !isConsonant(stem, at));
const endsDouble = (word: string): boolean => word.length > 1 && word.at(-1) === word.at(-2) && isConsonant(word, word.length - 1);
/** The paper's *o: consonant, vowel, consonant, the last of them not w, x or y. */
const endsShort = (word: string): boolean => {
  const at = word.length - 1;
  return at >= 2 && isConsonant(word, at) && !isConsonant(word, at - 1) && isConsonant(word, at - 2) && !'wxy'.includes(word[at] ?? '');
};

type Rule = readonly [suffix: string, replacement: string];
const rules = (list: string): readonly Rule[] =>
  list
    .split(' ')
    .map((rule): Rule => [rule.split('>')[0] ?? '', rule.split('>')[1] ?? ''])
    .sort((a, b) => b[0].length - a[0].length);
const SECOND = rules('ational>ate tional>tion enci>ence anci>ance izer>ize abli>able alli>al entli>ent eli>e ousli>ous ization>ize ation>ate ator>ate alism>al iveness>ive fulness>ful ousness>ous aliti>al iviti>ive biliti>ble');
const THIRD = rules('icate>ic ative> alize>al iciti>ic ical>ic ful> ness>');
const FOURTH = rules('al> ance> ence> er> ic> able> ible> ant> ement> ment> ent> ion> ou> ism> ate> iti> ous> ive> ize>');

/** The longest suffix that fits decides, whether its condition holds or not. */
function replaceLongest(word: string, list: readonly Rule[], condition: (stem: string, suffix: string) => boolean): string {
  const rule = list.find(([suffix]) => word.endsWith(suffix));
  if (!rule) return word;
  const stem = word.slice(0, word.length - rule[0].length);
  return condition(stem, rule[0]) ? stem + rule[1] : word;
}

function first(word: string): string {
  const plural = /sses$|ies$/.test(word) ? word.slice(0, -2) : word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
  if (plural.endsWith('eed')) return measure(plural.slice(0, -3)) > 0 ? plural.slice(0, -1) : plural;
  const stem = plural.replace(/(?:ed|ing)$/, '');
  if (stem === plural || !hasVowel(stem)) return plural;
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (endsDouble(stem) && !/[lsz]$/.test(stem)) return stem.slice(0, -1);
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem;
}

/** The stem of a lower-case English word; words of one or two letters are their own. */
export function porterStem(word: string): string {
  if (word.length <= 2 || !/^[a-z]+$/.test(word)) return word;
  let stem = first(word);
  if (stem.endsWith('y') && hasVowel(stem.slice(0, -1))) stem = `${stem.slice(0, -1)}i`;
  stem = replaceLongest(stem, SECOND, (rest) => measure(rest) > 0);
  stem = replaceLongest(stem, THIRD, (rest) => measure(rest) > 0);
  stem = replaceLongest(stem, FOURTH, (rest, suffix) => measure(rest) > 1 && (suffix !== 'ion' || /[st]$/.test(rest)));
  if (stem.endsWith('e')) {
    const rest = stem.slice(0, -1);
    if (measure(rest) > 1 || (measure(rest) === 1 && !endsShort(rest))) stem = rest;
  }
  return stem.endsWith('ll') && measure(stem.slice(0, -1)) > 1 ? stem.slice(0, -1) : stem;
}
