/** The app's log: one JSON line an entry, in the data folder. Bugs go here with their stack; nothing leaves the machine. */
import { mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { destination, pino, type Logger } from 'pino';

const KEEP_BYTES = 5 * 1024 * 1024;

/** Opens `folder/app.log`; one that grew over 5 MiB becomes `app.old.log` first. */
export function openLog(folder: string): Logger {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'app.log');
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > KEEP_BYTES) renameSync(file, join(folder, 'app.old.log'));
  return pino({ base: { process: 'app' } }, destination({ dest: file, sync: true }));
}
