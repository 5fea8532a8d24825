/** The .rushes file: an edit, and the media it cuts, by content and by place. */
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { assertEdit, editSchema, type Edit } from '../../shared/edit.ts';
import { ExpectedError } from '../../shared/errors.ts';
import { mediaIdSchema, type Media } from '../../shared/media.ts';

export const PROJECT_VERSION = 1;

/** A media as a project names it. `id` decides; the places are where it was last seen. */
export const mediaReferenceSchema = z.object({
  id: mediaIdSchema,
  name: z.string().min(1),
  bytes: z.number().int().nonnegative(),
  /** Absolute. */
  path: z.string().min(1),
  /** From the project file's folder, with slashes; null in the current project and across drives. */
  relative: z.string().nullable(),
});
export type MediaReference = z.infer<typeof mediaReferenceSchema>;

const projectSchema = z.object({
  rushes: z.literal(PROJECT_VERSION),
  media: z.array(mediaReferenceSchema),
  edit: editSchema,
  /** Journal entries up to this number are in `edit` already. */
  revision: z.number().int().nonnegative().default(0),
});
export type Project = z.infer<typeof projectSchema>;

const versionSchema = z.object({ rushes: z.number().int().positive() });

export function referenceTo(media: Media): MediaReference {
  return { id: media.id, name: media.name, bytes: media.bytes, path: media.path, relative: null };
}

export function formatProject(project: Project): string {
  return `${JSON.stringify(project)}\n`;
}

/** Reads a project's text. Throws ExpectedError project_damaged, and project_newer for a later version's. `name` is for the sentence. */
export function parseProject(text: string, name: string): Project {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new ExpectedError('project_damaged', { name }, { cause: error });
  }
  const version = versionSchema.safeParse(data);
  if (version.success && version.data.rushes > PROJECT_VERSION) throw new ExpectedError('project_newer', { name });
  const parsed = projectSchema.safeParse(data);
  if (!parsed.success) throw new ExpectedError('project_damaged', { name }, { cause: parsed.error });
  checkEdit(parsed.data.edit, name);
  return parsed.data;
}

function checkEdit(edit: Edit, name: string): void {
  try {
    assertEdit(edit);
  } catch (error) {
    throw new ExpectedError('project_damaged', { name }, { cause: error });
  }
}

/** The project as it is written to `path`: media also by their way from there. */
export function placedAt(path: string, project: Project): Project {
  const folder = dirname(resolve(path));
  const media = project.media.map((reference) => {
    const way = relative(folder, reference.path);
    return { ...reference, relative: isAbsolute(way) ? null : way.split(sep).join('/') };
  });
  return { ...project, media, revision: 0 };
}
