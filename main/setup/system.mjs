/** System libraries and commands: what Electron, the tests and packaging need beyond npm. */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** Debian package -> how to tell that it (or a renamed successor) is there: a shared library, a command or a file. */
const RUNTIME = {
  'libgtk-3-0': { library: 'libgtk-3.so.0' },
  libnss3: { library: 'libnss3.so' },
  libasound2: { library: 'libasound.so.2' },
  libgbm1: { library: 'libgbm.so.1' },
  libxss1: { library: 'libXss.so.1' },
  'libatk-bridge2.0-0': { library: 'libatk-bridge-2.0.so.0' },
  libdrm2: { library: 'libdrm.so.2' },
  libxkbcommon0: { library: 'libxkbcommon.so.0' },
  libcups2: { library: 'libcups.so.2' },
  ffmpeg: { command: 'ffmpeg' },
  xvfb: { command: 'Xvfb' },
  xauth: { command: 'xauth' },
  'fonts-noto-cjk': { file: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc' },
};
const PACKAGING = {
  rpm: { command: 'rpmbuild' },
  'p7zip-full': { command: '7za' },
  'dpkg-dev': { command: 'dpkg-deb' },
  fakeroot: { command: 'fakeroot' },
};

const SEARCH = `${process.env.PATH ?? ''}${path.delimiter}/usr/sbin${path.delimiter}/sbin`.split(path.delimiter);

/** Full path of a command, or null. */
export function findCommand(name) {
  const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`] : [name];
  for (const folder of SEARCH) {
    for (const candidate of names) {
      const full = path.join(folder, candidate);
      if (fs.statSync(full, { throwIfNoEntry: false })?.isFile()) return full;
    }
  }
  return null;
}

function missingPackages(wanted) {
  const ldconfig = findCommand('ldconfig');
  const libraries = ldconfig ? execFileSync(ldconfig, ['-p'], { encoding: 'utf8', maxBuffer: 2 ** 24 }) : '';
  const isThere = ({ library, command, file }) =>
    library ? libraries.includes(`${library} `) : command ? findCommand(command) !== null : fs.existsSync(file);
  return Object.keys(wanted).filter((name) => !isThere(wanted[name]));
}

/**
 * Installs what is missing by apt as root; otherwise prints the command that would. Throws when Rushes can't
 * work without what stays missing (ffmpeg).
 * @param {{ say: (line: string) => void, packaging: boolean }} options
 */
export function ensureSystem({ say, packaging }) {
  if (process.platform === 'linux') {
    const missing = missingPackages(packaging ? { ...RUNTIME, ...PACKAGING } : RUNTIME);
    if (missing.length > 0) installOrTell(missing, say);
  }
  if (!process.env.FFMPEG_BIN && !findCommand('ffmpeg')) {
    const how = { darwin: 'brew install ffmpeg', win32: 'winget install ffmpeg' }[process.platform] ?? 'sudo apt-get install ffmpeg';
    throw new Error(`ffmpeg is missing. Install it (${how}), or set FFMPEG_BIN and FFPROBE_BIN, then run this again.`);
  }
}

/** As root on Debian installs packages; elsewhere says what to run. */
export function installOrTell(missing, say) {
  const apt = findCommand('apt-get');
  const arguments_ = ['install', '-y', '--no-install-recommends', ...missing];
  if (!apt) {
    say(`not on a Debian system: please install what Debian calls ${missing.join(', ')}`);
    return;
  }
  if (process.getuid() !== 0) {
    say(`missing system packages; to install them run: sudo apt-get ${arguments_.join(' ')}`);
    return;
  }
  say(`installing system packages: ${missing.join(', ')}`);
  const run = (list) =>
    spawnSync(apt, ['-qq', ...list], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0;
  // The package lists of a fresh machine are empty or old: refresh them only when the install fails without.
  if (run(arguments_)) return;
  run(['update']);
  if (!run(arguments_)) say(`could not install them; run: apt-get update && apt-get ${arguments_.join(' ')}`);
}
