import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { root } from "./root.mjs";

/** Node's compile cache of our sources, so that a process starts in half the time; none where it cannot be written. */
const compiled = join(root, ".kinora", "compiled");

/**
 * Becomes `node` with these arguments where this Node can do that, so that signals and memory are the program's own.
 * An older Node stays above it, passes signals on, and ends as it ended.
 */
export async function handOver(node, args) {
  const { PATH = "", NODE_COMPILE_CACHE = compiled } = process.env;
  const env = { ...process.env, NODE_COMPILE_CACHE, PATH: [dirname(node), PATH].join(delimiter) };
  if (typeof process.execve === "function") process.execve(node, [node, ...args], env);
  const child = spawn(node, args, { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve) => {
    child.once("error", (error) => {
      console.error(`kinora: cannot run ${node}: ${error.message}`);
      resolve(127);
    });
    child.once("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}
