/**
 * What Electron runs in development when it holds no app of its own: loads the folder or script named on the
 * command line. The Electron taken from npm comes without one. An ES module on purpose: Electron holds back its
 * `ready` event until such an entry has finished loading, so the app's own module is in time for it.
 */
import { app } from 'electron';
import fs from 'node:fs';
import path from 'node:path';
import { Module } from 'node:module';
import { pathToFileURL } from 'node:url';

const preloads = [];
let target = null;
const list = process.argv.slice(1);
for (let index = 0; index < list.length && target === null; index += 1) {
  const argument = list[index];
  if (argument === '-v' || argument === '--version') {
    console.log(`v${process.versions.electron}`);
    process.exit(0);
  }
  if (argument === '-r' || argument === '--require') preloads.push(list[(index += 1)]);
  else if (!argument.startsWith('-')) target = argument;
}
if (preloads.length > 0) Module._preloadModules(preloads);
if (target === null) {
  console.error('usage: electron [options] APP_FOLDER_OR_SCRIPT [arguments]');
  process.exit(2);
}

Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
const folder = path.resolve(target);
const manifest = path.join(folder, 'package.json');
try {
  if (fs.existsSync(manifest)) {
    const { name, productName, version } = JSON.parse(fs.readFileSync(manifest, 'utf8'));
    if (version) app.setVersion(version);
    if (productName || name) app.name = productName || name;
  }
  const entry = Module._resolveFilename(folder, null, true);
  app.setAppPath(fs.existsSync(manifest) ? folder : path.dirname(entry));
  await import(pathToFileURL(entry).href);
} catch (error) {
  console.error('The app failed to load:');
  console.error(error?.stack ?? error);
  process.exit(1);
}
