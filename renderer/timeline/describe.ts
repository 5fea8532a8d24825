/** What the timeline says in words: to a screen reader, in the status line, and beside a drag. */
import type { Clip } from '../../shared/edit.ts';
import type { ShotEvent } from '../../shared/events.ts';
import { m } from '../../shared/i18n/index.ts';
import { flicks, formatTimecode, subtract, toSeconds, type Flicks, type Rational } from '../../shared/time.ts';
import { startAfterMove } from './clips.ts';
import type { Drag, Drop, Stage } from './stage.ts';

function transitionName(shot: ShotEvent): string {
  switch (shot.transitionIn) {
    case 'start':
      return m.timeline_transition_start();
    case 'cut':
      return m.timeline_transition_cut();
    case 'dissolve':
      return m.timeline_transition_dissolve();
    case 'fade':
      return m.timeline_transition_fade();
  }
}

const TAGS_SAID = 4;

/** Number, times, how it begins, best tags. Empty when there is no such shot. */
export function sayShot(stage: Stage, index: number): string {
  const { model } = stage.props;
  const shot = model.shots[index];
  if (!shot) return '';
  const time = (value: Flicks): string => formatTimecode(value, model.rate);
  const tags = model.tagsOfShot(index).slice(0, TAGS_SAID).map((tag) => model.tagName(tag));
  const words = m.timeline_say_shot({ n: index + 1, total: model.shots.length, start: time(shot.start), length: time(subtract(shot.end, shot.start)), how: transitionName(shot) });
  return tags.length > 0 ? m.timeline_say_with_tags({ words, tags: tags.join(m.timeline_list_separator()) }) : words;
}

export function sayClip(stage: Stage, index: number): string {
  const { model } = stage.props;
  const clip = model.clips[index];
  if (!clip) return '';
  const rate = rateOf(stage, clip);
  const words = m.timeline_say_clip({ n: index + 1, total: model.clips.length, name: clip.name, start: formatTimecode(clip.start, rate), length: formatTimecode(subtract(clip.end, clip.start), rate) });
  const style = model.clipEffect(clip);
  return style === null ? words : m.style_say_clip({ words, style });
}

/** Number, text, times, and whether it breaks a rule. Empty when there is no such cue. */
export function sayCue(stage: Stage, index: number): string {
  const { model } = stage.props;
  const cue = model.captions?.cues[index];
  if (!cue) return '';
  const time = (value: Flicks): string => formatTimecode(value, model.rate);
  const params = { n: index + 1, total: model.captions?.cues.length ?? 0, text: cue.text.replaceAll('\n', ' '), start: time(cue.start), length: time(subtract(cue.end, cue.start)) };
  return model.captions?.violated.has(cue.id) ? m.timeline_say_cue_faulty(params) : m.timeline_say_cue(params);
}

/** Number, title and start. Empty when there is no such chapter. */
function sayChapter(stage: Stage, index: number): string {
  const { model } = stage.props;
  const chapter = model.chapters[index];
  return chapter ? m.timeline_say_chapter({ n: index + 1, total: model.chapters.length, title: chapter.title, start: formatTimecode(chapter.start, model.rate) }) : '';
}

function rateOf(stage: Stage, clip: Clip): Rational {
  return stage.props.model.clipMedia(clip.media)?.rate ?? stage.props.model.rate;
}

/** One line for what is under the pointer; empty over nothing. */
export function sayPointer(stage: Stage): string {
  const target = stage.pointer?.target;
  if (!target || stage.drag) return '';
  if ('shot' in target) return sayShot(stage, target.shot);
  if (target.area === 'cue') return sayCue(stage, target.index);
  if (target.area === 'chapter') return sayChapter(stage, target.index);
  if (target.area === 'captions') return stage.props.model.captions?.others.find((track) => track.id === target.track)?.name ?? '';
  return target.area === 'clip' ? sayClip(stage, target.index) : '';
}

export interface ReadOut {
  readonly lines: readonly { readonly name: string; readonly value: string }[];
  /** Where it stands, in CSS pixels of the canvas. */
  readonly x: number;
  readonly y: number;
}

