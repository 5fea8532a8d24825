import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { measureTree, watchMemory } from './processes.ts';
import { isMet, tableOf, type Figure } from './table.ts';

const MEGABYTE = 1e6;
const HOLD = 'const held = Buffer.alloc(150e6, 1); process.stdout.write("held"); process.stdin.once("data", () => process.exit(held.length ? 0 : 1))';

test('a table shows figure, what it stands beside, target and whether it is met', () => {
  const figures: Figure[] = [
    { name: 'memory', value: 812.3, unit: 'MB', reference: { name: '20 min', value: 790 }, target: { kind: 'at_most', value: 1000 } },
    { name: 'rate', value: 2.04, unit: 'times', target: { kind: 'at_least', value: 2.5 } },
    { name: 'note', value: 12.34, unit: 's', target: null },
  ];
  expect(tableOf(figures)).toEqual([
    '           measured          beside          target',
    'memory       812 MB   20 min 790 MB      <= 1000 MB      met',
    'rate     2.04 times                   >= 2.50 times   MISSED',
    'note         12.3 s',
  ]);
  expect(figures.map(isMet)).toEqual([true, false, true]);
});

test.runIf(process.platform === 'linux')('memory of a process and of its child are told apart, and the peak is kept', async () => {
  const parent = spawn(process.execPath, ['-e', `const { spawn } = require('node:child_process'); const child = spawn(process.execPath, ['-e', ${JSON.stringify(HOLD)}], { stdio: ['inherit', 'inherit', 'inherit'] }); child.on('exit', () => process.exit(0));`]);
  const { pid } = parent;
  if (pid === undefined) throw new Error('node did not start');
  const watch = watchMemory(pid, 20);
  await once(parent.stdout, 'data');
  const now = await measureTree(pid);
  parent.stdin.write('end');
  await once(parent, 'close');
  const peaks = await watch.stop();
  expect(now?.tree).toBeGreaterThan(150 * MEGABYTE);
  expect(peaks.tree).toBeGreaterThan(150 * MEGABYTE);
  expect(peaks.process).toBeGreaterThan(10 * MEGABYTE);
  expect(peaks.process).toBeLessThan(150 * MEGABYTE);
  expect(await measureTree(pid)).toBeNull();
});
