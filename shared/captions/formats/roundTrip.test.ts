import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XMLValidator } from 'fast-xml-parser';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cueSchema, DEFAULT_CAPTION_STYLE, type Cue, type Speaker, type StyleSpan, type Word } from '../types.ts';
import { flicks, type Flicks } from '../../time.ts';
import { readCaptions, writeCaptions, writtenFrom } from './index.ts';
import { tidySpans } from './styled.ts';
import type { CaptionFormat, WrittenTrack } from './types.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
/** Hundredths of a second: what every format can hold. */
const hundredths = (count: number): Flicks => flicks(count * 7_056_000);

const SPEAKERS: Speaker[] = [
  { id: 'A', name: 'Ann <Smith> & "Co"' },
  { id: 'B', name: '李雷' },
];
/** Pieces of text, among them what each format has a meaning for. */
const pieceArbitrary = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('Hello', 'world', "don't", '你好', '世界', 'été', '…', '42', 'a', '♪', 'مرحبا', '👩‍👩‍👧') },
  { weight: 2, arbitrary: fc.constantFrom('<i>', '</b>', '<', '>', '&', '&amp;', '&lt;b&gt;', '{\\an8}', '{x}', '\\N', '\\', '-->', 'NOTE', 'WEBVTT', '<v Bob>', '<00:00:01.000>', '1', '[Events]', 'Dialogue:', ',', '{', '}', '"', '&#65;', '[br]', '<font color=red>', '<br/>', '\u00a0x') },
);
const lineArbitrary = fc.array(pieceArbitrary, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(' '));

interface Drawn {
  gap: number;
  length: number;
  lines: string[];
  marks: { from: number; length: number; italic: boolean; bold: boolean; underline: boolean; colour: string | null }[];
  speaker: string | null;
  place: Cue['place'];
  timed: boolean;
}
const drawnArbitrary: fc.Arbitrary<Drawn> = fc.record({
  gap: fc.integer({ min: 0, max: 500 }),
  length: fc.integer({ min: 60, max: 900 }),
  lines: fc.array(lineArbitrary, { minLength: 1, maxLength: 3 }),
  marks: fc.array(
    fc.record({ from: fc.nat(30), length: fc.integer({ min: 1, max: 20 }), italic: fc.boolean(), bold: fc.boolean(), underline: fc.boolean(), colour: fc.constantFrom(null, '#ff0000', '#12ab9f', '#ffff00') }),
    { maxLength: 2 },
  ),
  speaker: fc.constantFrom(null, 'A', 'B'),
  place: fc.oneof(fc.constant(null), fc.constantFrom(1, 3, 4, 5, 6, 7, 8, 9).map((align) => ({ align })), fc.record({ align: fc.integer({ min: 1, max: 9 }), x: fc.integer({ min: 0, max: 800 }).map((n) => n / 8), y: fc.integer({ min: 0, max: 800 }).map((n) => n / 8) })),
  timed: fc.boolean(),
});

/** Cues one after another. Words fill their cue: where one ends before the next begins, a space parts them. */
function cuesOf(drawn: readonly Drawn[]): Cue[] {
  let at = 0;
  return drawn.map(({ gap, length, lines, marks, speaker, place, timed }, index) => {
    const [start, end] = [at + gap, at + gap + length];
    at = end;
    const text = lines.join('\n').trim();
    const spans = marks.flatMap(({ from, length: count, colour, ...flags }): StyleSpan[] => {
      const to = Math.min(text.length, from + count);
      const set = Object.fromEntries(Object.entries(flags).filter(([, on]) => on));
      return from < to && (colour !== null || Object.keys(set).length > 0) ? [{ from, to, ...set, ...(colour === null ? {} : { colour }) }] : [];
    });
    return { id: `c${index + 1}`, start: hundredths(start), end: hundredths(end), text, words: timed ? wordsOf(text, start, end) : [], speaker, touched: false, spans, place, extras: {} };
  });
}

