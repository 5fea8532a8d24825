/** The part of a sentence that answers. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerSpan, kindOfQuestion } from './answerSpan.ts';

function answer(text: string, question: string, language = 'en'): string {
  const [from, to] = answerSpan(text, question, language, kindOfQuestion(question));
  return text.slice(from, to);
}

test.each([
  ['We meet again on Friday afternoon in the big room.', 'When do we meet?', 'on Friday afternoon'],
  ['The house was built in 1968 by my uncle.', 'When was the house built?', 'in 1968'],
  ['It starts at 9:30 a.m. with a speech.', 'What time does it start?', 'at 9:30 a.m.'],
  ['The launch is on March 14th, 2025 at the latest.', 'When is the launch?', 'on March 14th, 2025'],
  ['I may finish the report in two weeks.', 'When will the report be finished?', 'in two weeks'],
  ['It will cost about 12.50 euros to make.', 'How much does it cost?', 'about 12.50 euros'],
  ['We have thirty five people in the office.', 'How many people are there?', 'thirty five people'],
  ['Well, Sarah Miller will write the report.', 'Who writes the report?', 'Sarah Miller'],
  ['The report goes to Dr. Brown today.', 'Who gets the report?', 'Dr. Brown'],
  ['I grew up in New York with my aunt.', 'Where did you grow up?', 'in New York'],
  ['You find the keys behind the old cupboard of course.', 'Where are the keys?', 'behind the old cupboard of course'],
  ['We are late because the battery supplier went bankrupt.', 'Why are we late?', 'because the battery supplier went bankrupt'],
])('%s', (text, question, part) => {
  expect(answer(text, question)).toBe(part);
});

test.each([
  ['下一次会议定在星期五下午三点。', '下次会议是什么时候？', '星期五下午三点'],
  ['大桥在一九六八年五月正式通车。', '大桥是哪一年通车的？', '一九六八年五月'],
  ['我有一点累，三个月后再说吧。', '什么时候再说？', '三个月后'],
  ['这个遥控器的预算是十二欧元五十分。', '预算是多少？', '十二欧元'],
  ['销售额增长了百分之十五。', '增长了多少？', '百分之十五'],
  ['现在一共有三百二十个人在上班。', '有多少人上班？', '三百二十个人'],
  ['我是在四川的一个小村子里长大的。', '你在哪里长大？', '在四川的一个小村子里'],
  ['因为电池供应商破产了，所以发布推迟了。', '为什么推迟？', '因为电池供应商破产了，所以发布推迟了'],
  ['报告由王老师来写，周五交上来。', '谁写报告？', '报告由王老师来写'],
])('%s', (text, question, part) => {
  expect(answer(text, question, 'zh')).toBe(part);
});

test('the clause with the words of the question, else the whole sentence', () => {
  expect(answer('First we ate, then the remote control was tested, and we went home.', 'What happened to the remote control?')).toBe('then the remote control was tested');
  expect(answer('Nothing of that kind happened.', 'What colour is the case?')).toBe('Nothing of that kind happened.');
});

test('kinds of questions', () => {
  expect(['When?', 'What is it?', 'How old are you?', '几点开始？', '誰ですか', 'Wherever you go'].map(kindOfQuestion)).toEqual(['when', null, 'number', 'when', 'who', null]);
});

test('a span lies in its text and holds something, whatever is said and asked', () => {
  const parts = fc.array(fc.constantFrom('When', 'in', '1968', 'the', 'Who', '，', ',', ' ', '🎉', '三点', '在', '里', 'because', 'שלום', '.', 'How many'), { minLength: 1, maxLength: 14 }).map((words) => words.join(''));
  fc.assert(
    fc.property(parts, parts, fc.constantFrom('en', 'zh', 'ja'), (text, question, language) => {
      const [from, to] = answerSpan(text, question, language, kindOfQuestion(question));
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeLessThanOrEqual(text.length);
      expect(to).toBeGreaterThan(from);
    }),
  );
});
