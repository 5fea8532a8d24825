import { expect, test } from 'vitest';
import { encoderFor, languageOf } from './language.ts';

const ENGLISH = ['The budget of the project is fifty thousand euros.', 'We will meet again on Monday, and then we can decide what to do about it.'];
const CHINESE = ['这个项目的预算是五万欧元。', '我们下星期一再开会讨论。'];

test.each([
  ['auto', ENGLISH, 'en', 'minilm'],
  ['en-GB', ENGLISH, 'en', 'minilm'],
  ['auto', CHINESE, 'zh', 'e5'],
  ['zh-Hans', CHINESE, 'zh', 'e5'],
  ['auto', ['会議は明日の午前十時に始まります。'], 'ja', 'e5'],
  ['auto', ['오늘 회의에서 예산을 논의했습니다.'], 'ko', 'e5'],
  ['auto', ['Não sei o que você quer fazer com isso, mas eu também não quero ir para lá.'], 'pt', 'e5'],
  // A word of Chinese now and then makes it a mixed text.
  ['en', ['We open the 设置 panel and choose 字幕样式 there, then we export it.'], 'en', 'e5'],
  ['auto', ['Das Projekt kostet fünfzigtausend Euro, und wir treffen uns am Montag wieder.'], 'und', null],
  ['de', ['Das Projekt kostet fünfzigtausend Euro.'], 'de', null],
  ['auto', ['Проект стоит пятьдесят тысяч евро.'], 'und', null],
  ['auto', ['المشروع يكلف خمسين ألف يورو.'], 'und', null],
  // Told to be English, but nothing of it can be read.
  ['en', ['Проект стоит пятьдесят тысяч евро.'], 'en', null],
  ['auto', [''], 'und', null],
  ['auto', ['😀 123 !!!'], 'und', null],
] as const)('%s %s: %s, %s', (told, sample, language, encoder) => {
  expect(languageOf(told, sample)).toEqual({ language, encoder });
  expect(encoderFor(told, sample)).toBe(encoder);
});
