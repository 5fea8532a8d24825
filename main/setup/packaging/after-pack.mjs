/** Last steps on the unpacked app: Electron's fuses, and on Linux the command on PATH. */
import fs from 'node:fs';
import path from 'node:path';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';

/** The binary runs our archive and nothing else: no Node mode, no NODE_OPTIONS, no inspector, no loose app folder. */
const FUSES = {
  version: FuseVersion.V1,
  resetAdHocDarwinSignature: true,
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  // Checked by Electron on macOS and Windows; Linux has no such check.
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
};

export default async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const { productFilename } = packager.appInfo;
  switch (electronPlatformName) {
    case 'linux':
      await finishLinux(appOutDir, packager.executableName);
      return;
    case 'darwin':
      await flipFuses(path.join(appOutDir, `${productFilename}.app`), FUSES);
      return;
    case 'win32':
      await flipFuses(path.join(appOutDir, `${productFilename}.exe`), FUSES);
      return;
    default:
      throw new Error(`no packaging for ${electronPlatformName}`);
  }
}

/** `rushes` becomes a script that starts `rushes.bin` the right way; the desktop entry and PATH name the script. */
async function finishLinux(folder, executable) {
  const binary = path.join(folder, `${executable}.bin`);
  fs.renameSync(path.join(folder, executable), binary);
  await flipFuses(binary, FUSES);
  fs.copyFileSync(path.join(import.meta.dirname, 'rushes.sh'), path.join(folder, executable));
  fs.chmodSync(path.join(folder, executable), 0o755);
  // Only an Electron for development needs it; this binary would not load it anyway.
  fs.rmSync(path.join(folder, 'resources', 'default_app.asar'), { force: true });
  // What comes of a prepared Electron but belongs in no package.
  fs.rmSync(path.join(folder, '.stamp'), { force: true });
}
