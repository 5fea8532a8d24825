import { expect, test } from 'vitest';
import { aboutOf } from './queryAbout.ts';

test.each([
  ['where they talk about money', 'money'],
  ['Where do they talk about the budget?', 'the budget'],
  ['the part where she explains how yeast works', 'yeast works'],
  ['when he mentions his brother', 'his brother'],
  ['moments about the sea', 'the sea'],
  ['他们在哪里谈到钱', '钱'],
  ['哪里谈到了预算？', '预算'],
  ['他们讨论预算的地方', '预算'],
  ['提到遥控器的片段', '遥控器'],
  // No frame, or nothing in it.
  ['dog on a beach', 'dog on a beach'],
  ['they talk about', 'they talk about'],
  ['people talking', 'people talking'],
  ['talk show', 'talk show'],
  ['the time machine', 'the time machine'],
])('%s: %s', (query, about) => {
  expect(aboutOf(query)).toBe(about);
});
