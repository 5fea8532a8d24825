/**
 * The Debian package, as a person gets it: built, installed, its command line run, and its window driven through the
 * main job. The last line is "N passed, N failed". The installed package is removed again unless it was there before.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildPackages } from './package.mjs';
import { prepare, runScript } from './setup.mjs';
import { findCommand } from './system.mjs';
import { playwright, runStep, summarise } from './test.mjs';

const PACKAGE = 'rushes';
/** What is tested is the same in a package that is packed fast. */
const QUICK = ['-c.deb.compression=gz'];

const installed = () => spawnSync('dpkg-query', ['-W', '-f', '${Status}', PACKAGE], { encoding: 'utf8' }).stdout?.includes('install ok installed') ?? false;
const run = (command, list) => spawnSync(command, list, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0;

/** Installs as root; anyone else unpacks it. Returns the `rushes` to run and how to take it away again. */
function install(deb) {
  if (process.getuid() === 0) {
    const before = installed();
    if (!run('dpkg', ['-i', deb]) && !run('apt-get', ['install', '-y', '-qq', deb])) throw new Error('the package could not be installed');
    return { command: '/usr/bin/rushes', remove: () => before || run('dpkg', ['-r', PACKAGE]) };
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rushes-deb-'));
  if (!run('dpkg-deb', ['-x', deb, folder])) throw new Error('the package could not be unpacked');
  console.log(`not root: the package is unpacked into ${folder} instead of installed`);
  return { command: path.join(folder, 'opt', 'Rushes', 'rushes'), remove: () => fs.rmSync(folder, { recursive: true }) };
}

await runScript(async () => {
  if (process.platform !== 'linux' || !findCommand('dpkg')) {
    console.log('no Debian system: the package check has nothing to do here');
    console.log('0 passed, 0 failed');
    return;
  }
  await prepare({ packaging: true });
  const [deb] = await buildPackages(['deb'], QUICK);
  if (!deb) throw new Error('no .deb was built');
  console.log(`package: ${path.basename(deb)} ${(fs.statSync(deb).size / 1e6).toFixed(1)} MB`);
  const { command, remove } = install(deb);
  const outcomes = [];
  try {
    process.env.RUSHES_INSTALLED = command;
    outcomes.push(runStep({ name: 'the installed package', work: () => playwright('package') }));
  } finally {
    remove();
  }
  // Last, for the sum is read off the last line: dpkg has its say before.
  summarise(outcomes);
});
