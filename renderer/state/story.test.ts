import { describe, expect, it } from 'vitest';
import type { UnderstandEvent } from '../../shared/understanding/types.ts';
import { fromSeconds, toSeconds, ZERO } from '../../shared/time.ts';
import { someCue } from '../testing/captions.ts';
import { settle } from '../testing/engine-end.ts';
import { MEDIA_ID } from '../testing/facts.ts';
import { setUpSpoken } from '../testing/spoken.ts';
import { AskState } from './ask.svelte.ts';
import { ChaptersState } from './chapters.svelte.ts';
import { Jobs } from './jobs.svelte.ts';
import { StoryState } from './story.svelte.ts';
import { SummaryDesk } from './summary.svelte.ts';

/** Longer than typing and sliding are waited for. */
const PAUSED = 350;
const CUES = [someCue('a', 1, 'The budget is four million.'), someCue('b', 5, 'Um, the nights are quiet.'), someCue('c', 9, 'Students wrote the software.')];

function setUp() {
  const spoken = setUpSpoken(CUES);
  const { engine, end, edit, player, entry } = spoken;
  let transcribing = false;
  const media = (): string => MEDIA_ID;
  const story = new StoryState(engine, new Jobs(), edit, { entry: () => entry, entries: () => [entry], transcribing: () => transcribing });
  const chapters = new ChaptersState(story, edit, player, media);
  const summary = new SummaryDesk(story, edit, player, media);
  const asker = new AskState(engine, story, media);
  const asked = () => end.asked('understand') as { id: number; args: { sentences: { text: string }[]; language: string; chapters: { detail: number }; index: boolean } }[];
  const events = async (list: UnderstandEvent[], id = asked().at(-1)?.id): Promise<void> => {
    end.reply({ kind: 'events', id, events: list });
    await settle(60);
  };
  const finish = async (): Promise<void> => {
    end.reply({ kind: 'end', id: asked().at(-1)?.id });
    await settle(60);
  };
  const watch = async (): Promise<void> => {
    story.watch();
    await settle(PAUSED);
  };
  return { ...spoken, story, chapters, summary, asker, asked, events, finish, watch, transcribe: (now: boolean) => (transcribing = now) };
}

const CHAPTERS: UnderstandEvent = {
  type: 'chapters',
  chapters: [
    { id: 'x', title: 'Budget', start: fromSeconds(1), firstSentence: 0, touched: false },
    { id: 'y', title: 'Software', start: fromSeconds(9), firstSentence: 2, touched: false },
  ],
};
const SUMMARY: UnderstandEvent = {
  type: 'summary',
  summary: {
    sentences: [2, 1].map((sentence) => ({ sentence, text: ['', 'The nights are quiet.', 'Students wrote the software.'][sentence] ?? '', start: fromSeconds(1 + sentence * 4), end: fromSeconds(3.5 + sentence * 4), speaker: null, score: 1 })),
    terms: [{ term: 'nights', score: 1, sentences: [1] }],
    method: 'meaning',
    whole: false,
  },
};

describe('StoryState', () => {
  it('asks by itself for a transcript that is there, once, and shows what comes as it comes', async () => {
    const { story, chapters, asked, events, finish, watch } = setUp();
    await watch();
    story.watch();
    expect(asked()).toHaveLength(1);
    expect(asked()[0]?.args).toMatchObject({ language: 'en', index: true });
    expect(asked()[0]?.args.sentences.map(({ text }) => text)).toEqual(CUES.map(({ text }) => text));
    await events([CHAPTERS]);
    expect(story.status).toBe('running');
    expect(chapters.list.map(({ title }) => title)).toEqual(['Budget', 'Software']);
    expect(story.summary).toBeNull();
    await events([SUMMARY]);
    await finish();
    expect(story.status).toBe('done');
    expect(story.summary?.stale).toBe(false);
  });

  it('waits while the speech is being recognised', async () => {
    const { asked, watch, transcribe } = setUp();
    transcribe(true);
    await watch();
    expect(asked()).toHaveLength(0);
    transcribe(false);
  });

  it('makes it anew after a correction, cancels what runs, and shows the old results as old until then', async () => {
    const { story, captions, end, asked, events, finish, watch } = setUp();
    await watch();
    await events([CHAPTERS, SUMMARY]);
    captions.replace({ remove: ['b'], insert: [{ ...CUES[1]!, text: 'The days are loud.', touched: true }] }, 't');
    story.watch();
    expect(story.summary).toMatchObject({ stale: true });
    expect(story.status).toBe('waiting');
    const first = asked()[0]?.id;
    expect(end.requests.some((request) => request.kind === 'cancel' && request.id === first)).toBe(true);
    end.reply({ kind: 'error', id: first, error: { kind: 'cancelled' } });
    await settle(PAUSED + 60);
    expect(asked()).toHaveLength(2);
    expect(asked()[1]?.args.sentences[1]?.text).toBe('The days are loud.');
    expect(story.summary?.sentences[1]?.text).toBe(CUES[1]?.text);
    await events([SUMMARY]);
    await finish();
    expect(story.summary).toMatchObject({ stale: false });
    expect(story.summary?.sentences[1]?.text).toBe('The days are loud.');
  });

  it('keeps its settings in the project, where undo leaves them', async () => {
    const { story, edit, asked, watch } = setUp();
    await watch();
    edit.add([{ media: MEDIA_ID, start: ZERO, end: fromSeconds(1), name: 'clip' }]);
    story.change({ chapterDetail: 0.9 });
    edit.undo();
    expect(edit.clips).toHaveLength(0);
    expect(story.settings.chapterDetail).toBe(0.9);
    await watch();
    expect(asked()).toHaveLength(1);
  });

  it('tells a failure and goes on when asked to', async () => {
    const { story, end, asked, watch } = setUp();
    await watch();
    end.reply({ kind: 'error', id: asked()[0]?.id, error: { kind: 'bug', detail: 'broken' } });
    await settle(60);
    expect(story.status).toBe('failed');
    story.start();
    expect(asked()).toHaveLength(2);
    expect(story.status).toBe('running');
  });
});