function wordsOf(text: string, start: number, end: number): Word[] {
  const parts = [...text.matchAll(/\S+/g)];
  const step = Math.floor((end - start) / parts.length);
  return parts.map((part, index) => {
    const last = index === parts.length - 1;
    const from = start + index * step;
    const pause = !last && index % 3 === 1 && step > 2 ? 1 : 0;
    return { text: part[0], start: hundredths(from), end: hundredths(last ? end : from + step - pause), confidence: 1, space: true };
  });
}

const trackOf = (cues: Cue[], language = 'en'): WrittenTrack => ({ cues, speakers: SPEAKERS, language, name: '', style: DEFAULT_CAPTION_STYLE, extras: {} });
const trackArbitrary = fc.array(drawnArbitrary, { minLength: 1, maxLength: 6 }).map((drawn) => trackOf(cuesOf(drawn)));

/** What a format holds of a cue, in a form that compares. */
function held(cue: Cue, speakers: readonly Speaker[], format: CaptionFormat): unknown {
  const words = format === 'vtt' || format === 'ass' || format === 'json';
  const named = format !== 'srt';
  return {
    times: [cue.start, cue.end],
    text: cue.text,
    spans: tidySpans(cue),
    place: format === 'srt' && cue.place ? (cue.place.align === 2 ? null : { align: cue.place.align }) : cue.place,
    speaker: named ? (speakers.find((speaker) => speaker.id === cue.speaker)?.name ?? null) : null,
    // A single word that fills its cue says no more than the cue does.
    words: words && cue.words.length > 1 ? cue.words.map(({ text, start, end }) => [text, start, end]) : [],
  };
}

