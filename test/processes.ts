import { readdir, readFile } from "node:fs/promises";

/** How many processes of this machine were started by exactly these words. */
export const processesNamed = async (words: string): Promise<number> => (await pidsOf(words)).length;

/** Kills them, as the kernel does where memory ends. */
export async function killNamed(words: string): Promise<void> {
  for (const pid of await pidsOf(words))
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself.
    }
}

async function pidsOf(words: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const isNamed = async (pid: string) => {
    const line = await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "");
    return line.replaceAll("\0", " ").trim() === words;
  };
  const named = await Promise.all(pids.map(async (pid) => ((await isNamed(pid)) ? [Number(pid)] : [])));
  return named.flat();
}
