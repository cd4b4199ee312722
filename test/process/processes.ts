import { closeSync, openSync, readdirSync, readSync } from "node:fs";

/** How many processes of this machine were started by exactly these words. */
export const processesNamed = async (words: string): Promise<number> => pidsOf(words).length;

/** The words of each process of this machine that have this text in them. */
export const commandsWith = (text: string): string[] =>
  all().flatMap(({ words }) => (words.includes(text) ? [words] : []));

/** Kills them, as the kernel does where memory ends. */
export async function killNamed(words: string): Promise<void> {
  for (const pid of pidsOf(words))
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself.
    }
}

const pidsOf = (words: string): number[] => all().flatMap((one) => (one.words === words ? [one.pid] : []));

function all(): { readonly pid: number; readonly words: string }[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => ({
    pid: Number(pid),
    words: beginningOf(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim(),
  }));
}

/** Longer than any command line that is looked for. One for all: `readFileSync` takes 64 KiB for each file of /proc. */
const beginning = Buffer.alloc(16_384);

/** Empty where the process has ended. */
function beginningOf(path: string): string {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    return beginning.toString("latin1", 0, readSync(file, beginning, 0, beginning.byteLength, 0));
  } catch {
    return "";
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
