/**
 * `npm run -s rushes -- COMMAND`: the command line from a checkout. Setup keeps off stdout; then the built command
 * line runs in this very process, so that streams, signals and the exit code are its own.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { calledFrom, commandLine, inRoot } from './paths.mjs';
import { prepare, runScript } from './setup.mjs';

await runScript(async () => {
  await prepare({ quiet: true });
  process.chdir(calledFrom);
  const list = process.argv.slice(2);
  const isBench = list[0] === '--bench' || list[0] === '--eval';
  const entry = pathToFileURL(isBench ? inRoot('dist', 'main', 'bench.js') : commandLine);
  process.argv = [process.execPath, fileURLToPath(entry), ...list];
  await import(entry.href);
});
