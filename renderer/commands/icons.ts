/** One icon for each command that appears as a button or in the palette; the rest have none. */
import type { Component } from 'svelte';
import ArrowLeftToLine from '@lucide/svelte/icons/arrow-left-to-line';
import ArrowRightToLine from '@lucide/svelte/icons/arrow-right-to-line';
import ChevronLeft from '@lucide/svelte/icons/chevron-left';
import ChevronRight from '@lucide/svelte/icons/chevron-right';
import FilePlus from '@lucide/svelte/icons/file-plus';
import Folder from '@lucide/svelte/icons/folder';
import FolderOpen from '@lucide/svelte/icons/folder-open';
import Info from '@lucide/svelte/icons/info';
import Keyboard from '@lucide/svelte/icons/keyboard';
import ListPlus from '@lucide/svelte/icons/list-plus';
import Maximize from '@lucide/svelte/icons/maximize';
import MoveHorizontal from '@lucide/svelte/icons/move-horizontal';
import OctagonX from '@lucide/svelte/icons/octagon-x';
import Play from '@lucide/svelte/icons/play';
import Plus from '@lucide/svelte/icons/plus';
import Proportions from '@lucide/svelte/icons/proportions';
import Redo from '@lucide/svelte/icons/redo-2';
import Repeat from '@lucide/svelte/icons/repeat';
import RotateCw from '@lucide/svelte/icons/rotate-cw';
import Save from '@lucide/svelte/icons/save';
import ScanSearch from '@lucide/svelte/icons/scan-search';
import Search from '@lucide/svelte/icons/search';
import Settings from '@lucide/svelte/icons/settings';
import Share from '@lucide/svelte/icons/share';
import SkipBack from '@lucide/svelte/icons/skip-back';
import SkipForward from '@lucide/svelte/icons/skip-forward';
import SquareDashed from '@lucide/svelte/icons/square-dashed';
import Trash from '@lucide/svelte/icons/trash';
import Undo from '@lucide/svelte/icons/undo-2';
import Volume from '@lucide/svelte/icons/volume-2';
import X from '@lucide/svelte/icons/x';
import ZoomIn from '@lucide/svelte/icons/zoom-in';
import ZoomOut from '@lucide/svelte/icons/zoom-out';
import Command from '@lucide/svelte/icons/command';
import Expand from '@lucide/svelte/icons/expand';
import ChevronsLeft from '@lucide/svelte/icons/chevrons-left';
import ChevronsRight from '@lucide/svelte/icons/chevrons-right';
import ArrowDownFromLine from '@lucide/svelte/icons/arrow-down-from-line';
import ArrowUpFromLine from '@lucide/svelte/icons/arrow-up-from-line';
import AudioLines from '@lucide/svelte/icons/audio-lines';
import Copy from '@lucide/svelte/icons/copy';
import FastForward from '@lucide/svelte/icons/fast-forward';
import Languages from '@lucide/svelte/icons/languages';
import Pencil from '@lucide/svelte/icons/pencil';
import Scissors from '@lucide/svelte/icons/scissors';
import TextSearch from '@lucide/svelte/icons/text-search';
import Undo1 from '@lucide/svelte/icons/undo';
import WandSparkles from '@lucide/svelte/icons/wand-sparkles';
import AlignEnd from '@lucide/svelte/icons/align-horizontal-justify-end';
import AlignStart from '@lucide/svelte/icons/align-horizontal-justify-start';
import Captions from '@lucide/svelte/icons/captions';
import CaptionsPanel from '@lucide/svelte/icons/panel-right';
import CircleAlert from '@lucide/svelte/icons/circle-alert';
import Combine from '@lucide/svelte/icons/combine';
import FilePen from '@lucide/svelte/icons/file-pen';
import Import from '@lucide/svelte/icons/import';
import ListChecks from '@lucide/svelte/icons/list-checks';
import Palette from '@lucide/svelte/icons/palette';
import Replace from '@lucide/svelte/icons/replace';
import Ruler from '@lucide/svelte/icons/ruler';
import SquareSplitVertical from '@lucide/svelte/icons/square-split-vertical';
import Timer from '@lucide/svelte/icons/timer';
import Wrench from '@lucide/svelte/icons/wrench';
import Film from '@lucide/svelte/icons/film';
import Images from '@lucide/svelte/icons/images';
import ListEnd from '@lucide/svelte/icons/list-end';
import BookOpenText from '@lucide/svelte/icons/book-open-text';
import Clapperboard from '@lucide/svelte/icons/clapperboard';
import ClipboardCopy from '@lucide/svelte/icons/clipboard-copy';
import FoldVertical from '@lucide/svelte/icons/fold-vertical';
import MessageCircleQuestion from '@lucide/svelte/icons/message-circle-question-mark';
import Quote from '@lucide/svelte/icons/quote';
import Sparkles from '@lucide/svelte/icons/sparkles';
import Contrast from '@lucide/svelte/icons/contrast';
import DiamondMinus from '@lucide/svelte/icons/diamond-minus';
import DiamondPlus from '@lucide/svelte/icons/diamond-plus';
import Eye from '@lucide/svelte/icons/eye';
import ImagePlus from '@lucide/svelte/icons/image-plus';
import ClipboardPaste from '@lucide/svelte/icons/clipboard-paste';
import SquareSplitHorizontal from '@lucide/svelte/icons/square-split-horizontal';
import Sliders from '@lucide/svelte/icons/sliders-horizontal';
import Wand from '@lucide/svelte/icons/wand';
import TableOfContents from '@lucide/svelte/icons/table-of-contents';
import type { CommandId } from '../../shared/commands.ts';

