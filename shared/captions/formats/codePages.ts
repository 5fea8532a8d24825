/** How well text reads as one of the languages of a single-byte code page. */

interface CodePage {
  encoding: string;
  /** Letters beside ASCII of the languages it is for. In `ordered` pages the most frequent ten come first. */
  letters: string;
  /** Letters that other pages' languages have in the same place far more often: they prove less. */
  rare: string;
  /** A script of its own, whose frequencies tell it from other pages of the same script. */
  ordered: boolean;
}

const RUSSIAN = 'оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё';
const LATIN_2 = 'ąćęłńóśźżáčďéěíňřšťúůýžäôľőűöüâîşß';
const RARE_LATIN_2 = 'ăđŕĺţ';

/** The first wins where two fit alike: text in several languages of western Europe is the same bytes in many pages. */
export const CODE_PAGES: readonly CodePage[] = [
  { encoding: 'windows-1252', letters: 'éèàùâêîôçœëïüäößñáíóúãåæø', rare: 'ûõìòýþðšž', ordered: false },
  { encoding: 'windows-1250', letters: LATIN_2, rare: RARE_LATIN_2, ordered: false },
  { encoding: 'iso-8859-2', letters: LATIN_2, rare: RARE_LATIN_2, ordered: false },
  { encoding: 'windows-1251', letters: `${RUSSIAN}іїєґўђјљњћџ`, rare: '', ordered: true },
  { encoding: 'koi8-r', letters: RUSSIAN, rare: '', ordered: true },
  { encoding: 'ibm866', letters: RUSSIAN, rare: '', ordered: true },
  { encoding: 'windows-1253', letters: 'αοιετσνηυρπκμλςωγχθδφβζξψάόέίύήώϊϋΐΰ', rare: '', ordered: true },
  { encoding: 'windows-1254', letters: 'ışğüöçâîİ', rare: 'û', ordered: false },
  { encoding: 'windows-1255', letters: 'יוהלאמרשתבנחעדקכפטגסםזןצךףץ', rare: '', ordered: true },
  { encoding: 'windows-1256', letters: 'الينمرتوبعدسفهكقحجصطشخذضزغثظءأإآؤئىةپچژگ', rare: '', ordered: true },
  { encoding: 'windows-1257', letters: 'āčēģīķļņšūžąęėįųäöü', rare: 'õ', ordered: false },
];

/** Punctuation that subtitles use beside ASCII. */
const PUNCTUATION = new Set([...'…–—“”„‘’«»©®°№ªº¿¡·§½¼¾€£♪\u00a0،؟؛']);
/** What may follow a letter of those. */
const CLOSING = new Set([...'…–—”’»“°\u00a0،؟؛']);

/**
 * About 1 for text of the page's languages, less the worse it reads, mean over the characters beside ASCII. Known letters count for it; what running text never has
 * (controls, signs, capitals within a word, scripts mixed in a word) against it. The weights were chosen by hand: only their order matters.
 */
export function scorePage(text: string, page: CodePage): number {
  const weights = weightsOf(page);
  let score = 0;
  let count = 0;
  let before = ' ';
  for (const character of text) {
    if (character > '\u007f') {
      count += 1;
      score += scoreCharacter(character, before, weights);
    } else if (before > '\u007f' && isLower(before) && /[A-Z]/.test(character)) score -= 1;
    before = character;
  }
  return count === 0 ? 0 : score / count;
}

function weightsOf({ letters, rare, ordered }: CodePage): Map<string, number> {
  const weights = new Map<string, number>();
  const put = (letter: string, weight: number): void => {
    if (!weights.has(letter)) weights.set(letter, weight);
    // All capitals is rarer than running text.
    if (!weights.has(letter.toUpperCase())) weights.set(letter.toUpperCase(), weight - 0.2);
  };
  for (const [index, letter] of [...letters].entries()) put(letter, ordered && index < 10 ? 1.2 : ordered ? 0.9 : 1);
  for (const letter of rare) put(letter, 0.6);
  return weights;
}

function scoreCharacter(character: string, before: string, weights: ReadonlyMap<string, number>): number {
  const within = /\p{L}/u.test(before);
  if (PUNCTUATION.has(character)) return within && !CLOSING.has(character) ? -1 : 0.3;
  if (!/\p{L}|\p{M}/u.test(character)) return -2;
  if (within && isLower(before) && isUpper(character)) return -2;
  const weight = weights.get(character) ?? -0.5;
  return within && scriptOf(before) !== scriptOf(character) ? weight - 1.5 : weight;
}

const isUpper = (character: string): boolean => character !== character.toLowerCase();
const isLower = (character: string): boolean => character !== character.toUpperCase();

function scriptOf(character: string): string {
  if (/\p{Script=Latin}/u.test(character)) return 'latin';
  if (/\p{Script=Cyrillic}/u.test(character)) return 'cyrillic';
  return /\p{Script=Greek}/u.test(character) ? 'greek' : 'other';
}
