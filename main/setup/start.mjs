/**
 * `npm start [-- FILE…]`: with a display the app, on the given files; without one the whole main job on the first
 * file (or the bundled sample) from the command line, with its results under out/.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { electronPath } from './electron.mjs';
import { calledFrom, commandLine, hasDisplay, root, sampleMedia, sandboxEnvironment } from './paths.mjs';
import { prepare, runScript } from './setup.mjs';

await runScript(async () => {
  await prepare();
  const files = process.argv.slice(2).map((name) => path.resolve(calledFrom, name));
  if (!hasDisplay()) {
    console.log('no display: analysing, drawing a contact sheet, exporting a clip and writing captions from the command line');
    process.argv = [process.execPath, commandLine, 'headless', files[0] ?? sampleMedia, '--out', 'out/'];
    await import(pathToFileURL(commandLine).href);
    return;
  }
  const child = spawn(electronPath(), [root, ...files], { stdio: 'inherit', env: { ...process.env, ...sandboxEnvironment } });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
});
