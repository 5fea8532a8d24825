/** Files that hold pictures made by a network say so: in a comment that every player shows, and in XMP where the container has a place for it. */
import { basename } from 'node:path';
import { appendFile, open } from 'node:fs/promises';
import { z } from 'zod';
import { ExpectedError } from '../../shared/errors.ts';
import { messageFor } from '../../shared/i18n/index.ts';
import { STYLES } from '../../shared/style/catalogue.ts';
import { isGenerated } from '../../shared/style/effect.ts';
import type { ClipEffect, StyleId } from '../../shared/style/types.ts';
import { collect, fileUrl, inputOptions } from '../media/process.ts';
import type { Tags } from './arguments.ts';
import type { Container } from './containers.ts';

/** IPTC's term for a picture that a camera and a trained network made together (cv.iptc.org/newscodes/digitalsourcetype). */
export const DIGITAL_SOURCE_TYPE = 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia';
/** The box that holds XMP in ISO base media (XMP Specification Part 3, 1.1.4). */
export const XMP_UUID = Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex');

/** A network that made pictures of an output. */
export interface GeneratingModel {
  /** What it does, in English: a file travels farther than the language of the app. */
  name: string;
  id: string;
  /** SHA-256 of its file, hexadecimal. */
  sha256: string;
}

export interface Generated {
  /** Contains pictures generated on this machine by … A line for this export, and one for each earlier one that the sources came from. */
  statement: string;
  /** "Rushes 0.1.0" */
  creator: string;
  models: readonly GeneratingModel[];
}

/** Networks that only look at pictures, or carry and fit what another made. */
const HELPERS = new Set(['blazeface', 'face-landmarks', 'motion-flow', 'style-fit', 'style-lay', 'style-settle', 'style-carry', 'style-guide']);

/** Ids of the networks whose pictures an effect shows; none where nothing is generated. */
export function generatingModels(effect: ClipEffect): { style: StyleId; id: string }[] {
  const { style } = effect;
  if (!isGenerated(effect) || style.id === 'none') return [];
  const { id } = style;
  return STYLES[id].models.filter((model) => !HELPERS.has(model)).map((model) => ({ style: id, id: model }));
}

/** The file that runs for a model, which may be its int8 form. */
export type ModelFile = Pick<GeneratingModel, 'id' | 'sha256'>;

/** What an output with these effects says; null where nothing of it is generated. `models`: by id. Throws for a model that isn't among them. */
export function generatedMetadata(effects: readonly ClipEffect[], models: ReadonlyMap<string, ModelFile>, version: string): Generated | null {
  const named = effects.flatMap((effect) => generatingModels(effect)).map(({ style, id }): GeneratingModel => {
    const file = models.get(id);
    if (!file) throw new Error(`no model ${id}`);
    return { name: messageFor(`export_generator_${style.replaceAll('-', '_')}`, {}, 'en'), ...file };
  });
  const once = [...new Map(named.map((model) => [model.id, model])).values()];
  if (once.length === 0) return null;
  const creator = `Rushes ${version}`;
  const list = once.map(({ name, id, sha256 }) => `${name} (${id}, sha256 ${sha256.slice(0, 8)})`).join(', ');
  return { statement: messageFor('export_generated', { creator, list }, 'en'), creator, models: once };
}

/** A statement as exports write it, whatever version did: its creator, and its models. */
const STATED = new RegExp(`^${messageFor('export_generated', { creator: '(Rushes [^:]+)', list: '(.+)' }, 'en')}$`, 'gm');

/** What comments of sources say of earlier exports' pictures holds for what is cut of them: the output says it too. Null when none says anything. */
export function withEarlier(own: Generated | null, comments: readonly (string | null)[]): Generated | null {
  const stated = comments.flatMap((comment) => [...(comment ?? '').matchAll(STATED)]);
  if (stated.length === 0) return own;
  const lines = [...stated.map(([line]) => line), ...(own ? [own.statement] : [])];
  return { statement: [...new Set(lines)].join('\n'), creator: own?.creator ?? stated[0]?.[1] ?? 'Rushes', models: own?.models ?? [] };
}

/** Tags of the file. `comment`: the source's own, which stays. */
export function generatedTags({ statement, creator, models }: Generated, comment: string | null, container: Container): Tags {
  const own = { comment: [...(comment?.trim() ? [comment] : []), ...statement.split('\n').filter((line) => !comment?.includes(line))].join('\n') };
  if (container !== 'mkv' && container !== 'webm') return own;
  const source = { ...own, DIGITAL_SOURCE_TYPE, CREATOR_TOOL: creator };
  if (models.length === 0) return source;
  return { ...source, AI_SYSTEM_USED: models.map(({ name, id }) => `${name} (${id})`).join(', '), AI_SYSTEM_VERSION_USED: models.map(({ sha256 }) => sha256).join(', ') };
}