describe('round trips', () => {
  it.each(['srt', 'vtt', 'ass', 'ttml', 'json'] as const)('%s gives back what it can hold', (format) => {
    fc.assert(
      fc.property(trackArbitrary, (track) => {
        const written = writeCaptions(track, format);
        const read = readCaptions(bytes(written.text), { name: `film.${format}` });
        expect(read.format).toBe(format);
        expect(read.cues.map((cue) => held(cue, read.speakers, format))).toEqual(track.cues.map((cue) => held(cue, track.speakers, format)));
        if (format !== 'srt') expect(read.language).toBe('en');
        expect(read.warnings).toEqual([]);
        if (format === 'ttml') expect(XMLValidator.validate(written.text)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('JSON keeps everything, to the flick', () => {
    const timeArbitrary = fc.integer({ min: -1e12, max: 1e13 });
    fc.assert(
      fc.property(timeArbitrary, fc.integer({ min: 1, max: 1e10 }), fc.double({ min: 0, max: 1, noNaN: true }), (start, length, confidence) => {
        const word: Word = { text: 'word', start: flicks(start), end: flicks(start + length), confidence, space: true };
        const cue: Cue = { id: 'c1', start: flicks(start), end: flicks(start + length), text: 'word', words: [word], speaker: 'A', touched: false, spans: [], place: null, extras: { 'vtt.id': 'x' } };
        const read = readCaptions(bytes(writeCaptions(trackOf([cue]), 'json').text));
        expect(read.cues).toEqual([cue]);
        expect(read.speakers).toEqual(SPEAKERS);
      }),
    );
  });

  it('warns of what a format can not hold', () => {
    const cue = cuesOf([{ gap: 0, length: 100, lines: ['one two'], marks: [{ from: 0, length: 3, italic: true, bold: false, underline: false, colour: null }], speaker: 'A', place: { align: 8 }, timed: true }]);
    const codes = (format: CaptionFormat): string[] => writeCaptions(trackOf(cue), format).warnings.map((warning) => warning.code);
    expect(codes('srt')).toEqual(['speaker_lost', 'words_lost', 'language_lost']);
    expect(codes('vtt')).toEqual([]);
    expect(codes('ass')).toEqual([]);
    expect(codes('json')).toEqual([]);
    expect(codes('ttml')).toEqual(['words_lost']);
    expect(codes('txt')).toEqual(['style_lost', 'place_lost', 'speaker_lost', 'words_lost', 'language_lost', 'no_times']);
    const styled = { ...trackOf(cue), style: { ...DEFAULT_CAPTION_STYLE, colour: '#00ff00' } };
    expect(writeCaptions(styled, 'srt').warnings.map((warning) => warning.code)).toContain('style_lost');
    const unsure = cue.map((one) => ({ ...one, words: one.words.map((word) => ({ ...word, confidence: 0.5 })) }));
    expect(writeCaptions(trackOf(unsure), 'vtt').warnings).toEqual([{ code: 'confidence_lost', count: 1, first: 1 }]);
    const odd = [{ ...cue[0]!, start: flicks(705_600 * 3), end: flicks(705_600 * 1007) }];
    expect(writeCaptions(trackOf(odd), 'ass').warnings.map((warning) => warning.code)).toContain('time_rounded');
    const early = [{ ...cue[0]!, start: hundredths(-50) }, { ...cue[0]!, id: 'c0', start: hundredths(-90), end: hundredths(-60) }];
    const written = writeCaptions(trackOf(early), 'vtt');
    expect(written.warnings).toContainEqual({ code: 'negative_time', count: 2, first: 1 });
    expect(written.text.match(/-->/g)).toHaveLength(1);
  });

  it('the look of a track comes back from ASS and TTML', () => {
    const style = { ...DEFAULT_CAPTION_STYLE, font: 'Arial', size: 7, italic: true, colour: '#ffee00', box: true, boxColour: '#102030', boxOpacity: 0.5, align: 8, marginVertical: 10 };
    const track = { ...trackOf(cuesOf([{ gap: 0, length: 100, lines: ['one'], marks: [], speaker: null, place: null, timed: false }])), style };
    for (const format of ['ass', 'ttml'] as const) {
      const read = readCaptions(bytes(writeCaptions(track, format).text));
      expect(read.style).toMatchObject({ font: 'Arial', italic: true, colour: '#ffee00', box: true, boxColour: '#102030', boxOpacity: 0.5 });
      expect(read.style?.size).toBeCloseTo(7, 1);
    }
  });
});

describe("a file's own parts", () => {
  const files: Record<string, string> = {
    'film.vtt': 'WEBVTT - title\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\nLanguage: de\n\nSTYLE\n::cue(.loud) { color: #ff8800; }\n\nREGION\nid:fred\nwidth:40%\n\nNOTE first\n\nintro\n00:00:01.000 --> 00:00:02.000 region:fred line:0 align:start\n<v.loud Ann><c.loud>Hi</c> <ruby>漢<rt>kan</rt></ruby></v>\n\nNOTE\nlast\n',
    'film.ass':
      '[Script Info]\n; a comment\nTitle: t\nScriptType: v4.00+\nPlayResX: 640\nPlayResY: 360\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\nStyle: Default,Arial,24,&H00FFFFFF,&H000000FF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,2,1,2,20,20,15,1\nStyle: Sign,Times,20,&H0000FFFF,&H000000FF,&H00000000,&H00000000,-1,0,0,0,100,100,0,0,1,2,1,8,20,20,15,1\n\n[Aegisub Project Garbage]\nAudio File: a.wav\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\nComment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,note\nDialogue: 1,0:00:01.00,0:00:02.50,Sign,Ann,5,0,0,Banner;10,{\\fad(200,200)\\t(0,100,\\fs30)}EXIT{\\p1}m 0 0 l 10 0{\\p0}\nDialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{\\i1}one{\\i0} two\\Nthree\n',
    'film.ttml':
      '<?xml version="1.0" encoding="UTF-8"?>\n<tt:tt xmlns:tt="http://www.w3.org/ns/ttml" xmlns:tts="http://www.w3.org/ns/ttml#styling" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xmlns:ebuttm="urn:ebu:tt:metadata" xml:lang="fr" ttp:frameRate="25"><tt:head><tt:metadata><ebuttm:documentMetadata>x</ebuttm:documentMetadata></tt:metadata><tt:styling><tt:style xml:id="s1" tts:color="yellow"/></tt:styling><tt:layout><tt:region xml:id="haut" tts:origin="10% 5%" tts:extent="80% 20%" tts:textAlign="center"/></tt:layout></tt:head><tt:body><tt:div><tt:p xml:id="p1" region="haut" style="s1" begin="00:00:01:05" end="00:00:02:10">Bonjour<tt:br/><tt:span tts:fontStyle="italic">toi</tt:span></tt:p></tt:div></tt:body></tt:tt>',
  };

  it.each(Object.keys(files))('%s is the same when written twice', (name) => {
    const first = readCaptions(bytes(files[name] ?? ''), { name });
    const once = writeCaptions(writtenFrom(first, name), first.format).text;
    const second = readCaptions(bytes(once), { name });
    expect(writeCaptions(writtenFrom(second, name), second.format).text).toBe(once);
    expect(second.cues.map(({ extras: _extras, ...cue }) => cue)).toEqual(first.cues.map(({ extras: _extras, ...cue }) => cue));
  });

  it('WebVTT comes out as it went in', () => {
    const text = files['film.vtt'] ?? '';
    const read = readCaptions(bytes(text), { name: 'film.vtt' });
    expect(writeCaptions(writtenFrom(read, 'film.vtt'), 'vtt').text).toBe(text);
  });

  it('ASS keeps styles, comments, effects and tags that are not understood', () => {
    const read = readCaptions(bytes(files['film.ass'] ?? ''), { name: 'film.ass' });
    const text = writeCaptions(writtenFrom(read, 'film.ass'), 'ass').text;
    for (const line of (files['film.ass'] ?? '').split('\n').filter((each) => !each.includes('one'))) expect(text).toContain(line);
    expect(read.cues[0]).toMatchObject({ text: 'EXIT', place: { align: 8 }, spans: [{ from: 0, to: 4, bold: true, colour: '#ffff00' }] });
    const edited = { ...writtenFrom(read, 'film.ass'), cues: read.cues.map((cue) => ({ ...cue, text: cue.text.replace('EXIT', 'OUT'), spans: [] })) };
    expect(writeCaptions(edited, 'ass').text).toContain(',Banner;10,{\\an8}OUT\n');
  });

  it('TTML keeps its head, names and attributes', () => {
    const read = readCaptions(bytes(files['film.ttml'] ?? ''), { name: 'film.ttml' });
    expect(read.cues).toMatchObject([{ start: hundredths(120), end: hundredths(240), text: 'Bonjour\ntoi', spans: [{ from: 8, to: 11, italic: true }], place: { align: 8 } }]);
    const text = writeCaptions(writtenFrom(read, 'film.ttml'), 'ttml').text;
    expect(XMLValidator.validate(text)).toBe(true);
    for (const part of ['xml:lang="fr"', '<ebuttm:documentMetadata>x', 'xmlns:ebuttm="urn:ebu:tt:metadata"', 'xml:id="haut"', 'xml:id="p1" style="s1" region="haut"']) expect(text).toContain(part);
  });
});

describe('other programs read what is written', () => {
  let folder = '';
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'rushes-formats-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['srt', 'vtt', 'ass'] as const)('ffmpeg reads %s with the same times and texts', (format) => {
    const texts = ['Hello there', 'Two lines\nof it', '你好，世界', 'a < b & c', 'last'];
    const cues = texts.map((text, index): Cue => cueSchema.parse({ id: `c${index}`, start: index * 2 * 705_600_000, end: (index * 2 + 1.5) * 705_600_000, text, words: [], speaker: null }));
    const path = join(folder, `out.${format}`);
    writeFileSync(path, writeCaptions(trackOf(cues), format).text);
    const packets = execFileSync('ffprobe', ['-v', 'error', '-protocol_whitelist', 'file,pipe', '-show_entries', 'packet=pts_time,duration_time', '-of', 'csv=p=0', path], { encoding: 'utf8' });
    expect(packets.trim().split('\n').map((line) => line.split(',').slice(0, 2).map(Number))).toEqual(cues.map((_, index) => [index * 2, 1.5]));
    const srt = execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-protocol_whitelist', 'file,pipe', '-i', path, '-f', 'srt', '-'], { encoding: 'utf8' });
    const plain = readCaptions(bytes(srt), { format: 'srt' }).cues.map((cue) => cue.text);
    expect(plain).toEqual(texts);
  });
});
