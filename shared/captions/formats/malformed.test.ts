import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ExpectedError } from '../../errors.ts';
import { toSeconds } from '../../time.ts';
import { cueSchema, speakerSchema } from '../types.ts';
import { readCaptions, writeCaptions, writtenFrom } from './index.ts';
import { CAPTION_FORMATS, formatWarningSchema, type ReadCaptions } from './types.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string, name = ''): ReadCaptions => readCaptions(bytes(text), { name });
const shown = (text: string, name = ''): [number, number, string][] => read(text, name).cues.map((cue) => [toSeconds(cue.start), toSeconds(cue.end), cue.text]);
const codes = (text: string, name = ''): string[] => read(text, name).warnings.map((warning) => warning.code);

const SEEDS: readonly string[] = [
  '1\n00:00:01,000 --> 00:00:02,500\n<i>Hello</i> {\\an8}there\n\n2\n00:00:03,000 --> 00:00:04,000\n<font color="#ff0000">World</font>\n',
  'WEBVTT\nLanguage: en\n\nSTYLE\n::cue(.x) { color: red }\n\nNOTE n\n\nid\n00:01.000 --> 00:02.000 line:0 position:10%,line-left\n<v Ann>Hi <00:01.500><c.x>you</c></v>\n',
  '[Script Info]\nPlayResX: 640\nPlayResY: 360\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, Bold, Alignment\nStyle: Default,Arial,20,&H00FFFFFF,0,2\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\nDialogue: 0,0:00:01.00,0:00:02.00,Default,Ann,0,0,0,,{\\pos(10,20)\\k20}Hi\\N{\\k30\\i1}you\n',
  '<?xml version="1.0"?>\n<tt xmlns="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xml:lang="en" ttp:tickRate="10"><head><styling><style xml:id="s" tts:color="red"/></styling><layout><region xml:id="r" tts:origin="10% 10%" tts:extent="20% 20%"/></layout></head><body begin="1s"><div><p begin="5t" dur="2s" style="s" region="r">Hi<br/><span begin="0.1s" end="0.5s">you</span></p></div></body></tt>',
  '{"type":"track","language":"en"}\n{"type":"cue","start":1,"end":2,"text":"Hi you","words":[{"text":"Hi","start":1,"end":1.5,"confidence":0.5}]}\n',
  '{"segments":[{"start":0,"end":1.5,"text":" Hi","words":[{"word":" Hi","start":0,"end":0.5,"probability":0.9}]}],"language":"en"}',
  '[ar:x]\n[00:01.00]One\n[00:02.00][00:05.00]Two\n',
  'One line\nand another\n\nA paragraph\n',
];

type Mutation = (text: string) => string;
const mutationArbitrary: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ at: fc.nat(800), length: fc.nat(40) }).map(({ at, length }): Mutation => (text) => text.slice(0, at) + text.slice(at + length)),
  fc.record({ at: fc.nat(800), put: fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('-->', '<', '>', '{\\', '}', '\n\n', '\r', '&', '&#x110000;', '"', '00:00:01,000 --> 00:00:02,000', '<p begin="', ']]>', '<!--', '\ufeff', '\0', '9'.repeat(30), '-', 'Infinity', '1e999', '\\u0000', '[', '{')) }).map(({ at, put }): Mutation => (text) => text.slice(0, at) + put + text.slice(at)),
  fc.record({ at: fc.nat(800), length: fc.nat(200), times: fc.integer({ min: 2, max: 5 }) }).map(({ at, length, times }): Mutation => (text) => text.slice(0, at) + text.slice(at, at + length).repeat(times) + text.slice(at + length)),
  fc.nat(900).map((length): Mutation => (text) => text.slice(0, length)),
  fc.constantFrom<[string, string]>([',', '.'], [':', ';'], ['-->', '->'], ['\n', '\r\n'], ['\n\n', '\n'], ['0', 'O'], ['<', '&lt;'], ['"', "'"], ['1', '-1']).map(([from, to]): Mutation => (text) => text.replaceAll(from, to)),
  fc.record({ seed: fc.constantFrom(...SEEDS), at: fc.nat(800), from: fc.nat(400) }).map(({ seed, at, from }): Mutation => (text) => text.slice(0, at) + seed.slice(from) + text.slice(at)),
);

const resultSchema = z.object({ cues: z.array(cueSchema), speakers: z.array(speakerSchema), warnings: z.array(formatWarningSchema) });

