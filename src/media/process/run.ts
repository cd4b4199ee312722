import { availableParallelism } from "node:os";
import type { Readable } from "node:stream";
import type { Children, Ended } from "./children.ts";
import { descendantsOf, lastStarted } from "./descendants.ts";
import { type Recorded, recordOf } from "./leftover.ts";

/**
 * Why a child's work did not come to its end. `stalled`: no progress for the given time; `deadline`: too long in all;
 * `limit`: too much memory, time, space or output; `killed`: ended from outside, as the kernel does where memory is short;
 * `aborted`: the caller's signal; `crashed`: anything else.
 */
export type RunFailure = "stalled" | "deadline" | "limit" | "killed" | "aborted" | "crashed";

export class RunFailed extends Error {
  override readonly name = "RunFailed";
  readonly reason: RunFailure;
  readonly ended: Ended;
  /** The last of what it said, at most `messageBytesMax`; names no secret, but names paths: for logs, not for owners. */
  readonly messages: string;

  constructor(reason: RunFailure, ended: Ended, messages: string) {
    super(`the media process ${sentences[reason]}`);
    this.reason = reason;
    this.ended = ended;
    this.messages = messages;
  }
}

const sentences: Record<RunFailure, string> = {
  stalled: "made no progress and was ended",
  deadline: "took too long and was ended",
  limit: "used more than it may and was ended",
  killed: "was ended from outside, where memory may be short",
  aborted: "was ended on request",
  crashed: "ended with an error",
};

/** A child that ended by itself says something about the file; one that was killed, perhaps for want of memory, does not. */
export const isVerdict = (error: unknown): error is RunFailed =>
  error instanceof RunFailed &&
  (error.reason === "crashed" || error.reason === "limit") &&
  error.ended.signal === null &&
  !killedCodes.includes(error.ended.code ?? 0);
/** 128 and the signal, as bwrap reports it: SIGABRT, SIGBUS, SIGFPE, SIGKILL, SIGSEGV. */
const killedCodes = [134, 135, 136, 137, 139];

export interface RunOptions {
  readonly command: readonly string[];
  readonly cwd?: string;
  readonly deadlineMs: number;
  /** The limit of CPU time that its command sets: a child that was killed earlier did not exceed it. */
  readonly cpuSeconds?: number;
  /** Ends the child after this long without progress. Without it, standard output is not read as progress. */
  readonly stallMs?: number;
  readonly signal?: AbortSignal | undefined;
  /**
   * Called before anything else, so that a caller can store what `endRecorded` needs; the child does not wait for it.
   */
  readonly onStart?: (child: Recorded | undefined) => Promise<void> | void;
  /** How far the output has come, in milliseconds of media. */
  readonly onProgress?: (outTimeMs: number) => void;
  /** Takes standard output in pieces instead of having it collected. */
  readonly onOutput?: (text: string) => void;
}

export interface RunResult {
  /** All of standard output, at most `outputBytesMax`; empty when it was progress or went to `onOutput`. */
  readonly output: string;
  readonly messages: string;
}

const messageBytesMax = 16 * 1024;
const outputBytesMax = 16 * 1024 * 1024;
/** FFmpeg starts threads, and never needs this many processes. */
export const processesMax = 64;
/**
 * Often enough for a fork bomb to stay small. One count costs some twenty to ninety microseconds for every process of
 * the machine, so there is none before a start.
 */
const countMs = 500;
const environment = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C", HOME: "/nonexistent" };