const escaped = (text: string): string => text.replace(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The same as an XMP packet: IPTC's Digital Source Type and AI system (IPTC Photo Metadata Standard 2025.1), the creator tool, the statement. */
export function xmpPacket({ statement, creator, models }: Generated): string {
  const systems = models.map(({ name, id }) => `${name} (${id})`).join(', ');
  const versions = models.map(({ sha256 }) => sha256).join(', ');
  return [
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">',
    `<xmp:CreatorTool>${escaped(creator)}</xmp:CreatorTool>`,
    `<Iptc4xmpExt:DigitalSourceType>${DIGITAL_SOURCE_TYPE}</Iptc4xmpExt:DigitalSourceType>`,
    ...(models.length === 0 ? [] : [`<Iptc4xmpExt:AISystemUsed>${escaped(systems)}</Iptc4xmpExt:AISystemUsed>`, `<Iptc4xmpExt:AISystemVersionUsed>${escaped(versions)}</Iptc4xmpExt:AISystemVersionUsed>`]),
    `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${escaped(statement)}</rdf:li></rdf:Alt></dc:description>`,
    '</rdf:Description></rdf:RDF></x:xmpmeta>',
    '<?xpacket end="w"?>',
  ].join('\n');
}

const holdsBoxes = (container: Container): boolean => container === 'mp4' || container === 'mov';

/** Puts the XMP after everything else in an MP4 or QuickTime file; others have it in their tags alone. */
export async function appendXmp(path: string, generated: Generated, container: Container): Promise<void> {
  if (!holdsBoxes(container)) return;
  const packet = Buffer.from(xmpPacket(generated), 'utf8');
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + XMP_UUID.length + packet.length);
  head.write('uuid', 4, 'latin1');
  await appendFile(path, Buffer.concat([head, XMP_UUID, packet]));
}

/** The XMP of an ISO base media file, found by walking its boxes; null without one. Throws where the boxes don't end with the file. */
export async function readXmp(path: string): Promise<string | null> {
  const file = await open(path, 'r');
  try {
    const { size: bytes } = await file.stat();
    const head = Buffer.alloc(32);
    let found: string | null = null;
    for (let at = 0; at < bytes; ) {
      const { bytesRead } = await file.read(head, 0, head.length, at);
      const short = head.readUInt32BE(0);
      const size = short === 1 ? Number(head.readBigUInt64BE(8)) : short;
      if (bytesRead < 8 || size < 8 || at + size > bytes) throw new RangeError(`no box of ${size} bytes fits at ${at} of ${bytes}`);
      if (head.toString('latin1', 4, 8) === 'uuid' && head.subarray(8, 24).equals(XMP_UUID)) {
        const packet = Buffer.alloc(size - 24);
        await file.read(packet, 0, packet.length, at + 24);
        found = packet.toString('utf8');
      }
      at += size;
    }
    return found;
  } finally {
    await file.close();
  }
}

const commentSchema = z.object({ format: z.object({ tags: z.record(z.string(), z.string()).default({}) }).default({ tags: {} }) });

/** The comment of a file; null without one. Matroska writes names in capitals. */
export async function readComment(path: string, signal?: AbortSignal): Promise<string | null> {
  const args = ['-show_entries', 'format_tags', '-of', 'json', ...inputOptions(), '-i', fileUrl(path)];
  const { tags } = commentSchema.parse(JSON.parse((await collect('ffprobe', args, { name: basename(path), signal })).toString('utf8'))).format;
  return Object.entries(tags).find(([name]) => name.toLowerCase() === 'comment')?.[1] ?? null;
}

/** Throws ExpectedError('verify_failed') unless the file at `path` says what it holds. */
export async function verifyGenerated(path: string, generated: Generated, container: Container, signal?: AbortSignal): Promise<void> {
  const fail = (what: string): never => {
    throw new ExpectedError('verify_failed', { name: basename(path), what });
  };
  const comment = await readComment(path, signal);
  if (!generated.statement.split('\n').every((line) => comment?.includes(line))) fail('comment');
  if (!holdsBoxes(container)) return;
  const xmp = await readXmp(path).catch((error: unknown) => (error instanceof RangeError ? null : Promise.reject(error as Error)));
  if (xmp !== xmpPacket(generated)) fail('xmp');
}
