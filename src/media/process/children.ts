import assert from "node:assert/strict";
import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { descendantsOf } from "./descendants.ts";

/** How a child ended; `code` is null when a signal ended it. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  /** Also the id of its process group. */
  readonly pid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** The input, where the caller requested one. */
  readonly stdin?: Writable;
  /** Settles when the process itself has ended, even while a grandchild still holds its output open. */
  readonly ended: Promise<Ended>;
}

/** How media code starts processes and ends them, so that a test can give it others. */
export interface Children {
  /** Starts `command` as leader of its own group, without input unless asked for, and nothing in its environment but `env`. */
  start(
    command: readonly string[],
    options: { cwd?: string; env: Record<string, string>; hasInput?: boolean },
  ): Promise<Child>;
  /** SIGKILL to the whole group and to what it started outside of it; nothing happens when there is none. */
  endGroup(pid: number): void;
}

/** How a process is started: Node's own `spawn`, or what a host gives in its place. */
export interface Spawner {
  spawn(command: string, args: readonly string[], options: SpawnOptions): ChildProcess;
}

export const createChildren = (spawner: Spawner): Children => ({
  start(command, { cwd, env, hasInput = false }) {
    const [file, ...args] = command;
    if (file === undefined) throw new RangeError("a command needs a program");
    const child = spawner.spawn(file, args, {
      ...(cwd !== undefined && { cwd }),
      env,
      detached: true,
      stdio: [hasInput ? "pipe" : "ignore", "pipe", "pipe"],
    });
    const { stdin, stdout, stderr } = child;
    assert.ok(stdout && stderr, "both are pipes");
    const ended = new Promise<Ended>((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("spawn", () => {
        if (child.pid !== undefined) resolve({ pid: child.pid, stdout, stderr, ended, ...(stdin && { stdin }) });
      });
    });
  },
  endGroup(pid) {
    // Held still first, so that nothing is started while one looks. A sandbox has a session of its own, and asks to die
    // with its parent only a moment after it was started: killed in between, the group alone would leave it behind.
    if (!sendSignal(-pid, "SIGSTOP")) return;
    const outside = stopDescendants(pid);
    sendSignal(-pid, "SIGKILL");
    for (const descendantId of outside) sendSignal(descendantId, "SIGKILL");
  },
});

/** Stops all descendants of a process, so that none starts another one: searched until none is new. */
function stopDescendants(pid: number): Set<number> {
  const stopped = new Set<number>();
  for (let isNew = true; isNew; ) {
    const running = descendantsOf(pid).filter((id) => !stopped.has(id));
    isNew = running.length > 0;
    for (const id of running) {
      sendSignal(id, "SIGSTOP");
      stopped.add(id);
    }
  }
  return stopped;
}

/** Returns false if there is no such process or group. */
function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

export const systemChildren = createChildren({ spawn: (command, args, options) => spawn(command, args, options) });
