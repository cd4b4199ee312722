import { readdirSync, readFileSync } from "node:fs";

/** Everything a process started, directly or not, as it is now; nothing where there is no /proc. */
export function descendantsOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const [child, parent] of parents()) {
    const siblings = children.get(parent);
    if (siblings) siblings.push(child);
    else children.set(parent, [child]);
  }
  // Ids may be used again while one reads, so what is read need not be a tree.
  const found = new Set<number>();
  for (let next = [pid]; next.length > 0; ) {
    next = next.flatMap((one) => children.get(one) ?? []).filter((one) => one !== pid && !found.has(one));
    for (const one of next) found.add(one);
  }
  return [...found];
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

/** Field 4 of proc(5) `stat`, after the name, which may hold blanks and brackets. */
function parentOf(pid: string): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined; // It has ended.
  }
}
