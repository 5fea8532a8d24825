/** The narrow bridge between the sandboxed page and the app. It knows no path but those of files the person dropped. */
import { contextBridge, ipcRenderer, webFrame, webUtils, type IpcRendererEvent } from 'electron';
import type { AppEvent, Bridge } from '../../shared/ipc/app.ts';

// The contract's values, repeated as literal types: importing them would bring its schemas into every page's start.
const enginePortMessage: typeof import('../../shared/ipc/app.ts').ENGINE_PORT_MESSAGE = 'rushes:engine-port';
const dropChannel: typeof import('../../shared/ipc/app.ts').DROP_CHANNEL = 'openDropped';
const styleDropChannel: typeof import('../../shared/ipc/app.ts').STYLE_DROP_CHANNEL = 'stylePictureDropped';
const CHANNEL_PREFIX = 'rushes:';

const bridge: Bridge = {
  invoke: (channel, args) => ipcRenderer.invoke(CHANNEL_PREFIX + channel, args),
  openDropped: (files, media) => ipcRenderer.invoke(CHANNEL_PREFIX + dropChannel, { paths: files.map((file) => webUtils.getPathForFile(file)), media }),
  stylePictureDropped: (file) => ipcRenderer.invoke(CHANNEL_PREFIX + styleDropChannel, { path: webUtils.getPathForFile(file) }),
  onEvent(listener) {
    const forward = (_event: IpcRendererEvent, event: AppEvent): void => listener(event);
    ipcRenderer.on(`${CHANNEL_PREFIX}event`, forward);
    return () => ipcRenderer.off(`${CHANNEL_PREFIX}event`, forward);
  },
  connectEngine: () => ipcRenderer.send(`${CHANNEL_PREFIX}connect-engine`),
};
contextBridge.exposeInMainWorld('rushes', bridge);

// A port can't pass through the bridge's functions; a window message carries it into the page's world.
ipcRenderer.on(`${CHANNEL_PREFIX}port`, (event) => {
  window.postMessage(enginePortMessage, window.location.origin, event.ports);
});

// WebRTC looks for this machine's addresses as soon as it is used, whatever its policy: the page goes without.
void webFrame.executeJavaScript("for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) delete globalThis[name]");
