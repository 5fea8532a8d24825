/**
 * Tag labels in the person's language. Labels are English class names; the tables beside the models give each its Chinese name
 * and broader terms ("dog" for a beagle). One label may stand in two tables for two things: a kite flies in both senses.
 */
import { z } from 'zod';
import type { TagSource } from '../../shared/events.ts';
import type { Locale } from '../../shared/i18n/index.ts';
import coco from '../../models/labels/coco.json';
import face from '../../models/labels/face.json';
import imagenet from '../../models/labels/imagenet.json';

const tableSchema = z.array(z.object({ name: z.string(), zh: z.string(), broader: z.array(z.string()), broaderZh: z.array(z.string()) }));
type Entry = z.infer<typeof tableSchema>[number];

const readTable = (table: unknown): ReadonlyMap<string, Entry> => new Map(tableSchema.parse(table).map((entry) => [entry.name, entry]));
/** Objects first: they are the more certain ones, so theirs is the name of a label of unknown source. */
const tables: Record<TagSource, ReadonlyMap<string, Entry>> = { coco: readTable(coco), face: readTable(face), imagenet: readTable(imagenet) };

/** The name shown for a label. A label of no table is shown as it is. */
export function tagName(label: string, source: TagSource, locale: Locale): string {
  return locale === 'zh-CN' ? (tables[source].get(label)?.zh ?? label) : label;
}

/** Everything a person may type for a label: the shown name first, then the other language's and the broader ones. */
export function namesOfLabel(label: string, locale: Locale): readonly string[] {
  const entries = Object.values(tables).flatMap((table) => table.get(label) ?? []);
  const first = entries[0];
  if (!first) return [label];
  const others = entries.flatMap((entry) => [entry.name, entry.zh, ...entry.broader, ...entry.broaderZh]);
  return [locale === 'zh-CN' ? first.zh : label, ...new Set(others)];
}
