import { accessSync, constants } from "node:fs";
import { flushCompileCache } from "node:module";

/**
 * Ends this process with `code` after its exit listeners have run; it cannot block. `process.exit` joins V8's worker
 * threads, and a thread that compiles may wait for a garbage collection that only the joining main thread could do: both
 * then wait for ever (nodejs/node#54918). Replacing the program ends all threads in the kernel instead, under the same
 * process number. Data is closed before: output that a slow reader has not taken yet is lost, as with `process.exit`.
 */
export function exitProcess(code: number, shell = "/bin/sh"): never {
  if (process.execve === undefined) process.exit(code);
  process.exitCode = code;
  process.emit("exit", code);
  flushCompileCache();
  // A failed execve would abort the process, so the program is looked at first.
  if (isProgram(shell)) process.execve(shell, ["sh", "-c", `exit ${code}`], {});
  // Without worker threads there is nothing to join.
  return process.execve(
    process.execPath,
    [process.execPath, "--single-threaded", "--eval", `process.exitCode = ${code}`],
    {},
  );
}

/** Ends this process by `exitProcess` as soon as nothing is left to do: a natural end joins the same threads. */
export function exitWhenDone(): void {
  process.once("beforeExit", () => exitProcess(Number(process.exitCode ?? 0)));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
