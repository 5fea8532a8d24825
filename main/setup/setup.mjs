/**
 * Makes a bare machine ready: system packages, npm packages, Electron, message catalogues, build. Each step does
 * something only when it has to, and says so; a second run takes well under two seconds.
 */
import fs from 'node:fs';
import { ensureBuild, ensureMessages } from './build.mjs';
import { electronVersion, ensureElectron } from './electron.mjs';
import { ensurePackages } from './packages.mjs';
import { alone } from './stamp.mjs';
import { ensureSystem } from './system.mjs';

const OLDEST_NODE = 20;

/**
 * @param {{ quiet?: boolean, packaging?: boolean }} [options] `quiet`: nothing on stdout, and on stderr only what is
 * being done; `packaging`: also what building installers needs. Throws with a sentence when a step fails.
 */
export async function prepare({ quiet = false, packaging = false } = {}) {
  const started = Date.now();
  const say = quiet ? (line) => console.error(`setup: ${line}`) : (line) => console.log(`setup: ${line}`);
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    throw new Error(`Rushes needs Node.js ${OLDEST_NODE} or newer; this is ${process.versions.node}.`);
  }
  ensureSystem({ say, packaging });
  await alone(async () => {
    ensurePackages({ say });
    await ensureElectron({ say });
    ensureMessages({ say });
    ensureBuild({ say });
  });
  if (!quiet) say(`ready (Electron ${electronVersion()}, ${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

/** Runs a script's main function; a failure is one sentence and exit code 1. */
export async function runScript(main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

if (import.meta.filename === fs.realpathSync(process.argv[1])) await runScript(() => prepare());
