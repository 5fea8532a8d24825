/** The app answers its own window's well-formed questions and refuses everything else. */
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { APP_CHANNELS } from '../shared/ipc/app.ts';
import { launchApp, media, root, type LaunchedApp } from './helpers/app.ts';

let launched: LaunchedApp;
test.beforeAll(async () => {
  launched = await launchApp();
});
test.afterAll(async () => launched.close());

/** Asks as any script in the page could, without the types. Null when it was answered. */
function refusal(page: LaunchedApp['page'], channel: string, ...args: unknown[]): Promise<string | null> {
  return page.evaluate(
    async ([name, list]) => {
      const bridge = (window as unknown as { rushes: { invoke: (...given: unknown[]) => Promise<unknown> } }).rushes;
      return bridge.invoke(name, ...list).then(
        () => null,
        (error: unknown) => String(error),
      );
    },
    [channel, args] as const,
  );
}

test('answers its own window', async () => {
  const { page } = launched;
  expect(await refusal(page, 'settings', {})).toBeNull();
  const environment = await page.evaluate(() => window.rushes?.invoke('environment', {}));
  expect(environment?.platform).toBe(process.platform);
  expect(environment?.locale).toMatch(/^en/);
});

test('refuses malformed arguments on every channel', async () => {
  const wrong = [null, undefined, 5, 'text', [], [{}]];
  for (const channel of Object.keys(APP_CHANNELS)) {
    for (const args of wrong) expect(await refusal(launched.page, channel, args), `${channel} ${JSON.stringify(args)}`).toContain('bad_request');
  }
  const almost: [string, unknown][] = [
    ['openRecent', { id: 5 }],
    ['openRecent', { id: media('bikes.mp4') }],
    ['target', { kind: 'anything', media: null, name: 'a', extension: 'mp4', ask: false }],
    ['target', { kind: 'clip', media: media('bikes.mp4'), name: 'a', extension: 'mp4', ask: false }],
    ['target', { kind: 'clip', media: null, name: 'a'.repeat(1000), extension: 'mp4', ask: false }],
    ['setSettings', { theme: 'pink' }],
    ['setSettings', { exportFolder: 5 }],
    ['openDropped', { paths: 'bikes.mp4' }],
    ['openDropped', { paths: [] }],
  ];
  for (const [channel, args] of almost) expect(await refusal(launched.page, channel, args), channel).toContain('bad_request');
  expect(await refusal(launched.page, 'reveal', { grant: '0'.repeat(32) })).toContain('not_granted');
});

test('knows no other channel', async () => {
  for (const channel of ['quit', '__proto__', 'constructor', 'electron-store-get-data', '']) {
    expect(await refusal(launched.page, channel, {}), channel).toContain('No handler registered');
  }
});

test('gives no path, however the name of a target is written', async () => {
  const target = await launched.page.evaluate(() =>
    window.rushes?.invoke('target', { kind: 'clip', media: null, name: '../../../etc/passwd', extension: '/../x', ask: false }),
  );
  expect(target?.path).toBe(join(launched.exports, 'etc passwd.x'));
});

test('refuses another window with the very same page and preload', async () => {
  const { app } = launched;
  const opened = app.waitForEvent('window');
  await app.evaluate(async ({ BrowserWindow }, preload) => {
    const window = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true, contextIsolation: true } });
    await window.loadURL('app://rushes/');
  }, join(root, 'dist', 'preload', 'preload.cjs'));
  const foreign = await opened;
  await foreign.waitForFunction(() => 'rushes' in window);
  for (const channel of ['settings', 'startFiles', 'recent']) expect(await refusal(foreign, channel, {}), channel).toContain('bad_request');
  const gotPort = await foreign.evaluate(
    () =>
      new Promise<boolean>((resolve) => {
        window.addEventListener('message', (event) => resolve(event.data === 'rushes:engine-port'));
        window.rushes?.connectEngine();
        setTimeout(() => resolve(false), 1500);
      }),
  );
  expect(gotPort).toBe(false);
  await foreign.close();
  expect(launched.log()).toContain('foreign sender');
});

test('gives a frame inside the page no bridge', async () => {
  const { page } = launched;
  await page.evaluate(() => document.body.append(Object.assign(document.createElement('iframe'), { srcdoc: '<p>inside</p>', id: 'inside' })));
  await expect.poll(() => page.frames().length).toBe(2);
  const inside = page.frames()[1];
  expect(await inside?.evaluate(() => 'rushes' in window)).toBe(false);
  await page.evaluate(() => document.getElementById('inside')?.remove());
});
