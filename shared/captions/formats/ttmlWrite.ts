/** Writing TTML as an IMSC 1.1 text document. */
import type { CaptionStyle, Cue, CuePlace, Speaker } from '../types.ts';
import { writeClock } from './clock.ts';
import { encodeEntities, withoutControls } from './entities.ts';
import { runsOf, PLAIN, sameStyle, type RunStyle } from './styled.ts';
import { placeOfRegion, regionId, regionOf, rootExtent } from './ttmlRegions.ts';
import { StyleSheet, stylesOfLook } from './ttmlStyles.ts';
import { attribute, elements, openTag, parseXml, type XmlNode } from './ttmlXml.ts';
import type { Warnings } from './warnings.ts';

const NAMESPACES = {
  xmlns: 'http://www.w3.org/ns/ttml',
  'xmlns:ttp': 'http://www.w3.org/ns/ttml#parameter',
  'xmlns:tts': 'http://www.w3.org/ns/ttml#styling',
  'xmlns:ttm': 'http://www.w3.org/ns/ttml#metadata',
};
/** IMSC 1.1, section 5.2. */
const PROFILE = 'http://www.w3.org/ns/ttml/profile/imsc1.1/text';
/** Parameters of times: ours are media times, whatever the file counted by. */
const TIMING = /^(ttp:(timeBase|frameRate|frameRateMultiplier|subFrameRate|tickRate|dropMode|markerMode|clockMode|profile|contentProfiles)|xmlns(:tt[psm]?)?|xml:lang|xml:space)$/;
/** Name of the style of all paragraphs in documents that have no head of their own. */
const BASE_STYLE = 'look';

export interface TtmlTrack {
  cues: readonly Cue[];
  speakers: readonly Speaker[];
  language: string;
  name: string;
  style: CaptionStyle;
  extras: Readonly<Record<string, string>>;
}

export function writeTtml(track: TtmlTrack, warnings: Warnings): string {
  if (track.style.highlight !== 'none') warnings.add('style_lost', 1);
  const kept = keptHead(track);
  const agents = agentIds(track.speakers);
  const places = new Map<string, CuePlace | null>();
  const paragraphs = track.cues.map((cue) => paragraph(cue, track.style, kept, agents, places));
  const regions = [...places.values()].map((place) => openTag('region', regionOf(place, track.style)).replace(/>$/, '/>'));
  const root = openTag('tt', { ...NAMESPACES, ...(kept?.root ?? {}), 'ttp:contentProfiles': PROFILE, 'ttp:timeBase': 'media', 'xml:lang': track.language === 'und' ? '' : track.language, 'xml:space': 'preserve' });
  const head = kept ? withRegions(kept.text, regions) : ownHead(track, regions);
  const metadata = agents.list.map(({ id, name }) => `<ttm:agent xml:id="${id}" type="person"><ttm:name type="full">${encodeEntities(withoutControls(name))}</ttm:name></ttm:agent>`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    root,
    '<head>',
    ...metadata,
    head,
    '</head>',
    kept ? '<body>' : `<body style="${BASE_STYLE}">`,
    '<div>',
    ...paragraphs,
    '</div>',
    '</body>',
    '</tt>',
    '',
  ].join('\n');
}

function ownHead(track: TtmlTrack, regions: readonly string[]): string {
  const title = track.name === '' ? [] : [`<metadata><ttm:title>${encodeEntities(withoutControls(track.name).replaceAll(/\s+/g, ' '))}</ttm:title></metadata>`];
  const style = openTag('style', { 'xml:id': BASE_STYLE, ...stylesOfLook(track.style) }).replace(/>$/, '/>');
  return [...title, '<styling>', style, '</styling>', '<layout>', ...regions, '</layout>'].join('\n');
}

/** The head of the file that was read, as long as the track still looks as it says. */
interface KeptHead {
  text: string;
  root: Record<string, string>;
  regions: ReadonlyMap<string, XmlNode>;
  sheet: StyleSheet;
}