/** Runs one child to its end. Whatever happens, nothing of its group is alive afterwards. Throws `RunFailed`. */
export async function run(children: Children, options: RunOptions): Promise<RunResult> {
  if (options.signal?.aborted) throw new RunFailed("aborted", { code: null, signal: null }, "");
  const child = await children.start(options.command, {
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    env: environment,
  });
  const began = performance.now();
  let reason: RunFailure | undefined;
  const end = (why: RunFailure): void => {
    reason ??= why;
    children.endGroup(child.pid);
  };
  const onAbort = (): void => end("aborted");
  const deadline = setTimeout(end, options.deadlineMs, "deadline");
  const stall = options.stallMs === undefined ? undefined : setTimeout(end, options.stallMs, "stalled");
  options.signal?.addEventListener("abort", onAbort);
  let counted: number | undefined;
  const count = setInterval(() => {
    const last = lastStarted();
    if (last !== undefined && last === counted) return;
    counted = last;
    if (descendantsOf(child.pid).length > processesMax) end("limit");
  }, countMs);

  let messages = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    messages = (messages + text).slice(-messageBytesMax);
  });
  let output = "";
  const progress = progressReader((outTimeMs) => {
    stall?.refresh();
    options.onProgress?.(outTimeMs);
  });
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (stall !== undefined) return progress(text);
    if (options.onOutput !== undefined) return options.onOutput(text);
    output += text;
    if (output.length > outputBytesMax) end("limit");
  });
  const closed = Promise.all([closedOf(child.stdout), closedOf(child.stderr)]);
  try {
    // A signal that came while the child was starting has no listener.
    if (options.signal?.aborted) end("aborted");
    await options.onStart?.(await recordOf(child.pid));
    const ended = await child.ended;
    children.endGroup(child.pid);
    await Promise.race([closed, child.ended.then(afterGrace)]);
    const how = truly(ended, messages);
    const secondsMax = ((performance.now() - began) / 1_000) * availableParallelism();
    const failed = reason ?? failureOf(how, messages, secondsMax >= (options.cpuSeconds ?? Infinity));
    if (failed !== undefined) throw new RunFailed(failed, how, messages);
    return { output, messages };
  } finally {
    clearTimeout(deadline);
    clearTimeout(stall);
    clearInterval(count);
    options.signal?.removeEventListener("abort", onAbort);
    children.endGroup(child.pid);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

const closedOf = (stream: Readable): Promise<void> =>
  new Promise((resolve) => stream.once("close", () => resolve()).once("error", () => resolve()));

/**
 * The longest wait for output that is held open by a process that left the group. Output that is there is read first. A
 * timer that is due would otherwise go before it, which lost the last words of a decoder on a busy server.
 */
const afterGrace = (): Promise<void> =>
  new Promise((resolve) => setTimeout(() => setImmediate(() => resolve()), 500).unref());

/** `unshare` of util-linux dies of what its child died of; SIGKILL it cannot set, and says that in its place. */
const truly = (ended: Ended, messages: string): Ended =>
  messages.includes("unshare: sigprocmask unblock failed") ? { code: null, signal: "SIGKILL" } : ended;

/** FFmpeg itself catches SIGXCPU and says so; its inside limits show as the two errno texts. */
function failureOf({ code, signal }: Ended, messages: string, mayBeOutOfTime: boolean): RunFailure | undefined {
  if (code === 0) return undefined;
  // Nobody here sent SIGKILL at this point: it was the kernel, out of memory or out of CPU seconds, or an administrator.
  if (signal === "SIGKILL" || code === 137) return mayBeOutOfTime ? "limit" : "killed";
  if (signal === "SIGXCPU" || signal === "SIGXFSZ") return "limit";
  if (code !== null && [152, 153].includes(code)) return "limit";
  return /received signal 24|File too large|Cannot allocate memory|No space left/.test(messages) ? "limit" : "crashed";
}

/** Reads `-progress` lines; calls back only when something moved, so that a decoder repeating itself counts as hung. */
function progressReader(onMoved: (outTimeMs: number) => void): (text: string) => void {
  const latest = new Map<string, string>();
  let unfinishedLine = "";
  let outTimeMs = 0;
  return (text) => {
    const lines = (unfinishedLine + text).split("\n");
    unfinishedLine = (lines.pop() ?? "").slice(-256);
    let moved = false;
    for (const line of lines) {
      const [key = "", value = ""] = line.split("=", 2);
      if (!movingKeys.has(key) || latest.get(key) === value) continue;
      latest.set(key, value);
      moved = true;
      if (key === "out_time_us" && /^\d+$/.test(value)) outTimeMs = Math.round(Number(value) / 1000);
    }
    if (moved) onMoved(outTimeMs);
  };
}
const movingKeys = new Set(["frame", "out_time_us", "total_size"]);
