/** A TTML document as a tree with the names the specification uses, whatever prefixes the file chose. */
import { XMLParser } from 'fast-xml-parser';
import { decodeEntities, encodeEntities } from './entities.ts';

export interface XmlNode {
  /** Empty for text. */
  name: string;
  attributes: Record<string, string>;
  children: XmlNode[];
  text: string;
  /** Offset in the document. */
  at: number;
}

/** Deeper documents are damage or malice. */
const DEEPEST = 60;

const PARSER = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // References are decoded by us, one by one: nothing expands.
  processEntities: false,
  cdataPropName: '#cdata',
  captureMetaData: true,
});
const META = XMLParser.getMetaDataSymbol() as symbol;

type Parsed = Record<string | symbol, unknown>;

/** Null when the text can't be parsed at all. Unclosed elements are closed at the end. Its document type must have been refused before. */
export function parseXml(text: string): XmlNode | null {
  try {
    const mended = withoutStrays(text);
    const parsed = PARSER.parse(mended) as Parsed[];
    const root = parsed.find((node) => Object.keys(node).some((key) => key !== ':@' && !key.startsWith('?') && !key.startsWith('#')));
    return root ? nodeOf(root, prefixesOf(root), 0) : null;
  } catch {
    return null;
  }
}

/** "a < b" is a mistake that is easy to understand: a tag neither begins so, nor has another one within it. A tag that the end cuts off goes. */
function withoutStrays(text: string): string {
  const end = text.lastIndexOf('<');
  const whole = end >= 0 && !text.includes('>', end) ? text.slice(0, end) : text;
  return whole.replaceAll(/<(?![A-Za-z_/!?])|<(?![!?])(?=[^<>]*<)/g, '\u0001');
}

/** What each prefix that the root declares stands for. */
function prefixesOf(root: Parsed): Map<string, string> {
  const prefixes = new Map<string, string>();
  for (const [name, value] of Object.entries(attributesOf(root))) {
    const prefix = name === 'xmlns' ? '' : name.startsWith('xmlns:') ? name.slice(6) : null;
    const meaning = meaningOf(value);
    if (prefix !== null && meaning !== null) prefixes.set(prefix, meaning);
  }
  return prefixes;
}

/** Prefix that the specification uses for a namespace: TTML1 and 2 (ns/ttml) and the drafts before (ttaf1). Null for foreign ones. */
function meaningOf(uri: string): string | null {
  const part = /^http:\/\/www\.w3\.org\/(?:ns\/ttml|20\d\d\/\d\d\/ttaf1)(?:#(\w+))?$/.exec(uri);
  if (!part) return null;
  switch (part[1]) {
    case undefined:
      return '';
    case 'styling':
    case 'style':
      return 'tts';
    case 'parameter':
      return 'ttp';
    case 'metadata':
      return 'ttm';
    default:
      return null;
  }
}

function attributesOf(node: Parsed): Record<string, string> {
  return (node[':@'] ?? {}) as Record<string, string>;
}

function nodeOf(node: Parsed, prefixes: ReadonlyMap<string, string>, depth: number): XmlNode | null {
  const name = Object.keys(node).find((key) => key !== ':@') ?? '';
  const meta = node[META] as { startIndex?: number } | undefined;
  const at = meta?.startIndex ?? 0;
  const value = node[name];
  if (name === '#text') return { name: '', attributes: {}, children: [], text: decodeEntities(unmended(String(value))), at };
  if (!Array.isArray(value)) return null;
  const inner = value as Parsed[];
  if (name === '#cdata') return { name: '', attributes: {}, children: [], text: unmended(inner.map((part) => String(part['#text'] ?? '')).join('')), at };
  if (name.startsWith('?') || name === '#comment' || name === '') return null;
  const attributes: Record<string, string> = {};
  for (const [key, text] of Object.entries(attributesOf(node))) attributes[canonical(key, prefixes, true)] = decodeEntities(unmended(String(text)));
  const children = depth >= DEEPEST ? [] : inner.map((child) => nodeOf(child, prefixes, depth + 1)).filter((child) => child !== null);
  return { name: canonical(name, prefixes, false), attributes, children, text: '', at };
}

const unmended = (text: string): string => text.replaceAll('\u0001', '<');

/** An attribute without a prefix has no namespace; an element without one has the default. */
function canonical(name: string, prefixes: ReadonlyMap<string, string>, attribute: boolean): string {
  const colon = name.indexOf(':');
  if (colon < 0) return name;
  const meaning = prefixes.get(name.slice(0, colon));
  if (meaning === undefined) return name;
  const local = name.slice(colon + 1);
  return meaning === '' && !attribute ? local : `${meaning || 'tt'}:${local}`;
}

export function attribute(text: string): string {
  return encodeEntities(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;');
}

export function openTag(name: string, attributes: Readonly<Record<string, string>>): string {
  const parts = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(value)}"`);
  return `<${name}${parts.join('')}>`;
}

export function serialize(node: XmlNode): string {
  if (node.name === '') return encodeEntities(node.text);
  const open = openTag(node.name, node.attributes);
  return node.children.length === 0 ? `${open.slice(0, -1)}/>` : `${open}${node.children.map(serialize).join('')}</${node.name}>`;
}

export function* elements(node: XmlNode, name: string): Generator<XmlNode> {
  for (const child of node.children) {
    if (child.name === name) yield child;
    yield* elements(child, name);
  }
}
