/** The native menu: the window's commands by their names and keys. The window does them; here nothing is done. */
import { Menu, app, type MenuItemConstructorOptions } from 'electron';
import { COMMANDS, commandNameKey, type CommandId } from '../../shared/commands.ts';
import { m, messageFor } from '../../shared/i18n/index.ts';
import type { Recent } from '../../shared/ipc/app.ts';

export interface MenuActions {
  command: (id: CommandId) => void;
  openRecent: (id: string) => void;
}

type Item = MenuItemConstructorOptions;
const separator: Item = { type: 'separator' };
const onMac = process.platform === 'darwin';

/** Groups of commands; each group is set apart by a line. */
const SHOTS: CommandId[][] = [
  ['shot.next', 'shot.previous'],
  ['shot.extend_next', 'shot.extend_previous', 'shot.select_all'],
  ['search.similar', 'media.examine'],
];
const CLIPS: CommandId[][] = [
  ['clip.add', 'clip.add_end', 'clip.add_range', 'clip.remove'],
  ['highlights.start', 'highlights.make_reel'],
  ['clip.next', 'clip.previous', 'clip.earlier', 'clip.later'],
  ['clip.start_earlier', 'clip.start_later', 'clip.end_earlier', 'clip.end_later'],
];
const PLAYBACK: CommandId[][] = [
  ['play.toggle', 'play.faster', 'play.backwards', 'play.loop', 'play.mute'],
  ['play.frame_next', 'play.frame_previous', 'play.frames_next_10', 'play.frames_previous_10'],
  ['play.to_start', 'play.to_end', 'play.type_time'],
  ['play.mark_in', 'play.mark_out', 'play.clear_marks'],
];
const STORY: CommandId[][] = [
  ['story.show', 'story.chapters', 'story.highlights', 'story.ask'],
  ['story.copy', 'story.add_cut'],
  ['chapter.previous', 'chapter.next'],
  ['chapter.split', 'chapter.merge', 'chapter.move', 'chapter.rename', 'chapter.reset'],
];
const VIEW: CommandId[][] = [
  ['view.palette', 'view.focus_search', 'search.everywhere'],
  ['view.zoom_in', 'view.zoom_out', 'view.zoom_fit'],
  ['view.fit_picture', 'view.actual_size', 'view.boxes', 'view.full_screen'],
];

/** Sets the menu in the current language. */
export function setMenu(actions: MenuActions, recent: readonly Recent[]): void {
  const item = (id: CommandId): Item => {
    const accelerator = acceleratorOf(COMMANDS[id][0]);
    return {
      label: messageFor(commandNameKey(id)),
      ...(accelerator === null ? {} : { accelerator, registerAccelerator: false }),
      click: () => actions.command(id),
    };
  };
  const groups = (list: CommandId[][]): Item[] => list.flatMap((group, index) => [...(index > 0 ? [separator] : []), ...group.map(item)]);
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(onMac ? [appMenu(item)] : []),
      { label: m.app_menu_file(), submenu: fileMenu(item, actions, recent) },
      { label: m.app_menu_edit(), submenu: editMenu(item) },
      { label: m.app_menu_shots(), submenu: groups(SHOTS) },
      { label: m.app_menu_clips(), submenu: groups(CLIPS) },
      { label: m.app_menu_story(), submenu: groups(STORY) },
      { label: m.app_menu_playback(), submenu: groups(PLAYBACK) },
      { label: m.app_menu_view(), submenu: groups(VIEW) },
      ...(onMac ? [{ label: m.app_menu_window(), role: 'windowMenu' } satisfies Item] : []),
      { label: m.app_menu_help(), submenu: groups([['view.shortcuts', 'view.doctor']]) },
    ]),
  );
}

function appMenu(item: (id: CommandId) => Item): Item {
  return {
    label: app.name,
    submenu: [
      { label: m.app_menu_about(), role: 'about' },
      separator,
      item('view.settings'),
      separator,
      { label: m.app_menu_hide(), role: 'hide' },
      { label: m.app_menu_quit(), role: 'quit' },
    ],
  };
}

function fileMenu(item: (id: CommandId) => Item, actions: MenuActions, recent: readonly Recent[]): Item[] {
  const known = recent.filter((entry) => entry.exists);
  const recentItems: Item[] =
    known.length === 0
      ? [{ label: m.app_menu_no_recent(), enabled: false }]
      : known.slice(0, 10).map(({ id, name, folder }) => ({ label: name, toolTip: folder, click: () => actions.openRecent(id) }));
  return [
    item('media.open'),
    { label: m.app_menu_recent(), submenu: recentItems },
    item('media.close'),
    separator,
    item('media.analyse'),
    item('media.analyse_fresh'),
    item('media.cancel_analysis'),
    separator,
    item('project.new'),
    item('project.open'),
    item('project.save'),
    separator,
    item('export.open'),
    ...(onMac ? [] : [separator, item('view.settings'), { label: m.app_menu_quit(), role: 'quit' } satisfies Item]),
  ];
}

function editMenu(item: (id: CommandId) => Item): Item[] {
  return [
    item('edit.undo'),
    item('edit.redo'),
    separator,
    { label: m.app_menu_cut(), role: 'cut' },
    { label: m.app_menu_copy(), role: 'copy' },
    { label: m.app_menu_paste(), role: 'paste' },
  ];
}

const KEYS: Record<string, string> = {
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  BracketLeft: '[',
  BracketRight: ']',
  Escape: 'Esc',
};

/**
 * Electron's form of a shortcut of the command table; null where the menu should show none. On a Mac a menu always
 * registers its keys, so plain keys, which must still type in a text field, are left out there.
 */
export function acceleratorOf(shortcut: string | undefined, mac = onMac): string | null {
  if (shortcut === undefined) return null;
  if (mac && !shortcut.startsWith('Mod+')) return null;
  return shortcut
    .split('+')
    .map((part) => (part === 'Mod' ? 'CommandOrControl' : (KEYS[part] ?? part)))
    .join('+');
}
