/** The page is shut in: sandboxed, without Node, under a strict policy; media:// serves what was opened; no connection. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { launchApp, media, type LaunchedApp } from './helpers/app.ts';
import { outsideSockets, socketsOf } from './helpers/sockets.ts';

let launched: LaunchedApp;
let mediaId: string;
const bikes = media('bikes.mp4');

test.beforeAll(async () => {
  launched = await launchApp();
  const result = await launched.page.evaluate(
    (path) => (window as unknown as { rushes: { invoke: (channel: string, args: unknown) => Promise<{ opened: { id: string }[] }> } }).rushes.invoke('openDropped', { paths: [path] }),
    bikes,
  );
  mediaId = result.opened[0]?.id ?? '';
});
test.afterAll(async () => launched.close());

interface Answer {
  status: number;
  headers: Record<string, string>;
  sha256: string;
  length: number;
}

/** Asks the app's own session, where the schemes are handled, as the page's <video> does. */
async function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const answer = await launched.app.evaluate(
    async ({ session }, request) => {
      const response = await session.defaultSession.fetch(request.url, { headers: request.headers, method: request.method });
      const body = Buffer.from(await response.arrayBuffer());
      return { status: response.status, headers: Object.fromEntries(response.headers), body: body.toString('base64') };
    },
    { url, headers, method },
  );
  const body = Buffer.from(answer.body, 'base64');
  return { status: answer.status, headers: answer.headers, sha256: sha256(body), length: body.length };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test('the page has no Node and runs in the sandbox', async () => {
  const { app, page } = launched;
  expect(await page.evaluate(() => [typeof process, typeof require, location.origin])).toEqual(['undefined', 'undefined', 'app://rushes']);
  const preferences = await app.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => (contents as unknown as { getLastWebPreferences: () => Record<string, unknown> }).getLastWebPreferences()),
  );
  expect(preferences[0]).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false });
});

test('the page comes with a policy that allows its own files and nothing else', async () => {
  const { headers } = await ask('app://rushes/');
  const policy = headers['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toMatch(/unsafe-eval|https?:|\*/);
  const ran = await launched.page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'window.inlineRan = true';
    document.body.append(script);
    await new Promise((resolve) => setTimeout(resolve, 100));
    return 'inlineRan' in window;
  });
  expect(ran).toBe(false);
});

test('the page scheme serves only the built page', async () => {
  for (const url of ['app://rushes/../main/app.js', 'app://rushes/%2e%2e/%2e%2e/package.json', 'app://rushes/..%2f..%2fpackage.json', 'app://other/', 'app://rushes/none.js']) {
    expect((await ask(url)).status, url).toBe(404);
  }
});

test('media:// serves an opened file whole and in parts', async () => {
  const content = readFileSync(bikes);
  const url = `media://file/${mediaId}`;
  const whole = await ask(url);
  expect([whole.status, whole.sha256]).toEqual([200, sha256(content)]);
  expect(whole.headers['content-type']).toBe('video/mp4');
  const part = await ask(url, { Range: 'bytes=1000-200999' });
  expect([part.status, part.sha256]).toEqual([206, sha256(content.subarray(1000, 201_000))]);
  expect(part.headers['content-range']).toBe(`bytes 1000-200999/${content.length}`);
  const tail = await ask(url, { Range: 'bytes=-7' });
  expect([tail.status, tail.sha256]).toEqual([206, sha256(content.subarray(-7))]);
  const beyond = await ask(url, { Range: `bytes=${content.length}-` });
  expect([beyond.status, beyond.length, beyond.headers['content-range']]).toEqual([416, 0, `bytes */${content.length}`]);
  expect((await ask(url, {}, 'POST')).status).toBe(405);
});

test('media:// refuses what was not opened', async () => {
  const other = media('fades.mp4');
  for (const url of [
    `media://file/${'0'.repeat(32)}`,
    `media://proxy/${mediaId}`,
    `media://file/${other}`,
    `media://file/${encodeURIComponent(other)}`,
    `media://file/..%2f..%2fetc%2fpasswd`,
    `media://other/${mediaId}`,
    `media://file/${mediaId}/x`,
    `media://file/${mediaId}?x`,
    'media://file/',
  ]) {
    expect((await ask(url)).status, url).toBe(404);
  }
});

test('nothing the page tries leaves the machine', async () => {
  const { app, page } = launched;
  const pid = app.process().pid ?? 0;
  const seen = new Set<string>();
  const sampling = setInterval(() => outsideSockets(pid).forEach((socket) => seen.add(JSON.stringify(socket))), 25);
  const outcome = await page.evaluate(async () => {
    const outcomes: Record<string, string> = {};
    const settle = (promise: Promise<unknown>): Promise<string> =>
      Promise.race([promise.then(() => 'done', () => 'refused'), new Promise<string>((resolve) => setTimeout(() => resolve('refused'), 1500))]);
    outcomes.fetch = await settle(fetch('https://192.0.2.1/'));
    outcomes.socket = await settle(
      new Promise((resolve, reject) => {
        const socket = new WebSocket('wss://192.0.2.1/');
        socket.onopen = resolve;
        socket.onerror = reject;
      }),
    );
    outcomes.picture = await settle(Object.assign(new Image(), { src: 'https://192.0.2.1/a.png' }).decode());
    outcomes.webrtc = typeof RTCPeerConnection === 'undefined' ? 'refused' : 'done';
    outcomes.window = window.open('https://192.0.2.1/') === null ? 'refused' : 'done';
    location.href = 'https://192.0.2.1/';
    await new Promise((resolve) => setTimeout(resolve, 300));
    outcomes.place = location.href;
    return outcomes;
  });
  const fromMain = await app.evaluate(async ({ net, session }) => {
    const settle = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'done', () => 'refused');
    return [await settle(net.fetch('https://192.0.2.1/')), await settle(session.defaultSession.fetch('http://rushes.example.invalid/'))];
  });
  clearInterval(sampling);
  expect(outcome).toEqual({ fetch: 'refused', socket: 'refused', picture: 'refused', webrtc: 'refused', window: 'refused', place: 'app://rushes/' });
  expect(fromMain).toEqual(['refused', 'refused']);
  expect([...seen]).toEqual([]);
  // The look at sockets itself works: the test driver's connection is seen.
  expect(socketsOf(pid).length).toBeGreaterThan(0);
});

test('grants no permission', async () => {
  const states = await launched.page.evaluate(async () => {
    const ask = (name: string): Promise<string> => navigator.permissions.query({ name: name as PermissionName }).then(({ state }) => state);
    return Promise.all(['geolocation', 'notifications', 'camera', 'microphone', 'midi'].map(ask));
  });
  expect(new Set(states)).toEqual(new Set(['denied']));
});
