/** The part of a sentence that answers a question of a kind: a time, a number, a person, a place, a reason. */
import { wordsOf } from '../../../shared/understanding/summary/words.ts';
import { wordListsOf } from '../../../shared/understanding/summary/wordLists.ts';

export type QuestionKind = 'when' | 'number' | 'who' | 'where' | 'why';

const QUESTIONS: readonly [QuestionKind, RegExp][] = [
  ['number', /\bhow (?:many|much|old|long|far|big|large|high|tall|often|fast)\b|\bwhat (?:number|percentage|price|cost)\b|多少|几(?!点)|多(?:大|长|久|高|远|快)|いくら|いくつ|何(?:人|個|回|年|円)/iu],
  ['when', /\bwhen\b|\bwhat (?:time|day|date|year|month)\b|什么时候|何时|哪一?(?:年|天|月)|几点|いつ|何時/iu],
  ['who', /\bwho(?:m|se)?\b|谁|哪位|什么人|誰|だれ/iu],
  ['where', /\bwhere\b|哪里|哪儿|什么地方|在哪|どこ/iu],
  ['why', /\bwhy\b|\bhow come\b|\bwhat (?:reason|caused?)\b|为什么|为何|怎么会|なぜ|どうして/iu],
];

const MONTH = 'January|February|March|April|May|June|July|August|September|October|November|December';
const DAY = 'Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday';
const NUMBER_WORD = 'zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|half|dozen';

/** One point or length of time after another: 星期五下午三点, 三个月后. 一点 alone means "a little". */
const CHINESE_TIME = /(?:[一二三四五六七八九十〇零\d]+年|[一二三四五六七八九十\d]+月|[一二三四五六七八九十\d]+[日号]|(?:下|上|这|本)?个?(?:周|星期|礼拜)[一二三四五六日天末]|[今明后昨前]天|[去今明]年|[上下]个?[周月]|上午|下午|早上|晚上|凌晨|中午|(?!一点(?![半一二三四五六七八九十\d]))[一二三四五六七八九十两\d]+点(?:半|[一二三四五六七八九十\d]+分)?|[一二三四五六七八九十两几百半\d]+个?(?:秒|分钟|小时|天|周|星期|月|年))+(?:以?[前后]|之[前后])?/u;

const CHINESE_NUMBER = '[一二三四五六七八九十百千万亿两零〇]';
const CHINESE_MEASURE = '个|位|名|人|元|块|美元|欧元|分钟|小时|秒|天|周|月|年|岁|次|公里|米|公斤|%|倍|家|项|种|台|节|颗';

/** What looks like an answer of the kind; the first match is taken. */
const PARTS: Readonly<Record<Exclude<QuestionKind, 'who'>, readonly RegExp[]>> = {
  when: [
    new RegExp(`\\b(?:(?:in|on|at|by|until|since|before|after|next|last|this|every)\\s+)*(?:(?:${DAY}),?\\s*)?(?:\\d{1,2}(?:st|nd|rd|th)?\\s+(?:of\\s+)?)?(?:${MONTH})(?:\\s+\\d{1,2}(?:st|nd|rd|th)?)?(?:,?\\s+\\d{4})?\\b`, 'u'),
    new RegExp(`\\b(?:(?:in|on|at|by|until|since|before|after|next|last|this|every)\\s+)*(?:${DAY})(?:\\s+(?:morning|afternoon|evening|night))?\\b`, 'u'),
    /\b(?:at|by|until|before|after|around)?\s*\d{1,2}(?::\d{2})?\s*(?:o'clock|[ap]\.?m\.?)(?=\W|$)/iu,
    /\b(?:(?:in|since|by|until|before|after|from|of)\s+)?(?:(?:about|around|circa)\s+)?(?:1\d|20)\d{2}s?\b/u,
    new RegExp(`\\b(?:(?:in|for|after|within|about|last|next|this|every|\\d+|${NUMBER_WORD})\\s+)+(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|morning|afternoon|evening)\\b(?:\\s+(?:ago|later|from now))?`, 'iu'),
    /\b(?:today|tomorrow|yesterday|tonight|now|noon|midnight)\b/iu,
    CHINESE_TIME,
  ],
  number: [
    new RegExp(`(?:[$€£¥]\\s?)?\\b(?:about|around|over|under|at least|at most|nearly|almost|up to)?\\s*(?:\\d[\\d,.]*|(?:${NUMBER_WORD})(?:[ -](?:and |${NUMBER_WORD}))*)(?:\\s*(?:%|percent|per cent|euros?|dollars?|pounds?|cents?|people|persons?|seconds?|minutes?|hours?|days?|weeks?|months?|years?|kilo\\w+|met(?:er|re)s?|miles?|feet|times|million|billion|thousand|degrees?))*`, 'iu'),
    // A character of a number that stands alone is often part of another word (一共, 千万), so it needs its measure word.
    new RegExp(`(?:大概|大约|约|超过|不到|至少|最多)?(?:百分之)?(?:\\d[\\d.,]*[十百千万亿]*|${CHINESE_NUMBER}(?:${CHINESE_NUMBER}|点)+|${CHINESE_NUMBER}(?=多?(?:${CHINESE_MEASURE})))多?(?:${CHINESE_MEASURE})*`, 'u'),
  ],
  where: [
    /\b(?:in|at|on|near|from|to|into|inside|outside|behind|under|above|across|between|through)\s+(?:the\s+|a\s+|an\s+|our\s+|my\s+|his\s+|her\s+|their\s+)?(?:\p{Lu}[\p{L}'’-]*)(?:\s+(?:of\s+|the\s+|and\s+)?\p{Lu}[\p{L}'’-]*)*/u,
    /\b(?:in|at|on|near|inside|outside|behind|under|above|across|between|through)\s+(?:the|a|an|our|my|his|her|their)\s+[\p{L}'’-]+(?:\s+(?:of\s+(?:the\s+)?)?[\p{L}'’-]+){0,3}/u,
    /(?:在|到|从|去)[^，。！？、；\s]{2,12}?(?:里|上|下|中|边|旁|附近|内|外|店|室|厅|楼|馆|院|场|站|市|省|国|区|县|村|镇|路|街)(?:子?[里上下中内外边旁])?/u,
  ],
  why: [/\b(?:because|since|due to|owing to|thanks to|so that|in order to|as a result of)\b[^.;!?]*/iu, /(?:因为|由于|为了|以便|原因是)[^。；！？]*/u, /[^。]*(?:から|ため)/u],
};

