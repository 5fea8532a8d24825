/**
 * The classes that tags name: readable in English and Chinese, with broader terms to search by. A tag event carries the
 * English name (unique within its source); what a person reads follows the language.
 */
import coco from '../models/labels/coco.json';
import face from '../models/labels/face.json';
import imagenet from '../models/labels/imagenet.json';
import type { TagSource } from './events.ts';
import type { Locale } from './i18n/index.ts';

export interface Label {
  name: string;
  zh: string;
  /** Broader terms, lower case, nearest first: "terrier", "dog", "animal". Never empty. */
  broader: readonly string[];
  broaderZh: readonly string[];
}

const LABELS: Record<TagSource, readonly Label[]> = { imagenet, coco, face };

const byName = new Map(
  Object.entries(LABELS).flatMap(([source, labels]) => labels.map((label) => [`${source}:${label.name}`, label] as const)),
);

/** All classes of a source, in the order of its model's outputs. */
export function labelsOf(source: TagSource): readonly Label[] {
  return LABELS[source];
}

/** The class of a model's output number. Throws RangeError for a number that the model doesn't have. */
export function label(source: TagSource, index: number): Label {
  const found = LABELS[source][index];
  if (!found) throw new RangeError(`${source} has no class ${index}`);
  return found;
}

/** The label with this English name; null for one of a model that is no longer here. */
export function labelNamed(source: TagSource, name: string): Label | null {
  return byName.get(`${source}:${name}`) ?? null;
}

/** What a person reads for a tag. */
export function tagName(source: TagSource, name: string, locale: Locale): string {
  const found = labelNamed(source, name);
  if (!found) return name;
  return locale === 'zh-CN' ? found.zh : found.name;
}

/** Everything a tag is found by besides its English name: its Chinese name and the broader terms of both languages. */
export function searchTerms(source: TagSource, name: string): string[] {
  const found = labelNamed(source, name);
  return found ? [found.zh, ...found.broader, ...found.broaderZh] : [];
}