describe('ChaptersState', () => {
  it('makes the computed chapters a person’s own at the first change, and undo takes that back', async () => {
    const { chapters, edit, player, events, watch } = setUp();
    await watch();
    await events([CHAPTERS]);
    player.seek(fromSeconds(5));
    chapters.split();
    expect(chapters.list.map(({ start }) => toSeconds(start ?? ZERO))).toEqual([1, 5, 9]);
    expect(chapters.renaming).toBe(chapters.list[1]?.id);
    chapters.rename(chapters.list[1]?.id ?? '', 'Nights');
    expect(chapters.edited).toBe(true);
    chapters.merge('y');
    expect(chapters.list.map(({ title }) => title)).toEqual(['Budget', 'Nights']);
    expect(chapters.clipOf(chapters.list[1]!)).toMatchObject({ start: fromSeconds(5), end: fromSeconds(20), name: 'Nights' });
    edit.undo();
    edit.undo();
    edit.undo();
    expect(chapters.edited).toBe(false);
    expect(chapters.list.map(({ title }) => title)).toEqual(['Budget', 'Software']);
  });
});

describe('SummaryDesk', () => {
  it('shows a sentence as it was said, alone or with all others', async () => {
    const { summary, events, watch } = setUp();
    await watch();
    await events([SUMMARY]);
    const sentence = summary.summary!.sentences[1]!;
    expect(summary.textOf(sentence)).toBe('The nights are quiet.');
    summary.turn(1);
    expect(summary.textOf(sentence)).toBe('Um, the nights are quiet.');
    expect(summary.isAsSaid(2)).toBe(false);
    summary.setAsSaid(true);
    expect([1, 2].map((index) => summary.isAsSaid(index))).toEqual([true, true]);
  });

  it('lays the sentences on the timeline in order of time in one step', async () => {
    const { summary, edit, events, watch } = setUp();
    await watch();
    await events([SUMMARY]);
    expect(summary.addAsCut()).toBe(2);
    expect(edit.clips.map(({ name }) => name)).toEqual(['Um, the nights are quiet.', 'Students wrote the software.']);
    expect(toSeconds(edit.clips[0]?.start ?? ZERO)).toBeCloseTo(4.9, 6);
    edit.undo();
    expect(edit.clips).toHaveLength(0);
  });
});

describe('AskState', () => {
  it('asks of the sentences there are, and keeps earlier questions without asking them again', async () => {
    const { asker, end } = setUp();
    const answer = async (question: string, score: number): Promise<void> => {
      const done = asker.ask(question);
      expect(asker.busy).toBe(true);
      end.answer('ask', { found: score > 0.5, method: 'meaning', answers: [{ sentence: 0, text: CUES[0]?.text, span: [14, 26], start: fromSeconds(1), end: fromSeconds(3), speaker: null, score }] });
      await done;
    };
    await answer('How much?', 0.9);
    await answer('Any coffee?', 0.2);
    expect(asker.asked.map(({ question, result }) => [question, result?.found])).toEqual([['Any coffee?', false], ['How much?', true]]);
    asker.recall(asker.asked[1]?.id ?? 0);
    expect(asker.latest?.question).toBe('How much?');
    expect(end.asked('ask')).toHaveLength(2);
  });
});