/** The kind of a question; null where any sentence may answer it. */
export function kindOfQuestion(question: string): QuestionKind | null {
  return QUESTIONS.find(([, pattern]) => pattern.test(question))?.[0] ?? null;
}

/** UTF-16 offsets in `text`. Of the kind asked for where there is such a part; else the clause with most of the question's words, of several; else the whole sentence. */
export function answerSpan(text: string, question: string, language: string, kind: QuestionKind | null): [number, number] {
  const typed = kind === null ? null : partOfKind(text, question, kind);
  return typed ?? bestClause(text, question, language) ?? [0, text.length];
}

function partOfKind(text: string, question: string, kind: QuestionKind): [number, number] | null {
  const patterns = kind === 'who' ? [] : PARTS[kind];
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    if (!match || match[0].trim() === '') continue;
    const from = match.index + (match[0].length - match[0].trimStart().length);
    return [from, match.index + match[0].trimEnd().length];
  }
  return kind === 'who' ? nameIn(text, question) : null;
}

/** A run of capitalised words that isn't the sentence's first word alone, nor in the question. Chinese names aren't told from other words: their clause is the answer. */
function nameIn(text: string, question: string): [number, number] | null {
  const asked = question.toLowerCase();
  for (const match of text.matchAll(/(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Professor|President|Senator|Doctor)\.?\s+)?\p{Lu}[\p{L}'’-]+(?:\s+\p{Lu}[\p{L}'’-]+)*/gu)) {
    const name = match[0];
    const opensSentence = match.index === 0 && !name.includes(' ');
    if (opensSentence || name === 'I' || asked.includes(name.toLowerCase())) continue;
    return [match.index, match.index + name.length];
  }
  return null;
}

/** The clause (between commas and the like) with most of the question's content words; null where there is one clause only, or none stands out. */
function bestClause(text: string, question: string, language: string): [number, number] | null {
  const stop = wordListsOf(language)?.stop;
  const asked = new Set(wordsOf(question.toLowerCase(), language).filter((word) => !stop?.has(word)));
  const clauses = [...text.matchAll(/[^,;:，；：、]+/gu)].map((match) => ({ from: match.index, to: match.index + match[0].length, text: match[0] }));
  if (clauses.length < 2) return null;
  const scored = clauses.map((clause) => ({ ...clause, hits: wordsOf(clause.text.toLowerCase(), language).filter((word) => asked.has(word)).length }));
  const best = scored.reduce((most, clause) => (clause.hits > most.hits ? clause : most));
  if (best.hits === 0 || scored.every(({ hits }) => hits === best.hits)) return null;
  const from = best.from + (best.text.length - best.text.trimStart().length);
  return [from, best.to - (best.text.length - best.text.trimEnd().length)];
}
