/** Internet sockets of a process and all below it, from /proc (proc_net(5)): what a test of "no connection" looks at. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Socket {
  pid: number;
  protocol: 'tcp' | 'tcp6' | 'udp' | 'udp6';
  local: string;
  remote: string;
}

const PROTOCOLS = ['tcp', 'tcp6', 'udp', 'udp6'] as const;

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The process and its descendants that are alive now. */
export function processTree(rootPid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    // The second field is the name in parentheses and may hold anything; the parent is the second field after it.
    const parent = Number(readOr(`/proc/${name}/stat`).split(') ').at(-1)?.split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [rootPid];
  for (let index = 0; index < tree.length; index += 1) tree.push(...(children.get(tree[index] ?? 0) ?? []));
  return tree;
}

/** "0100007F:1F90" -> "127.0.0.1:8080". Addresses are in host byte order, four bytes at a time. */
function readAddress(text: string): string {
  const [address = '', port = ''] = text.split(':');
  const words = address.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)).reverse());
  const isMapped = bytes.length === 16 && bytes.slice(0, 12).join() === '0,0,0,0,0,0,0,0,0,0,255,255';
  const shown = bytes.length === 4 || isMapped ? bytes.slice(-4).join('.') : bytes.map((byte) => byte.toString(16)).join(':');
  return `${shown}:${Number.parseInt(port, 16)}`;
}

function inodesOf(pid: number): Set<string> {
  const inodes = new Set<string>();
  try {
    for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1];
      if (inode) inodes.add(inode);
    }
  } catch {
    // It ended, or closed the descriptor, while being looked at.
  }
  return inodes;
}

/** Every TCP and UDP socket that the tree holds at this moment. */
export function socketsOf(rootPid: number): Socket[] {
  return processTree(rootPid).flatMap((pid) => {
    const inodes = inodesOf(pid);
    return PROTOCOLS.flatMap((protocol) =>
      readOr(`/proc/${pid}/net/${protocol}`)
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(/\s+/))
        .filter((fields) => inodes.has(fields[9] ?? ''))
        .map((fields) => ({ pid, protocol, local: readAddress(fields[1] ?? ''), remote: readAddress(fields[2] ?? '') })),
    );
  });
}

/** Sockets that go, or could go, beyond this machine. A test driver's own are between loopback addresses. */
export function outsideSockets(rootPid: number): Socket[] {
  const isLoopback = (address: string): boolean => /^127\./.test(address) || /^(0:){15}1:\d+$/.test(address);
  const isNothing = (address: string): boolean => /^(0\.0\.0\.0|(0:){15}0):0$/.test(address);
  return socketsOf(rootPid).filter(({ local, remote }) => !isLoopback(local) || !(isLoopback(remote) || isNothing(remote)));
}
