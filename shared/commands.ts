/**
 * The table of everything a person can do in the window: one id each, with its shortcuts. The window's registry adds what a
 * command does; the native menu shows the same names (`panels_command_<id with _ for .>` in the catalogues) and keys.
 *
 * A shortcut is modifiers and one key joined by "+": Mod (Ctrl, on a Mac Cmd), Shift, Alt, then a `KeyboardEvent.key`
 * (letters upper case), Space, Plus, or the `KeyboardEvent.code` of a key whose character depends on the layout (BracketLeft). The window handles all of them itself, because most are plain keys that must not fire while
 * someone types: a native menu only shows them.
 */
export const COMMANDS = {
  'media.open': ['Mod+O'],
  'media.close': ['Mod+W'],
  'media.analyse': ['Mod+R'],
  'media.analyse_fresh': [],
  'media.cancel_analysis': [],
  'project.new': ['Mod+N'],
  'project.open': ['Mod+Shift+O'],
  'project.save': ['Mod+S'],
  'edit.undo': ['Mod+Z'],
  'edit.redo': ['Mod+Shift+Z', 'Mod+Y'],
  'shot.next': ['ArrowDown', 'PageDown'],
  'shot.previous': ['ArrowUp', 'PageUp'],
  'shot.extend_next': ['Shift+ArrowDown'],
  'shot.extend_previous': ['Shift+ArrowUp'],
  'shot.select_all': ['Mod+A'],
  'clip.add': ['Enter', 'A'],
  'clip.add_range': ['Shift+A'],
  'clip.remove': ['Delete', 'Backspace'],
  'clip.next': ['Mod+ArrowRight'],
  'clip.previous': ['Mod+ArrowLeft'],
  'clip.earlier': ['Alt+ArrowLeft'],
  'clip.later': ['Alt+ArrowRight'],
  'clip.start_later': ['BracketLeft'],
  'clip.start_later_10': ['Shift+BracketLeft'],
  'clip.start_earlier': ['Alt+BracketLeft'],
  'clip.start_earlier_10': ['Alt+Shift+BracketLeft'],
  'clip.end_earlier': ['BracketRight'],
  'clip.end_earlier_10': ['Shift+BracketRight'],
  'clip.end_later': ['Alt+BracketRight'],
  'clip.end_later_10': ['Alt+Shift+BracketRight'],
  'play.toggle': ['Space', 'K'],
  'play.faster': ['L'],
  'play.backwards': ['J'],
  'play.frame_next': ['ArrowRight'],
  'play.frame_previous': ['ArrowLeft'],
  'play.frames_next_10': ['Shift+ArrowRight'],
  'play.frames_previous_10': ['Shift+ArrowLeft'],
  'play.to_start': ['Home'],
  'play.to_end': ['End'],
  'play.mark_in': ['I'],
  'play.mark_out': ['O'],
  'play.clear_marks': ['X'],
  'play.loop': ['Shift+L'],
  'play.mute': ['M'],
  'play.type_time': ['G'],
  'view.fit_picture': ['Mod+1'],
  'view.actual_size': ['Mod+2'],
  'view.boxes': ['B'],
  'view.full_screen': ['F'],
  'view.zoom_in': ['Plus', '='],
  'view.zoom_out': ['-'],
  'view.zoom_fit': ['0'],
  'view.focus_search': ['/', 'Mod+F'],
  'view.palette': ['Mod+K', 'Mod+Shift+P'],
  'view.settings': ['Mod+,'],
  'view.shortcuts': ['?'],
  'view.doctor': [],
  'view.escape': ['Escape'],
  'export.open': ['E', 'Mod+E'],
} as const satisfies Record<string, readonly string[]>;

export type CommandId = keyof typeof COMMANDS;

/** Catalogue key of a command's name. */
export function commandNameKey(id: CommandId): string {
  return `panels_command_${id.replace('.', '_')}`;
}

export function isCommandId(id: string): id is CommandId {
  return Object.hasOwn(COMMANDS, id);
}