function keptHead(track: TtmlTrack): KeptHead | null {
  const text = track.extras['ttml.head'];
  const root = readStrings(track.extras['ttml.root']);
  if (text === undefined || root === null || track.extras['ttml.look'] !== JSON.stringify(track.style)) return null;
  const attributes = Object.fromEntries(Object.entries(root).filter(([name]) => !TIMING.test(name)));
  const parsed = parseXml(`${openTag('tt', { ...NAMESPACES, ...attributes })}<head>${text}</head></tt>`);
  const head = parsed?.children.find((child) => child.name === 'head');
  if (!head) return null;
  const regions = new Map([...elements(head, 'region')].map((region) => [region.attributes['xml:id'] ?? '', region]));
  return { text, root: attributes, regions, sheet: new StyleSheet(head) };
}

function readStrings(text: string | undefined): Record<string, string> | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return null;
  }
}

function withRegions(head: string, regions: readonly string[]): string {
  if (regions.length === 0) return head;
  const added = regions.join('\n');
  if (head.includes('</layout>')) return head.replace('</layout>', () => `${added}\n</layout>`);
  return head.includes('<layout/>') ? head.replace('<layout/>', () => `<layout>${added}</layout>`) : `${head}\n<layout>\n${added}\n</layout>`;
}

interface Agents {
  list: { id: string; name: string }[];
  byId: ReadonlyMap<string, string>;
}

/** xml:ids of the speakers: names of XML, not taken by regions or styles. */
function agentIds(speakers: readonly Speaker[]): Agents {
  const list = speakers.map((speaker) => ({ own: speaker.id, id: `speaker_${speaker.id.replaceAll(/[^\w-]/g, '_')}`, name: speaker.name.trim() || speaker.id }));
  return { list, byId: new Map(list.map(({ own, id }) => [own, id])) };
}

function paragraph(cue: Cue, look: CaptionStyle, kept: KeptHead | null, agents: Agents, places: Map<string, CuePlace | null>): string {
  const own = kept ? (readStrings(cue.extras['ttml.p']) ?? {}) : {};
  const keptRegion = kept && isSamePlace(cue, kept, own) ? cue.extras['ttml.region'] : undefined;
  const region = keptRegion ?? regionId(cue.place, look);
  if (keptRegion === undefined && !kept?.regions.has(region)) places.set(region, cue.place);
  const agent = cue.speaker === null ? undefined : agents.byId.get(cue.speaker);
  delete own['xml:space'];
  const tag = openTag('p', { begin: writeClock(cue.start, '.', 3), end: writeClock(cue.end, '.', 3), ...own, region, ...(agent === undefined ? {} : { 'ttm:agent': agent }) });
  return `${tag}${content(cue)}</p>`;
}

function isSamePlace(cue: Cue, kept: KeptHead, own: Record<string, string>): boolean {
  const id = cue.extras['ttml.region'];
  const region = id === undefined ? undefined : kept.regions.get(id);
  if (id === undefined || !region) return false;
  const styles = kept.sheet.of(region, {});
  const around = kept.sheet.of({ name: 'p', attributes: own, children: [], text: '', at: 0 }, styles);
  const place = placeOfRegion(id, styles, around['tts:textAlign'] ?? 'start', rootExtent(kept.root['tts:extent']));
  return JSON.stringify(place) === JSON.stringify(cue.place);
}

function content(cue: Cue): string {
  return runsOf(cue)
    .map((run) => {
      const text = encodeEntities(withoutControls(cue.text.slice(run.from, run.to))).replaceAll('\n', '<br/>');
      return sameStyle(run.style, PLAIN) ? text : `${spanTag(run.style)}${text}</span>`;
    })
    .join('');
}

function spanTag(style: RunStyle): string {
  const attributes = [
    style.italic ? 'tts:fontStyle="italic"' : '',
    style.bold ? 'tts:fontWeight="bold"' : '',
    style.underline ? 'tts:textDecoration="underline"' : '',
    style.colour === null ? '' : `tts:color="${attribute(style.colour)}"`,
  ];
  return `<span ${attributes.filter((part) => part !== '').join(' ')}>`;
}

