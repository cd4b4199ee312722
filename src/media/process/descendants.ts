import { closeSync, openSync, readdirSync, readSync } from "node:fs";

/** Everything a process started, directly or not, as it is now; nothing where there is no /proc. */
export function descendantsOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const [child, parent] of parents()) {
    const siblings = children.get(parent);
    if (siblings) siblings.push(child);
    else children.set(parent, [child]);
  }
  // Process ids may be reused while the table is read, so its rows may form no tree.
  const descendants = new Set<number>();
  for (let next = [pid]; next.length > 0; ) {
    next = next.flatMap((id) => children.get(id) ?? []).filter((id) => id !== pid && !descendants.has(id));
    for (const id of next) descendants.add(id);
  }
  return [...descendants];
}

function parents(): [child: number, parent: number][] {
  let names: string[];
  try {
    names = readdirSync("/proc");
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const parent = /^\d+$/.test(name) ? parentOf(name) : undefined;
    return parent === undefined ? [] : [[Number(name), parent]];
  });
}

/**
 * The id that was given out last, in whichever process: while it stays the same nothing was started anywhere. Undefined
 * where the system does not say.
 */
export function lastStarted(): number | undefined {
  const last = Number(beginningOf("/proc/loadavg")?.trimEnd().split(" ").at(-1));
  return last > 0 ? last : undefined;
}

/** Field 4 of proc(5) `stat`, after the name, which may hold blanks and brackets. */
function parentOf(pid: string): number | undefined {
  const text = beginningOf(`/proc/${pid}/stat`);
  return text === undefined ? undefined : Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
}

/**
 * Holds the beginning of any file of /proc, and is shared. For a file of unknown size, `readFileSync` allocates 64 KiB.
 * Doing so for all processes twice a second made the garbage collector work as much as the rest of the server.
 */
const beginning = Buffer.alloc(512);

function beginningOf(path: string): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    return beginning.toString("latin1", 0, readSync(file, beginning, 0, beginning.byteLength, 0));
  } catch {
    return undefined; // The process has ended, or there is no such file.
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
