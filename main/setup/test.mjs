/**
 * `npm test`: lint, types, unit tests, and Playwright against the real app. Every step runs, whatever the others
 * did; the last line sums them up as "N passed, N failed" (lint and the type checks count as one check each).
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { binOf } from './build.mjs';
import { inRoot, root, sandboxEnvironment } from './paths.mjs';
import { prepare, runScript } from './setup.mjs';
import { findCommand } from './system.mjs';

const results = inRoot('test-results');
const report = (name) => path.join(results, name);

/** @typedef {{ name: string, passed: number, failed: number, seconds: number }} Outcome */

/** Runs a command with its output shown; true when it ended well. */
function run(command, list, environment = {}) {
  return spawnSync(command, list, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } }).status === 0;
}

const node = (script, ...list) => run(process.execPath, [script, ...list]);

/** Counts out of a test runner's JSON; a run that left none, or ended badly without a failed test, counts as one failure. */
function counted(ended, file, count) {
  if (!fs.existsSync(file)) return { passed: 0, failed: 1 };
  const { passed, failed } = count(JSON.parse(fs.readFileSync(file, 'utf8')));
  return { passed, failed: ended ? failed : Math.max(1, failed) };
}

const check = (ended) => ({ passed: ended ? 1 : 0, failed: ended ? 0 : 1 });

function unitTests() {
  const file = report('vitest.json');
  const ended = node(binOf('vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`);
  return counted(ended, file, ({ numPassedTests, numFailedTests }) => ({ passed: numPassedTests, failed: numFailedTests }));
}

/** Playwright on a project of e2e/playwright.config.ts, under a virtual display where there is none. */
export function playwright(project, file = report(`playwright-${project}.json`)) {
  fs.rmSync(file, { force: true });
  const list = [binOf('@playwright/test', 'playwright'), 'test', '-c', 'e2e/playwright.config.ts', `--project=${project}`];
  const environment = { ...sandboxEnvironment, PLAYWRIGHT_JSON_OUTPUT_NAME: file };
  const virtual = process.platform === 'linux' ? findCommand('xvfb-run') : null;
  const ended = virtual
    ? run(virtual, ['-a', '-s', '-screen 0 1920x1200x24', process.execPath, ...list], environment)
    : run(process.execPath, list, environment);
  return counted(ended, file, ({ stats }) => ({ passed: stats.expected, failed: stats.unexpected + stats.flaky }));
}

const STEPS = [
  { name: 'lint', work: () => check(node(binOf('eslint'), '.')) },
  { name: 'types (tsc)', work: () => check(node(binOf('typescript', 'tsc'), '--noEmit', '-p', '.')) },
  { name: 'types (svelte-check)', work: () => check(node(binOf('svelte-check'), '--tsconfig', './tsconfig.json', '--fail-on-warnings')) },
  { name: 'unit tests', work: unitTests },
  { name: 'the app under Playwright', work: () => playwright('app') },
];

/** @returns {Outcome} */
export function runStep({ name, work }) {
  console.log(`\n== ${name}`);
  const started = Date.now();
  return { name, ...work(), seconds: (Date.now() - started) / 1000 };
}

/** Prints a table and, alone on the last line, the sum; sets the exit code. */
export function summarise(outcomes) {
  console.log('');
  for (const { name, passed, failed, seconds } of outcomes) {
    console.log(`${failed === 0 ? 'ok    ' : 'FAILED'} ${name}: ${passed} passed, ${failed} failed (${seconds.toFixed(0)} s)`);
  }
  const sum = (key) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  process.exitCode = sum('failed') === 0 ? 0 : 1;
}

if (import.meta.filename === fs.realpathSync(process.argv[1])) {
  await runScript(async () => {
    await prepare();
    fs.rmSync(results, { recursive: true, force: true });
    fs.mkdirSync(results, { recursive: true });
    summarise(STEPS.map(runStep));
  });
}
