/**
 * The tools folder that electron-builder's AppImage target expects, made of this system's parts where its own can't
 * be downloaded: its commands, and a small runtime of ours in front of the image.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { findCommand, installOrTell } from '../system.mjs';

/** Debian packages that are needed only here. */
const PACKAGES = ['gcc', 'libc6-dev', 'squashfs-tools', 'desktop-file-utils', 'libsquashfuse-dev', 'libfuse-dev', 'zlib1g-dev', 'liblzma-dev', 'liblzo2-dev', 'liblz4-dev', 'libzstd-dev'];
const LIBRARIES = ['-lsquashfuse', '-lzstd', '-llz4', '-llzo2', '-llzma', '-lz'];
const COMMANDS = ['mksquashfs', 'desktop-file-validate'];
const ARCHITECTURES = { x64: 'x64', arm64: 'arm64' };
/** "AI", then type 2, in the unused bytes of the ELF header: what desktop tools know an AppImage by. */
const MAGIC = Buffer.from([0x41, 0x49, 0x02]);

/** Makes `folder`; returns it. Throws when there is no compiler or library for it. */
export function prepareAppImageTools(folder) {
  if (!COMMANDS.every(findCommand) || !findCommand('gcc') || !fs.existsSync('/usr/include/squashfuse/squashfuse.h')) installOrTell(PACKAGES, (line) => console.log(`package: ${line}`));
  const architecture = ARCHITECTURES[process.arch];
  if (!architecture) throw new Error(`no AppImage for ${process.arch}`);
  const runtime = path.join(folder, 'runtimes', `runtime-${architecture}`);
  fs.mkdirSync(path.dirname(runtime), { recursive: true });
  fs.mkdirSync(path.join(folder, 'lib', architecture), { recursive: true });
  execFileSync('gcc', ['-Os', '-static', '-s', '-D_FILE_OFFSET_BITS=64', '-Wall', '-o', runtime, path.join(import.meta.dirname, 'appimage-runtime.c'), ...LIBRARIES], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const file = fs.openSync(runtime, 'r+');
  fs.writeSync(file, MAGIC, 0, MAGIC.length, 8);
  fs.closeSync(file);
  for (const name of COMMANDS) link(findCommand(name), path.join(folder, name));
  return folder;
}

function link(target, at) {
  fs.rmSync(at, { force: true });
  fs.symlinkSync(target, at);
}
