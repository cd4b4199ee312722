import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The reason for which no test can mount a small disk here; false where one can. */
export function notMountable(): string | false {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs root on Linux, for a small disk";
  try {
    execFileSync("unshare", ["--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]);
    return false;
  } catch {
    return "needs the right to mount, for a small disk";
  }
}

/** Mounts a file system in memory; one that is mounted already gets another size. */
export async function mountMemory(folder: string, mebibytes: number, isAgain = false): Promise<void> {
  const size = `size=${mebibytes}m`;
  await run("mount", isAgain ? ["-o", `remount,${size}`, folder] : ["-t", "tmpfs", "-o", size, "tmpfs", folder]);
}

export async function unmount(folder: string): Promise<void> {
  await run("umount", ["-l", folder]);
}
