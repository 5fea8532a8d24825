/** Nothing reaches the network, and the page gets no power that it doesn't need. */
import { app, type Session, type WebContents } from 'electron';
import type { Logger } from 'pino';
import { MEDIA_SCHEME } from '../../shared/ipc/app.ts';
import { APP_ORIGIN, APP_SCHEME } from './protocol.ts';

/** Parts of Chromium that talk to servers by themselves; the last one announces itself on the local network for WebRTC. */
const QUIET_FEATURES = [
  'AutofillServerCommunication',
  'CertificateTransparencyComponentUpdater',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'WebRtcHideLocalIpsWithMdns',
];

/** Must run before the app is ready. */
export function silenceChromium(): void {
  const { commandLine } = app;
  // No name is ever resolved, so that even a request that slipped through all else would end on this machine.
  commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  for (const name of ['disable-background-networking', 'disable-component-update', 'disable-domain-reliability', 'disable-sync', 'no-pings']) {
    commandLine.appendSwitch(name);
  }
  commandLine.appendSwitch('disable-features', QUIET_FEATURES.join(','));
}

const OWN_SCHEMES = new Set([`${APP_SCHEME}:`, `${MEDIA_SCHEME}:`, 'blob:', 'data:']);

/** Refuses every permission, every request outside our own schemes, and downloads. */
export function lockSession(session: Session, log: Logger, developer: boolean): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest((details, answer) => {
    const { protocol } = new URL(details.url);
    const allowed = OWN_SCHEMES.has(protocol) || (developer && protocol === 'devtools:');
    if (!allowed) log.warn({ url: details.url, type: details.resourceType }, 'request refused');
    answer({ cancel: !allowed });
  });
}

/** The page stays where it is and opens nothing. */
export function lockContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (event.url !== `${APP_ORIGIN}/`) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || event.url !== `${APP_ORIGIN}/`) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}
