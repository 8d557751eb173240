import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Linux counts in hundredths of a second, on every machine that Node runs on. */
const TICK_MS = 10;
const LISTENING = '0A';

/** A process of a group. */
interface Member {
  readonly pid: number;
  /** In user and kernel mode, with those of its children that have ended. */
  readonly cpuMs: number;
}

/** CPU milliseconds that the group has used so far; null where there is no /proc to tell. */
export function cpuMsOfGroup(group: number): number | null {
  const members = membersOf(group);
  return members === null ? null : members.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

/** Whether it is a process of the group that listens on the port; null where there is no /proc to tell. */
export function groupListensOn(group: number, port: number): boolean | null {
  const sockets = socketsListeningOn(port);
  const members = membersOf(group);
  if (sockets === null || members === null) return null;
  return members.some(({ pid }) => linksOf(pid).some((link) => sockets.has(link)));
}

function membersOf(group: number): Member[] | null {
  if (process.platform !== 'linux') return null;
  return namesIn('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = textOf(`/proc/${name}/stat`);
      // The name may hold spaces and parentheses: the fields begin after the last one.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(fields[2]) !== group) return [];
      const ticks = [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i]), 0);
      return [{ pid: Number(name), cpuMs: ticks * TICK_MS }];
    });
}

/** As the links of file descriptors name them: `socket:[12345]`. */
function socketsListeningOn(port: number): ReadonlySet<string> | null {
  if (process.platform !== 'linux') return null;
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => textOf(file).split('\n').slice(1));
  return new Set(
    lines.flatMap((line) => {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      return local.endsWith(wanted) && state === LISTENING ? [`socket:[${inode}]`] : [];
    }),
  );
}

function linksOf(pid: number): string[] {
  return namesIn(`/proc/${pid}/fd`).flatMap((name) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${name}`)];
    } catch {
      return [];
    }
  });
}

/** Processes come and go while they are looked at. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