export type Icon = Component<{ size?: number | string; strokeWidth?: number | string }>;

export const ICONS: Partial<Record<CommandId, Icon>> = {
  'media.open': FolderOpen,
  'media.close': X,
  'media.analyse': ScanSearch,
  'media.analyse_fresh': RotateCw,
  'media.cancel_analysis': OctagonX,
  'project.new': FilePlus,
  'project.open': Folder,
  'project.save': Save,
  'edit.undo': Undo,
  'edit.redo': Redo,
  'clip.add': ListPlus,
  'clip.add_range': Plus,
  'clip.add_end': ListEnd,
  'search.open': Play,
  'search.similar': Images,
  'highlights.play': Play,
  'highlights.make_reel': Film,
  'highlights.reset_weights': RotateCw,
  'clip.remove': Trash,
  'clip.earlier': ChevronsLeft,
  'clip.later': ChevronsRight,
  'play.toggle': Play,
  'play.frame_previous': ChevronLeft,
  'play.frame_next': ChevronRight,
  'play.to_start': SkipBack,
  'play.to_end': SkipForward,
  'play.mark_in': ArrowLeftToLine,
  'play.mark_out': ArrowRightToLine,
  'play.clear_marks': MoveHorizontal,
  'play.loop': Repeat,
  'play.mute': Volume,
  'captions.show': Captions,
  'captions.panel': CaptionsPanel,
  'captions.transcribe': AudioLines,
  'captions.import': Import,
  'captions.add': FilePen,
  'captions.track': Pencil,
  'captions.rules': Ruler,
  'captions.style': Palette,
  'captions.insert': Plus,
  'captions.split': SquareSplitVertical,
  'captions.merge': Combine,
  'captions.remove': Trash,
  'captions.set_in': AlignStart,
  'captions.set_out': AlignEnd,
  'captions.time': Timer,
  'captions.find': Replace,
  'captions.problem_next': CircleAlert,
  'captions.fix': Wrench,
  'captions.fix_all': ListChecks,
  'captions.edit': Pencil,
  'view.fit_picture': Expand,
  'view.actual_size': Proportions,
  'view.boxes': SquareDashed,
  'view.full_screen': Maximize,
  'view.zoom_in': ZoomIn,
  'view.zoom_out': ZoomOut,
  'view.focus_search': Search,
  'view.palette': Command,
  'view.settings': Settings,
  'view.shortcuts': Keyboard,
  'view.doctor': Info,
  'play.edit': FastForward,
  'transcript.show': TextSearch,
  'transcript.start': AudioLines,
  'transcript.translate': Languages,
  'transcript.find': Search,
  'transcript.correct': Pencil,
  'transcript.cut': Scissors,
  'transcript.restore': Undo1,
  'transcript.earlier': ArrowUpFromLine,
  'transcript.later': ArrowDownFromLine,
  'transcript.copy': Copy,
  'transcript.add_clip': ListPlus,
  'story.show': BookOpenText,
  'story.chapters': TableOfContents,
  'story.highlights': Sparkles,
  'story.ask': MessageCircleQuestion,
  'story.refresh': RotateCw,
  'story.verbatim': Quote,
  'story.copy': Copy,
  'story.add_cut': Clapperboard,
  'chapter.play': Play,
  'chapter.rename': Pencil,
  'chapter.split': SquareSplitVertical,
  'chapter.merge': FoldVertical,
  'chapter.move': AlignStart,
  'chapter.reset': Undo1,
  'chapter.add_clip': ListPlus,
  'chapter.copy': ClipboardCopy,
  'tighten.show': WandSparkles,
  'style.show': Wand,
  'style.settings': Sliders,
  'style.make_clip': Plus,
  'style.choose_picture': ImagePlus,
  'style.about': Info,
  'style.copy': Copy,
  'style.paste': ClipboardPaste,
  'style.spread': ListChecks,
  'style.remove': Trash,
  'style.key_add': DiamondPlus,
  'style.key_remove': DiamondMinus,
  'style.key_previous': ChevronLeft,
  'style.key_next': ChevronRight,
  'style.preview': Eye,
  'style.wipe': SquareSplitHorizontal,
  'style.original': Contrast,
  'style.render': Clapperboard,
  'style.stop': X,
  'export.open': Share,
};
