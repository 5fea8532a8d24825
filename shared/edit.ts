/** The edit: its schemas, and the pure function that applies a command to it. */
import { addTrack, assertTracks, removeTrack, replaceCues, setTrack } from './editCaptions.ts';
import { assertChapters, setChapters } from './editChapters.ts';
import { assertClips, insertClips, moveClip, removeClips, renameClip, trimClip } from './editClips.ts';
import { addStylePicture, assertEffects, removeStylePicture, setEffect } from './editStyles.ts';
import type { Edit, EditChange, SimpleChange } from './editSchemas.ts';

export * from './editError.ts';
export * from './editSchemas.ts';
export { trimEdge } from './editClips.ts';

/**
 * The edit after `command`; the edit given is left as it is, and what did not change is shared with it. Throws EditError for an
 * unknown or repeated id of a clip, track, cue or chapter, a range that is empty or turned round, a negative position, a name over
 * 200 characters, or an effect whose strength is out of order or whose picture is not there.
 */
export function applyCommand(edit: Edit, command: EditChange): Edit {
  return command.type === 'group' ? command.changes.reduce(applySimple, edit) : applySimple(edit, command);
}

function applySimple(edit: Edit, command: SimpleChange): Edit {
  const { clips, captions, chapters, stylePictures } = edit;
  switch (command.type) {
    case 'clips.insert': {
      const next = insertClips(clips, command.at, command.clips);
      assertEffects(command.clips, stylePictures);
      return { ...edit, clips: next };
    }
    case 'clips.remove':
      return { ...edit, clips: removeClips(clips, command.ids) };
    case 'clip.move':
      return { ...edit, clips: moveClip(clips, command.id, command.to) };
    case 'clip.trim':
      return { ...edit, clips: trimClip(clips, command.id, command.start, command.end) };
    case 'clip.rename':
      return { ...edit, clips: renameClip(clips, command.id, command.name) };
    case 'clip.effect':
      return { ...edit, clips: setEffect(clips, stylePictures, command.id, command.effect) };
    case 'stylePictures.add':
      return { ...edit, stylePictures: addStylePicture(stylePictures, command.picture) };
    case 'stylePictures.remove':
      return { ...edit, stylePictures: removeStylePicture(clips, stylePictures, command.id) };
    case 'captions.add':
      return { ...edit, captions: addTrack(captions, command.track) };
    case 'captions.remove':
      return { ...edit, captions: removeTrack(captions, command.id) };
    case 'captions.set':
      return { ...edit, captions: setTrack(captions, command.id, command.change) };
    case 'cues.replace':
      return { ...edit, captions: replaceCues(captions, command.track, command.remove, command.insert) };
    case 'chapters.set':
      return { ...edit, chapters: setChapters(chapters, command.media, command.chapters) };
  }
}

/** The document checker: throws EditError where the edit breaks a rule that every command keeps. */
export function assertEdit(edit: Edit): void {
  assertClips(edit.clips);
  assertTracks(edit.captions);
  assertChapters(edit.chapters);
  assertEffects(edit.clips, edit.stylePictures);
}
