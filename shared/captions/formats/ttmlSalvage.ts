/** What is left of a TTML file that no parser takes: its paragraphs, one by one. */
import { parseXml, type XmlNode } from './ttmlXml.ts';
import type { Warnings } from './warnings.ts';

const OPENING = /<(?:(\w{1,20}):)?p[\s>]/g;

export function salvage(text: string, warnings: Warnings): XmlNode | null {
  const rootTag = /<(?:\w{1,20}:)?tt(?:\s[^<>]{0,20000})?>/.exec(text)?.[0] ?? '<tt xmlns="http://www.w3.org/ns/ttml">';
  const rootName = /^<([\w:]{1,41})/.exec(rootTag)?.[1] ?? 'tt';
  const headAt = /<(?:\w{1,20}:)?head[\s>]/.exec(text)?.index ?? -1;
  const headEnd = headAt < 0 ? -1 : text.slice(headAt).search(/<\/(?:\w{1,20}:)?head\s*>/);
  const closing = headEnd < 0 ? '' : (/^<\/(?:\w{1,20}:)?head\s*>/.exec(text.slice(headAt + headEnd))?.[0] ?? '');
  const head = headEnd < 0 ? '' : text.slice(headAt, headAt + headEnd) + closing;
  const root = parseXml(`${rootTag}${head}</${rootName}>`) ?? parseXml(`${rootTag}</${rootName}>`);
  if (!root) return null;
  const openings = [...text.matchAll(OPENING)];
  const paragraphs: XmlNode[] = [];
  for (const [index, opening] of openings.entries()) {
    const until = openings[index + 1]?.index ?? text.length;
    const piece = text.slice(opening.index, until);
    const name = opening[1] === undefined ? 'p' : `${opening[1]}:p`;
    const end = piece.indexOf(`</${name}`);
    const body = end < 0 ? piece : `${piece.slice(0, end)}</${name}>`;
    const paragraph = parseXml(`${rootTag}${body}</${rootName}>`)?.children.find((child) => child.name === 'p');
    if (paragraph) paragraphs.push({ ...paragraph, at: opening.index });
    else warnings.add('line_skipped', lineOf(text, opening.index));
  }
  if (paragraphs.length === 0) return null;
  warnings.add('cut_short', lineOf(text, openings.at(-1)?.index ?? 0));
  return { ...root, children: [...root.children, { name: 'body', attributes: {}, children: paragraphs, text: '', at: 0 }] };
}

/** Only the first of many counts are asked for: a warning keeps the least. */
function lineOf(text: string, at: number): number {
  return at > 1_000_000 ? 1 : text.slice(0, at).split('\n').length;
}
