/** The engine dies in the middle: the window stays, a new engine goes on, and the result is what it would have been. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { z } from 'zod';
import { enginePid, environmentFor, launchApp, longMedia, makeHome, root } from './helpers/app.ts';

const shotLine = z.object({ type: z.literal('shot'), startFrame: z.number(), endFrame: z.number() });

/** Start frames of all shots, from the command line with a library of its own. */
function expectedShots(path: string): number {
  const output = execFileSync(process.execPath, [join(root, 'dist', 'main', 'cli.js'), 'analyze', path, '--stages', 'shots', '--json'], {
    env: environmentFor(makeHome()),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return output.split('\n').filter((line) => line !== '' && shotLine.safeParse(JSON.parse(line)).success).length;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const shotCount = async (page: Page): Promise<number> => Number((await page.getByTestId('shot-count').getAttribute('data-count')) ?? 0);

test('killed while analysing', async () => {
  test.slow();
  const home = makeHome();
  const file = longMedia(home, 'bikes.mp4', 3);
  const launched = await launchApp({ home, files: [file] });
  const { app, page } = launched;
  await page.evaluate(() => ((window as unknown as { mark: string }).mark = 'the same page'));
  await expect.poll(() => shotCount(page), { timeout: 60_000 }).toBeGreaterThan(3);
  const before = await enginePid(app);
  expect(before).not.toBeNull();
  const shotsBefore = await shotCount(page);

  process.kill(before ?? 0, 'SIGKILL');
  await expect.poll(() => enginePid(app)).not.toBe(before);
  await expect(page.getByTestId('window')).toHaveAttribute('data-engine', 'ready');
  await expect(page.getByTestId('toast').filter({ hasText: 'engine' })).toBeVisible();
  // What was there stays while the new engine catches up.
  expect(await shotCount(page)).toBeGreaterThanOrEqual(shotsBefore);
  await expect(page.getByTestId('status-idle')).toBeVisible({ timeout: 240_000 });
  expect(await shotCount(page)).toBe(expectedShots(file));
  expect(await page.evaluate(() => (window as unknown as { mark: string }).mark)).toBe('the same page');
  expect(launched.log()).toContain('the engine ended; starting it again');
  await launched.close();
});

test('killed again and again, the window stays usable', async () => {
  const launched = await launchApp();
  const { app, page } = launched;
  for (let round = 0; round < 3; round += 1) {
    await expect(page.getByTestId('window')).toHaveAttribute('data-engine', 'ready');
    const pid = await enginePid(app);
    process.kill(pid ?? 0, 'SIGKILL');
    await expect.poll(() => enginePid(app)).not.toBe(pid);
  }
  await expect(page.getByTestId('window')).toHaveAttribute('data-engine', 'ready');
  await page.getByTestId('settings-open').click();
  await expect(page.getByTestId('settings')).toBeVisible();
  await launched.close();
});

test('nothing of the app is left running when it is closed in the middle of work', async () => {
  const home = makeHome();
  const launched = await launchApp({ home, files: [longMedia(home, 'bikes.mp4', 8)] });
  await expect.poll(() => shotCount(launched.page), { timeout: 60_000 }).toBeGreaterThan(0);
  const pid = await enginePid(launched.app);
  await launched.close();
  await expect.poll(() => isAlive(pid ?? 0)).toBe(false);
});