const signed = (time: number, rate: Rational): string => `${time < 0 ? '−' : '+'}${formatTimecode(flicks(Math.abs(Math.round(time))), rate)}`;

/** The numbers of a drag in progress; null for drags that have none of their own. */
export function readOut(stage: Stage): ReadOut | null {
  const { drag, pointer, drop } = stage;
  if (drop) return { lines: dropLines(stage, drop), x: drop.x, y: stage.rows.clips.top };
  if (!drag || !pointer) return null;
  const lines = linesOf(stage, drag);
  const { clips, captions, shots } = stage.rows;
  const row = drag.kind === 'trim' || drag.kind === 'reorder' ? clips : drag.kind === 'cue' ? captions : shots;
  return lines.length === 0 ? null : { lines, x: pointer.x, y: row.top };
}

/** Where dropped ranges would begin, and how much longer they make the sequence. */
function dropLines(stage: Stage, { at, carried }: Drop): ReadOut['lines'] {
  const { rate, clips } = stage.props.model;
  const lines = [
    { name: m.timeline_read_place(), value: m.timeline_read_place_of({ n: at + 1, total: clips.length + (carried?.count ?? 1) }) },
    { name: m.timeline_read_starts(), value: formatTimecode(flicks(stage.offsets[at] ?? 0), rate) },
  ];
  return carried ? [...lines, { name: m.timeline_read_length(), value: formatTimecode(carried.length, rate) }] : lines;
}

function linesOf(stage: Stage, drag: Drag): ReadOut['lines'] {
  const { rate, clips } = stage.props.model;
  switch (drag.kind) {
    case 'scrub':
    case 'pan':
    case 'press':
      return [];
    case 'range':
      return [
        { name: m.timeline_read_in(), value: formatTimecode(drag.start, rate) },
        { name: m.timeline_read_out(), value: formatTimecode(drag.end, rate) },
        { name: m.timeline_read_length(), value: formatTimecode(subtract(drag.end, drag.start), rate) },
      ];
    case 'in':
    case 'out': {
      const { inPoint, outPoint } = stage.props;
      const [start, end] = drag.kind === 'in' ? [drag.time, outPoint] : [inPoint, drag.time];
      const own = { name: drag.kind === 'in' ? m.timeline_read_in() : m.timeline_read_out(), value: formatTimecode(drag.time, rate) };
      return start === null || end === null ? [own] : [own, { name: m.timeline_read_length(), value: formatTimecode(subtract(end, start), rate) }];
    }
    case 'reorder': {
      const start = startAfterMove(clips, drag.index, drag.to);
      const before = startAfterMove(clips, drag.index, drag.index);
      return [
        { name: m.timeline_read_place(), value: m.timeline_read_place_of({ n: drag.to + 1, total: clips.length }) },
        { name: m.timeline_read_starts(), value: formatTimecode(flicks(start), rate) },
        { name: m.timeline_read_change(), value: signed(start - before, rate) },
      ];
    }
    case 'cue': {
      if (!drag.moved) return [];
      return [
        { name: m.timeline_read_in(), value: formatTimecode(drag.start, rate) },
        { name: m.timeline_read_out(), value: formatTimecode(drag.end, rate) },
        { name: m.timeline_read_length(), value: m.timeline_read_seconds({ seconds: toSeconds(subtract(drag.end, drag.start)).toFixed(2) }) },
        { name: m.timeline_read_change(), value: signed(drag.part === 'end' ? drag.end - drag.cue.end : drag.start - drag.cue.start, rate) },
      ];
    }
    case 'trim': {
      const own = rateOf(stage, drag.clip);
      const edge = drag.edge === 'start' ? m.timeline_read_in() : m.timeline_read_out();
      return [
        { name: edge, value: formatTimecode(drag[drag.edge], own) },
        { name: m.timeline_read_length(), value: formatTimecode(subtract(drag.end, drag.start), own) },
        { name: m.timeline_read_change(), value: signed(drag.end - drag.start - (drag.clip.end - drag.clip.start), own) },
      ];
    }
  }
}