/** Reads what may be anything: an expected error, or cues that keep the contract and can be written in every format. */
function survives(content: Uint8Array, options: Parameters<typeof readCaptions>[1]): void {
  let result: ReadCaptions;
  try {
    result = readCaptions(content, options);
  } catch (error) {
    expect(error).toBeInstanceOf(ExpectedError);
    expect(['captions_empty', 'captions_unreadable']).toContain((error as ExpectedError).code);
    return;
  }
  resultSchema.parse(result);
  expect(new Set(result.cues.map((cue) => cue.id)).size).toBe(result.cues.length);
  let last = -Infinity;
  for (const cue of result.cues) {
    expect(cue.end).toBeGreaterThan(cue.start);
    expect(cue.start).toBeGreaterThanOrEqual(last);
    last = cue.start;
    for (const span of cue.spans) expect(span.to <= cue.text.length && span.from < span.to).toBe(true);
    if (cue.speaker !== null) expect(result.speakers.map((speaker) => speaker.id)).toContain(cue.speaker);
  }
  for (const format of CAPTION_FORMATS) writeCaptions(writtenFrom(result, ''), format);
}

describe('malformed files', () => {
  it('thousands of damaged variants are read or refused, never more', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SEEDS), fc.array(mutationArbitrary, { minLength: 1, maxLength: 5 }), fc.constantFrom('a.srt', 'a.vtt', 'a.ass', 'a.ttml', 'a.txt', 'a.json', ''), (seed, mutations, name) => {
        survives(bytes(mutations.reduce((text, mutate) => mutate(text), seed)), { name });
      }),
      { numRuns: 3000 },
    );
  });

  it('any bytes, taken as any format', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(undefined, ...CAPTION_FORMATS), (content, format) => survives(content, { format })),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.constantFrom(...SEEDS), fc.array(fc.tuple(fc.nat(600), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }), (seed, changes) => {
        const content = bytes(seed).slice();
        for (const [at, value] of changes) if (at < content.length) content[at] = value;
        survives(content, {});
      }),
      { numRuns: 1500 },
    );
  });

  it.each(CAPTION_FORMATS)('%s: long runs of what begins something end in time', (format) => {
    const times = '1\n00:00:01,000 --> 00:00:02,000\n';
    const begin = { srt: times, vtt: `WEBVTT\n\n${times}`, ass: '[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,', ttml: '<tt xmlns="http://www.w3.org/ns/ttml"><body><div><p begin="1s" end="2s">', txt: '', json: '{"type":"cue","start":1,"end":2,"text":"' }[format];
    for (const part of ['<', '<i>', '<i ', '{', '{\\', '{\\t(', '[', '(', '&', '&#', '-->', '->', '00:', '1:', '9', ' ', '\n', '<p', '<!--', '<![CDATA[', 'a="', '\\', '<00:00:01.000>', 'x ', ',', '\u3000', '<v a']) {
      survives(bytes(begin + part.repeat(Math.floor(200_000 / part.length))), { format });
    }
  });

  it('100,000 cues of each format are read and written', () => {
    const cues = Array.from({ length: 100_000 }, (_, index) => JSON.stringify({ type: 'cue', start: index * 2, end: index * 2 + 1.5, text: `Line ${index}\nof many` })).join('\n');
    const track = writtenFrom(read(cues, 'a.json'), '');
    expect(track.cues).toHaveLength(100_000);
    for (const format of CAPTION_FORMATS) {
      const again = readCaptions(bytes(writeCaptions(track, format, { times: true }).text), { name: `a.${format}` });
      expect(again.cues).toHaveLength(100_000);
      expect(again.cues[99_999]).toMatchObject({ start: track.cues[99_999]?.start, end: track.cues[99_999]?.end, text: 'Line 99999\nof many' });
    }
  });
});

