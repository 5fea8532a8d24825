/** A text of the window's as a file. */
import { writeSafely } from '../media/safeFile.ts';
import type { ExportEvent } from '../../shared/ipc/engine.ts';
import type { Target } from './grants.ts';

/** UTF-8, with a line break at its end. Throws ExpectedError target_*, disk_full. */
export async function* writeTextFile(text: string, target: Target): AsyncGenerator<ExportEvent> {
  const whole = text.endsWith('\n') ? text : `${text}\n`;
  await writeSafely({ ...target, inputs: [] }, whole);
  yield { type: 'file', path: target.path, bytes: Buffer.byteLength(whole), index: 0 };
}
