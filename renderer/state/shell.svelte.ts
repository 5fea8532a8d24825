/** What is shown where: tabs of the docks, dialogs, the drop highlight. Nothing of it is part of the project. */
export type LeftTab = 'media' | 'shots' | 'transcript' | 'story';
export type StoryView = 'summary' | 'chapters' | 'highlights' | 'ask';
export type RightTab = 'properties' | 'tags' | 'clips' | 'captions' | 'style' | 'export';
export type DialogName = 'settings' | 'doctor' | 'shortcuts' | 'palette';
/** Which list Enter and the arrow keys mean. */
export type Area = 'shots' | 'search' | 'clips' | 'transcript' | 'story' | 'highlights';

export class Shell {
  left = $state<LeftTab>('media');
  /** What of the story is shown. */
  story = $state<StoryView>('summary');
  right = $state<RightTab>('properties');
  dialog = $state<DialogName | null>(null);
  dragging = $state(false);
  engine = $state<'starting' | 'ready' | 'stopped'>('starting');
  area = $state<Area>('shots');
  fullScreen = $state(false);
  shotsLayout = $state<'grid' | 'list'>('grid');
  /** A picture hovers over the styles: dropped there it becomes one. */
  stylesHovered = $state(false);

  /** Shows the clips where a clip was picked; who exports or styles clips goes on with that. */
  showClips(): void {
    if (this.right !== 'export' && this.right !== 'style') this.right = 'clips';
  }
}
