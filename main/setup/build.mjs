/** Message catalogues and the bundles under dist/, when their sources changed. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { inRoot, root } from './paths.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';

const MESSAGES = ['shared/i18n/messages', 'shared/i18n/project.inlang/settings.json', 'package-lock.json'];
const SOURCES = ['main', 'shared', 'renderer', 'models', 'electron.vite.config.ts', 'svelte.config.js', 'tsconfig.json', 'package.json', 'package-lock.json'];

/** Generated text, tests, scripts and weights don't change the bundles. */
const leaveOut = (name) =>
  /\.test\.ts$|\.onnx$|^main[\\/]setup|^models[\\/]tools|project\.inlang/.test(name) || name === path.join('shared', 'i18n', 'generated');

/** Runs a script of package.json or a tool of node_modules; its output is shown only when it fails. */
function runQuietly(what, command, list) {
  const result = spawnSync(process.execPath, [command, ...list], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  throw new Error(`${what} failed; its messages are above`);
}

const tool = (packageName, script) => inRoot('node_modules', packageName, script);

/** The script behind a package's command ("bin" of its package.json). */
export function binOf(packageName, command = packageName) {
  const { bin } = JSON.parse(fs.readFileSync(tool(packageName, 'package.json'), 'utf8'));
  return tool(packageName, typeof bin === 'string' ? bin : bin[command]);
}

export function ensureMessages({ say }) {
  const { scripts } = JSON.parse(fs.readFileSync(inRoot('package.json'), 'utf8'));
  const wanted = `${hashOf(MESSAGES)} ${scripts.messages}`;
  const target = inRoot('shared', 'i18n', 'generated');
  if (fs.existsSync(path.join(target, 'messages.js')) && isStamped('messages', wanted)) return;
  say('compiling the message catalogues');
  const [, ...list] = scripts.messages.split(' ');
  runQuietly('compiling the messages', binOf('@inlang/paraglide-js', 'paraglide-js'), list);
  stamp('messages', wanted);
}

export function ensureBuild({ say }) {
  const wanted = hashOf(SOURCES, leaveOut);
  const outputs = ['main/app.js', 'main/cli.js', 'main/engine.js', 'preload/preload.cjs', 'renderer/index.html'];
  if (outputs.every((name) => fs.existsSync(inRoot('dist', name))) && isStamped('build', wanted)) return;
  say('building (electron-vite)');
  runQuietly('the build', binOf('electron-vite'), ['build', '--logLevel', 'warn']);
  stamp('build', wanted);
}
