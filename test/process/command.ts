import { execFile } from "node:child_process";
import { join } from "node:path";
import { explain } from "../../cmd/compose/explain.ts";

type Command = (
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  output: Pick<Console, "log" | "error">,
) => Promise<number>;

interface Ended {
  readonly code: number;
  readonly text: string;
  readonly error: string;
}

/** Runs a command of operators in this process, which has loaded its code once for all. */
export async function runHere(command: Command, args: readonly string[]): Promise<Ended> {
  let [text, error] = ["", ""];
  const output = {
    log: (line: string) => void (text += `${line}\n`),
    error: (line: string) => void (error += `${line}\n`),
  };
  try {
    return { code: await command(args, {}, output), text, error };
  } catch (failure) {
    const explained = explain(failure);
    return { code: explained.code, text, error: `${error}${explained.text}\n` };
  }
}

const cli = join(import.meta.dirname, "../../cmd/cli.ts");

/** Runs a command of operators in its own process, as `npm run NAME` does; the code is NaN where a signal ended it. */
export const runAlone = (
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [cli, name, ...args], { env: { ...process.env, ...env } }, (failure, text, error) =>
      resolve({ code: failure ? Number(failure.code ?? Number.NaN) : 0, text, error }),
    );
  });
