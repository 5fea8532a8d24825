/** Remembers what was made from which inputs, by content, so that a second run has nothing to do. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { root, stamps } from './paths.mjs';

/**
 * SHA-256 over the names and contents of files; folders are walked in order. Missing ones count as missing.
 * @param {string[]} inputs paths relative to the project's root
 * @param {(name: string) => boolean} [leaveOut] true for a relative path that doesn't matter
 */
export function hashOf(inputs, leaveOut = () => false) {
  const hash = createHash('sha256');
  const add = (name) => {
    if (leaveOut(name)) return;
    const full = path.join(root, name);
    const stat = fs.statSync(full, { throwIfNoEntry: false });
    if (!stat) hash.update(`${name}\0missing\0`);
    else if (stat.isDirectory()) for (const child of fs.readdirSync(full).sort()) add(path.join(name, child));
    else hash.update(`${name}\0${stat.size}\0`).update(fs.readFileSync(full));
  };
  inputs.forEach(add);
  return hash.digest('hex');
}

const fileOf = (name) => path.join(stamps, name);

export function isStamped(name, value) {
  try {
    return fs.readFileSync(fileOf(name), 'utf8') === value;
  } catch {
    return false;
  }
}

export function stamp(name, value) {
  fs.mkdirSync(stamps, { recursive: true });
  fs.writeFileSync(fileOf(name), value);
}

/**
 * Runs `work` while no other setup of this checkout does: two commands started together must not build into the
 * same folder. A lock whose process is gone is taken over.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(work) {
  fs.mkdirSync(path.join(root, 'node_modules'), { recursive: true });
  const lock = path.join(root, 'node_modules', '.rushes-setup.lock');
  while (!takeLock(lock)) await new Promise((resolve) => setTimeout(resolve, 200));
  try {
    return await work();
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

function takeLock(lock) {
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const owner = Number(readOr(lock, '0'));
    if (owner > 0 && !isRunning(owner)) fs.rmSync(lock, { force: true });
    return false;
  }
}

function readOr(file, otherwise) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
