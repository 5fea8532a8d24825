/** npm packages, exactly as the lockfile says. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { inRoot, root } from './paths.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';

export const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** No package runs a script of its own; binaries that scripts would download are fetched by the steps that need them. */
export const npmEnvironment = {
  ...process.env,
  ELECTRON_SKIP_BINARY_DOWNLOAD: '1',
  ONNXRUNTIME_NODE_INSTALL: 'skip',
  npm_config_loglevel: 'error',
};

export function ensurePackages({ say }) {
  const wanted = hashOf(['package-lock.json']);
  const installed = fs.existsSync(inRoot('node_modules', '.package-lock.json'));
  if (installed && isStamped('packages', wanted)) return;
  // A checkout that was installed by hand with this very lockfile needs nothing: npm's own record tells.
  if (installed && sameAsInstalled()) {
    stamp('packages', wanted);
    return;
  }
  say('installing npm packages (npm ci)');
  const result = spawnSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: root,
    env: npmEnvironment,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) throw new Error('npm ci failed; its messages are above');
  stamp('packages', wanted);
}

/** True when every package of the lockfile that is not optional is in node_modules in the same version. */
function sameAsInstalled() {
  const read = (file) => JSON.parse(fs.readFileSync(file, 'utf8')).packages;
  const locked = read(inRoot('package-lock.json'));
  const present = read(inRoot('node_modules', '.package-lock.json'));
  return Object.entries(locked).every(
    ([name, entry]) => name === '' || entry.optional || entry.devOptional || present[name]?.version === entry.version,
  );
}
