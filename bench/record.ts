import { execFileSync } from "node:child_process";
import { glob, mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

/** Writes a measurement to `bench/results/<topic>/<name>.md` with what it takes to repeat it, and prints it. */
export async function record(name: string, lines: readonly string[]): Promise<void> {
  const [cpu] = cpus();
  const head = [
    `# ${name}`,
    "",
    `- command: \`npm run bench -- ${[name, ...process.argv.slice(2).map(withoutFolder)].join(" ")}\``,
    `- date: ${new Date().toISOString().slice(0, 10)}`,
    `- machine: ${cpus().length} × ${cpu?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
    "",
  ];
  const text = `${[...head, ...lines].join("\n")}\n`;
  const [source = ""] = await Array.fromAsync(glob(`*/${name}.ts`, { cwd: import.meta.dirname }));
  const folder = join(import.meta.dirname, "results", dirname(source));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.md`), text);
  process.stdout.write(text);
}

/** The place of a folder says something of this machine alone. */
const withoutFolder = (word: string): string => (isAbsolute(word) ? "FOLDER" : word);

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Milliseconds of CPU a process and its reaped children have used: `/proc/PID/stat`, fields 14 to 17, in ticks of 10 ms. */
export const cpuMs = (pid: number): Promise<number> => cpuOfFields(pid, 4);

/** As {@link cpuMs}, of the process alone. */
export const ownCpuMs = (pid: number): Promise<number> => cpuOfFields(pid, 2);

async function cpuOfFields(pid: number, count: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields.slice(11, 11 + count).reduce((sum, ticks) => sum + Number(ticks), 0) * 10;
}

interface Load {
  readonly requestsPerSecond: number;
  readonly requests: number;
}

/** Drives a URL with `wrk`: one thread, for `seconds`. */
export function wrk(
  url: string,
  {
    seconds,
    connections,
    headers = {},
    script,
  }: { seconds: number; connections: number; headers?: Record<string, string>; script?: string | undefined },
): Load {
  const options = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  if (script !== undefined) options.push("-s", script);
  const out = execFileSync("wrk", ["-t1", `-c${connections}`, `-d${seconds}s`, ...options, url], { encoding: "utf8" });
  const requests = Number(out.match(/(\d+) requests in/)?.[1]);
  const requestsPerSecond = Number(out.match(/Requests\/sec:\s+([\d.]+)/)?.[1]);
  const bad = out.match(/Non-2xx or 3xx responses: (\d+)/)?.[1];
  if (bad !== undefined) throw new Error(`${bad} answers of ${url} were failures`);
  return { requests, requestsPerSecond };
}
