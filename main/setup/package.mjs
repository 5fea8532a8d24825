/**
 * `npm run package [-- TARGETS]`: installers into release/ (this system's usual ones by default; for example
 * `npm run package -- deb tar.gz`, or `dir` for an unpacked app). Works without electron-builder's download host too.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { binOf } from './build.mjs';
import { electronVersion } from './electron.mjs';
import { canReach } from './network.mjs';
import { inRoot, root } from './paths.mjs';
import { prepare, runScript } from './setup.mjs';
import { findCommand } from './system.mjs';
import { prepareAppImageTools } from './packaging/appimage.mjs';
import { writeNotices } from './packaging/notices.mjs';

const BUILDER_DOWNLOADS = 'https://github.com/electron-userland/electron-builder-binaries';
const release = inRoot('release');

/** An ffmpeg that npm brought goes into the app; without one the system's is used (the deb and rpm depend on it). */
function stageFfmpeg() {
  const staged = path.join(release, '.bin');
  fs.rmSync(staged, { recursive: true, force: true });
  fs.mkdirSync(staged, { recursive: true });
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const found = inRoot('node_modules', 'ffmpeg-static', `ffmpeg${suffix}`);
  if (!fs.existsSync(found)) return;
  fs.copyFileSync(found, path.join(staged, `ffmpeg${suffix}`));
  fs.chmodSync(path.join(staged, `ffmpeg${suffix}`), 0o755);
}

/** What stands in for the tools that electron-builder would download. */
async function offlineEnvironment(targets) {
  if (process.platform !== 'linux' || (await canReach(BUILDER_DOWNLOADS))) return {};
  console.log("package: electron-builder's tools can't be downloaded; using this system's");
  return {
    CUSTOM_FPM_PATH: inRoot('main', 'setup', 'packaging', 'fpm.mjs'),
    ELECTRON_BUILDER_7ZIP_PATH: findCommand('7za') ?? '',
    ...(targets.length === 0 || targets.includes('AppImage') ? { APPIMAGE_TOOLS_PATH: prepareAppImageTools(path.join(release, '.appimage')) } : {}),
  };
}

/**
 * Builds; returns the files that were made. Throws when electron-builder fails.
 * @param {string[]} targets electron-builder's names; none: all of this system
 * @param {string[]} [more] further arguments for electron-builder
 */
export async function buildPackages(targets, more = []) {
  stageFfmpeg();
  writeNotices(path.join(release, '.notices', 'THIRD-PARTY.txt'));
  const environment = await offlineEnvironment(targets);
  const started = Date.now();
  const platform = { darwin: '--mac', win32: '--win' }[process.platform] ?? '--linux';
  const list = [
    ...['-c', 'electron-builder.yml', '--publish', 'never', platform, ...targets],
    ...[`-c.electronVersion=${electronVersion()}`, `-c.electronDist=${fs.realpathSync(inRoot('node_modules', 'electron', 'dist'))}`],
    ...more,
  ];
  const { status } = spawnSync(process.execPath, [binOf('electron-builder'), ...list], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  if (status !== 0) throw new Error('electron-builder failed; its messages are above');
  return fs
    .readdirSync(release)
    .map((name) => path.join(release, name))
    .filter((file) => /\.(deb|rpm|AppImage|gz|dmg|zip|exe)$/.test(file) && fs.statSync(file).mtimeMs >= started);
}

if (import.meta.filename === fs.realpathSync(process.argv[1])) {
  await runScript(async () => {
    await prepare({ packaging: true });
    for (const file of await buildPackages(process.argv.slice(2))) {
      console.log(`package: ${path.relative(root, file)} ${(fs.statSync(file).size / 1e6).toFixed(1)} MB`);
    }
  });
}
