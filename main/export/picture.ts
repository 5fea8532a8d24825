/** Looks at a written picture before it gets its name. */
import { basename } from 'node:path';
import { z } from 'zod';
import { ExpectedError } from '../../shared/errors.ts';
import { collect, fileUrl, inputOptions } from '../media/process.ts';

const schema = z.object({ streams: z.array(z.object({ width: z.number(), height: z.number() })).min(1) });

/** Throws ExpectedError('verify_failed') unless the picture can be read and has this size in pixels. */
export async function checkPicture(path: string, size: { width: number; height: number }, signal?: AbortSignal): Promise<void> {
  const args = ['-show_entries', 'stream=width,height', '-of', 'json', ...inputOptions(), '-i', fileUrl(path)];
  const output = await collect('ffprobe', args, { name: basename(path), signal });
  const parsed = schema.safeParse(JSON.parse(output.toString('utf8')));
  const [stream] = parsed.success ? parsed.data.streams : [];
  if (stream?.width !== size.width || stream.height !== size.height) throw new ExpectedError('verify_failed', { name: basename(path), what: 'size' });
}