describe('what can be read is read', () => {
  it('SubRip without numbers, hours, blank lines, with points and other arrows', () => {
    expect(shown('00:01.5 -> 0:02\nOne\n\n\n00:00:03,000–>00:00:04,000\nTwo\n3\n00:00:05.000 ==> 00:00:06.250\nThree\n00:00:07:500 --> 00:00:08:500\nFour', 'a.srt')).toEqual([
      [1.5, 2, 'One'],
      [3, 4, 'Two'],
      [5, 6.25, 'Three'],
      [7.5, 8.5, 'Four'],
    ]);
  });

  it('blank lines within a cue, marks in the middle, entities, CR alone', () => {
    const text = '\ufeff1\r00:00:01,000 --> 00:00:02,000\rOne\r\rmore &amp; &#x4F60;\r\r\ufeff2\r00:00:03,000 --> 00:00:04,000\r42\r';
    expect(shown(text)).toEqual([
      [1, 2, 'One\nmore & 你'],
      [3, 4, '42'],
    ]);
    expect(codes(text)).toEqual(['blank_line_lost']);
  });

  it('arrows and numbers in the text stay text', () => {
    expect(shown('1\n00:00:01,000 --> 00:00:02,000\nA --> B\n1 --> 2\n7\n\n2\n00:00:03,000 --> 00:00:04,000\nx\n')).toEqual([
      [1, 2, 'A --> B\n1 --> 2\n7'],
      [3, 4, 'x'],
    ]);
  });

  it('times that are wrong are mended with a warning', () => {
    const file = (...times: string[]): string => times.map((time, index) => `${index + 1}\n${time}\nText ${index}\n`).join('\n');
    const swapped = file('00:00:05,000 --> 00:00:03,000', '00:00:05,500 --> 00:00:07,000');
    expect(shown(swapped)).toEqual([[5, 5.5, 'Text 0'], [5.5, 7, 'Text 1']]);
    expect(codes(swapped)).toEqual(['end_before_start']);
    const overlapping = file('00:00:01,000 --> 00:00:04,000', '00:00:02,000 --> 00:00:05,000');
    expect(shown(overlapping)).toEqual([[1, 4, 'Text 0'], [2, 5, 'Text 1']]);
    expect(read(overlapping).warnings).toEqual([{ code: 'overlap', count: 1, first: 6 }]);
    const negative = file('-00:00:01,000 --> 00:00:04,000');
    expect(shown(negative)).toEqual([[-1, 4, 'Text 0']]);
    expect(codes(negative)).toEqual(['negative_time']);
    const half = file('00:00:01,000 --> 00:0x:04,000', '00:00:09,000 --> 00:00:10,000');
    expect(shown(half)).toEqual([[1, 2, 'Text 0'], [9, 10, 'Text 1']]);
    expect(codes(half)).toEqual(['time_invalid']);
    const order = file('00:00:09,000 --> 00:00:10,000', '00:00:01,000 --> 00:00:02,000');
    expect(shown(order).map(([start]) => start)).toEqual([1, 9]);
    expect(codes(file('00:00:xx,000 --> 00:00:yy,000', '00:00:01,000 --> 00:00:02,000'))).toEqual(['line_skipped']);
  });

  it('SSA styles, alignments and colours', () => {
    const text = '[Script Info]\nScriptType: v4.00\n\n[V4 Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, TertiaryColour, BackColour, Bold, Italic, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, AlphaLevel, Encoding\nStyle: Default,Arial,28,65535,0,0,0,-1,0,1,2,0,6,10,10,10,0,0\n\n[Events]\nFormat: Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\nDialogue: Marked=0,0:00:01.00,0:00:02.00,*Default,Ann,0000,0000,0000,,{\\a10}Hi, {\\b1}you{\\b0}\n';
    const { cues, style, speakers, format } = read(text, 'a.ssa');
    expect(format).toBe('ass');
    expect(style).toMatchObject({ colour: '#ffff00', bold: true, align: 8 });
    expect(cues).toMatchObject([{ text: 'Hi, you', place: { align: 5 }, speaker: 'A' }]);
    expect(speakers).toEqual([{ id: 'A', name: 'Ann' }]);
  });

  it('TTML times: clock, frames, NTSC, ticks, offsets, nesting, sequences, dur', () => {
    const tt = (root: string, body: string): string => `<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" ${root}><body>${body}</body></tt>`;
    expect(shown(tt('ttp:frameRate="25"', '<div begin="10s"><p begin="00:00:01:05" end="00:00:02.5">a</p><p begin="2s" dur="500ms">b</p></div>'))).toEqual([[11.2, 12.5, 'a'], [12, 12.5, 'b']]);
    expect(shown(tt('ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001"', '<div><p begin="300f" end="600f">a</p></div>'))).toEqual([[10.01, 20.02, 'a']]);
    expect(shown(tt('ttp:tickRate="10000000"', '<div><p begin="15000000t" end="20000000t">a</p></div>'))).toEqual([[1.5, 2, 'a']]);
    expect(shown(tt('ttp:timeBase="smpte" ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001" ttp:dropMode="dropNTSC"', '<div><p begin="00:10:00:00" end="00:10:01:00">a</p></div>'))[0]?.[0]).toBeCloseTo(599.9994, 4);
    expect(shown(tt('', '<div timeContainer="seq"><p dur="1s">a</p><p begin="1s" dur="2s">b</p></div>'))).toEqual([[0, 1, 'a'], [2, 4, 'b']]);
    expect(shown(tt('', '<div><p><span begin="1s" end="2s">a</span><span begin="3s" end="4s">b</span></p></div>'))).toEqual([[1, 2, 'a'], [3, 4, 'b']]);
  });

  it('TTML that no parser takes, and one with a document type', () => {
    const broken = '<?xml version="1.0"?><tt xmlns="http://www.w3.org/ns/ttml"><body><div>\n<p begin="1s" end="2s">One</p>\n<p begin="3s" end="4s">Two <b</p>\n<p begin="5s" end="6s">a < b &amp; c</p>\n';
    expect(shown(broken, 'a.ttml')).toEqual([[1, 2, 'One'], [3, 4, 'Two <b'], [5, 6, 'a < b & c']]);
    expect(codes(broken, 'a.ttml')).toContain('cut_short');
    expect(() => read(`<?xml version="1.0"?><!DOCTYPE tt [<!ENTITY a "aaaa">]><tt xmlns="http://www.w3.org/ns/ttml"><body><div><p begin="1s" end="2s">&a;</p></div></body></tt>`)).toThrow(/captions_unreadable/);
  });

  it('JSON of other tools, and JSON that was cut short', () => {
    expect(shown('[{"start":"00:00:01,500","end":2,"text":"a"},{"start_time":3,"end_time":4,"content":"b"}]')).toEqual([[1.5, 2, 'a'], [3, 4, 'b']]);
    expect(shown('{"transcription":[{"timestamps":{"from":"00:00:00,000","to":"00:00:01,000"},"offsets":{"from":0,"to":1000},"text":" Hi"}]}')).toEqual([[0, 1, 'Hi']]);
    const whisper = read('{"text":"x","segments":[{"start":0,"end":1.5,"text":" Hi you","words":[{"word":" Hi","start":0,"end":0.5,"probability":0.9},{"word":" you","start":0.5,"end":1.5,"probability":0.8}]}],"language":"en"}');
    expect(whisper.language).toBe('en');
    expect(whisper.cues[0]?.words.map((word) => [word.text, word.confidence, word.space])).toEqual([['Hi', 0.9, true], ['you', 0.8, true]]);
    const cut = '{"segments":[{"start":0,"end":1,"text":"a"},{"start":1,"end":2,"text":"b"},{"start":2,"en';
    expect(shown(cut, 'a.json')).toEqual([[0, 1, 'a'], [1, 2, 'b']]);
    expect(codes(cut, 'a.json')).toEqual(['cut_short']);
  });

  it('plain text, and lists with times', () => {
    expect(shown('One.\nTwo.\n', 'a.txt').map(([, , text]) => text)).toEqual(['One.', 'Two.']);
    expect(shown('One\nmore.\n\nTwo.\n', 'a.txt').map(([, , text]) => text)).toEqual(['One\nmore.', 'Two.']);
    expect(codes('One.', 'a.txt')).toEqual(['no_times']);
    expect(shown('00:01 One\n00:03.5 Two\nmore\n', 'a.txt').map(([start, , text]) => [start, text])).toEqual([[1, 'One'], [3.5, 'Two\nmore']]);
    expect(shown('[ti:Song]\n[00:01.00]One\n[00:02.00][00:05.00]Two\n', 'a.lrc').map(([start, , text]) => [start, text])).toEqual([[1, 'One'], [2, 'Two'], [5, 'Two']]);
    expect(shown('00:01 - 00:03 One\n', 'a.txt')).toEqual([[1, 3, 'One']]);
  });

  it('no text at all is another error than no subtitles', () => {
    expect(() => read(' \n\r\n')).toThrow(/captions_empty/);
    expect(() => read('{"a":1}')).toThrow(/captions_unreadable/);
  });
});
