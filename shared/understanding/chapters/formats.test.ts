import { expect, test } from 'vitest';
import { flicks, fromSeconds } from '../../time.ts';
import type { Chapter } from '../types.ts';
import { writeChapters, youtubeFindings } from './formats.ts';

const chapters = (...starts: (number | null)[]): Chapter[] =>
  starts.map((start, i) => ({ id: `c${i}`, title: `Part ${i}\n<${i}> & 章`, start: start === null ? null : fromSeconds(start), firstSentence: i, touched: false }));
const end = fromSeconds(4000);

test('YouTube: the first at 0:00, hours where there are any, chapters under 10 s in the one before, and what that means is told', () => {
  const five = chapters(3, 8, 30, 3661.9, 3995);
  expect(writeChapters(five, 'youtube', { end })).toBe('0:00 Part 0 <0> & 章\n0:30 Part 2 <2> & 章\n1:01:01 Part 3 <3> & 章\n');
  expect(youtubeFindings(five, { end })).toEqual({ merged: ['Part 1 <1> & 章', 'Part 4 <4> & 章'], shown: true });
  expect(youtubeFindings(chapters(0, 30), { end })).toEqual({ merged: [], shown: false });
  expect(youtubeFindings(chapters(0, 10, 20), { end: null })).toEqual({ merged: [], shown: true });
});

test('WebVTT: each ends where the next begins, the last with the media; titles are text', () => {
  expect(writeChapters(chapters(0, 3600.5), 'vtt', { end })).toBe('WEBVTT\n\n00:00:00.000 --> 01:00:00.500\nPart 0 &lt;0&gt; &amp; 章\n\n01:00:00.500 --> 01:06:40.000\nPart 1 &lt;1&gt; &amp; 章\n');
});

test('podcast JSON has seconds; chapters without a time are left out', () => {
  expect(JSON.parse(writeChapters(chapters(0, null, 12.3456), 'json', { end: flicks(0) }))).toEqual({ version: '1.2.0', chapters: [{ startTime: 0, title: 'Part 0 <0> & 章' }, { startTime: 12.346, title: 'Part 2 <2> & 章' }] });
});
