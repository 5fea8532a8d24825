/** Licence texts of the npm packages whose code the app carries, bundled or beside it, as one file. */
import fs from 'node:fs';
import path from 'node:path';
import { inRoot } from '../paths.mjs';

/** Developers' packages whose code ends up in the window. */
const BUNDLED = ['svelte', 'bits-ui', 'paneforge', '@lucide/svelte'];

/** Where Node would find `name` from a package's folder; null for an optional one that is not installed. */
function folderOf(name, from) {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', name);
    if (fs.existsSync(path.join(candidate, 'package.json'))) return candidate;
    if (folder === path.dirname(folder)) return null;
  }
}

/** Folders of the packages and of all that they depend on. */
function closure(names) {
  const found = new Set();
  const waiting = names.map((name) => folderOf(name, inRoot()));
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (folder === null || found.has(folder)) continue;
    found.add(folder);
    const { dependencies = {} } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
    waiting.push(...Object.keys(dependencies).map((name) => folderOf(name, folder)));
  }
  return [...found];
}

function notice(folder) {
  const { name, version, license } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const texts = fs
    .readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file) && fs.statSync(path.join(folder, file)).isFile())
    .map((file) => fs.readFileSync(path.join(folder, file), 'utf8').trim());
  return [`${name} ${version} (${license ?? 'see below'})`, ...texts].join('\n\n');
}

/** Writes THIRD-PARTY.txt to `file`. */
export function writeNotices(file) {
  const { dependencies, optionalDependencies = {} } = JSON.parse(fs.readFileSync(inRoot('package.json'), 'utf8'));
  const folders = closure([...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...BUNDLED]);
  const notices = folders.map(notice).sort((a, b) => a.localeCompare(b));
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${notices.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
}
