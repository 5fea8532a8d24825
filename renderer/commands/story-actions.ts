import { m } from '../../shared/i18n/index.ts';
import { writeChapters } from '../../shared/understanding/chapters/index.ts';
import { summaryText } from '../panels/story/summary-text.ts';
import type { AppState } from '../state/app.svelte.ts';
import type { StoryView } from '../state/shell.svelte.ts';
import { playFrom } from '../state/story-moments.ts';
import { copyText } from '../ui/clipboard.ts';
import type { Action, Actions } from './registry.ts';

type StoryCommand =
  | 'story.show'
  | 'story.chapters'
  | 'story.highlights'
  | 'story.ask'
  | 'story.refresh'
  | 'story.verbatim'
  | 'story.copy'
  | 'story.add_cut'
  | 'chapter.next'
  | 'chapter.previous'
  | 'chapter.play'
  | 'chapter.rename'
  | 'chapter.split'
  | 'chapter.merge'
  | 'chapter.move'
  | 'chapter.reset'
  | 'chapter.add_clip'
  | 'chapter.copy';

export function storyActions(app: AppState): Actions<StoryCommand> {
  const { story, summary, chapters, asker } = app;
  const open = (): boolean => app.media.current !== null;
  const summed = (): boolean => (summary.summary?.sentences.length ?? 0) > 0;
  const some = (): boolean => chapters.list.length > 0;
  const meant = (): boolean => chapters.meant !== null;
  const view = (name: StoryView, then: () => void = () => undefined): Action => ({
    enabled: open,
    run: () => {
      show(app, name);
      then();
    },
  });
  /** What is done to chapters is seen where they are. */
  const shown = (enabled: () => boolean, run: () => void): Action => ({
    enabled,
    run: () => {
      show(app, 'chapters');
      run();
    },
  });
  return {
    'story.show': view('summary'),
    'story.chapters': view('chapters'),
    'story.highlights': view('highlights'),
    'story.ask': view('ask', () => (asker.focusWanted += 1)),
    'story.refresh': { enabled: () => story.sentences.length > 0 && !story.busy, run: () => story.start() },
    'story.verbatim': { enabled: summed, checked: () => story.settings.verbatim, run: () => summary.setAsSaid(!story.settings.verbatim) },
    'story.copy': {
      enabled: summed,
      run: () => {
        copyText(summaryText(app, 'text'));
        app.toasts.show('done', m.story_copied());
      },
    },
    'story.add_cut': { enabled: summed, run: () => void summary.addAsCut() },
    'chapter.next': { enabled: some, run: () => chapters.step(1) },
    'chapter.previous': { enabled: some, run: () => chapters.step(-1) },
    'chapter.play': {
      enabled: meant,
      run: () => {
        const start = chapters.meant?.start ?? null;
        if (start !== null) playFrom(app.player, start);
      },
    },
    'chapter.rename': shown(meant, () => {
      chapters.lead = chapters.meant?.id ?? null;
      chapters.renaming = chapters.lead;
    }),
    'chapter.split': shown(() => chapters.canSplit, () => chapters.split()),
    'chapter.merge': shown(() => chapters.canMerge, () => chapters.merge(chapters.meant?.id ?? '')),
    'chapter.move': shown(() => chapters.canMove, () => chapters.moveToPlayhead(chapters.meant?.id ?? '')),
    'chapter.reset': shown(() => chapters.edited, () => chapters.reset()),
    'chapter.add_clip': {
      enabled: meant,
      run: () => {
        const clip = chapters.meant && chapters.clipOf(chapters.meant);
        if (clip) app.edit.add([clip]);
      },
    },
    'chapter.copy': {
      enabled: some,
      run: () => {
        copyText(writeChapters(chapters.list, 'youtube', { end: app.player.range.end }));
        app.toasts.show('done', m.story_chapters_copied());
      },
    },
  };
}

function show(app: AppState, view: StoryView): void {
  app.search.type('');
  app.shell.left = 'story';
  app.shell.story = view;
}
