import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { doctor as command } from "../../cmd/doctor.ts";
import { verify } from "../../cmd/doctor/verify.ts";
import { loadConfig } from "../../cmd/compose/config.ts";
import { explain } from "../../cmd/compose/explain.ts";

const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);

/** The output of `npm run doctor`, and its exit code. */
export async function doctor(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number; text: string }> {
  try {
    const options = { env: { ...process.env, ...env }, cwd: root };
    const { stdout } = await run(process.execPath, [join(root, "cmd/cli.ts"), "doctor", ...args], options);
    return { code: 0, text: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }; // As execFile rejects.
    return { code, text: stdout + stderr };
  }
}

/** As {@link doctor}, in this process, which has loaded its code once for all. */
export async function doctorHere(args: readonly string[]): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const keep = (line: string) => lines.push(line);
  try {
    const code = await command(args, {}, { log: keep, error: keep });
    return { code, text: lines.join("\n") };
  } catch (error) {
    return explain(error);
  }
}

/** Violated invariants in the folder of a stopped instance; one line each. */
export async function findings(data: string): Promise<string[]> {
  const { config } = loadConfig(["--data", data], {}, root);
  const results = await verify(config, { readsAll: true });
  return results.map(({ service, finding }) => `${service}: ${finding}`);
}
