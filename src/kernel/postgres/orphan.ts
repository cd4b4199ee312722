import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Say } from "./say.ts";
import { childrenOf, isRunning, isServerOf, running } from "./process-table.ts";

/** A fast shutdown that its parent's death began needs a moment for its checkpoint; then it is pressed harder. */
const patience = [
  { signal: "SIGINT", waitMs: 1_000 },
  { signal: "SIGQUIT", waitMs: 1_000 },
  { signal: "SIGKILL", waitMs: 2_000 },
] as const;

/**
 * Clears the way for a new server on data that we hold. It ends a server that outlived its Kinora, and removes the lock
 * file of one that is dead. A zombie that no parent has reaped also counts as dead. PostgreSQL itself only looks for
 * the number, and would refuse for as long as it exists.
 */
export async function endOrphan(data: string, say: Say): Promise<void> {
  const file = join(data, "postmaster.pid");
  const pid = Number((await readFile(file, "utf8").catch(() => "")).split("\n")[0] ?? "");
  if (!Number.isSafeInteger(pid) || pid <= 1) return;
  const server = running(pid);
  if (server !== undefined && isServerOf(pid, data)) {
    say("ending a database server that outlived its Kinora", { pid });
    for (const { signal, waitMs } of patience) {
      const all = signal === "SIGKILL" ? [pid, ...childrenOf(pid)] : [pid];
      for (const target of all) kill(target, signal);
      for (const until = performance.now() + waitMs; isRunning(server) && performance.now() < until; ) await sleep(10);
      if (!isRunning(server)) break;
    }
    if (isRunning(server)) return; // PostgreSQL's own lock refuses, and its words say why.
  } else say("removed the lock file of a database server that is gone", { pid });
  await rm(file, { force: true });
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}
