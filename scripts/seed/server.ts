import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Config } from "../../src/kernel/config/load.ts";

/** A server that answers. */
export interface Server extends AsyncDisposable {
  readonly url: string;
  /** Makes the administrator; undefined where that was not printed to us, or is done. */
  readonly firstRunToken: string | undefined;
}

const serve = join(import.meta.dirname, "../../cmd/start.ts");

/** The server that runs, or one without limits that runs until this is disposed of. */
export async function reachServer(
  { server }: Config,
  flags: readonly string[],
  address: string | undefined,
  say: (line: string) => void,
): Promise<Server> {
  const scheme = server.tlsCert === undefined ? "http" : "https";
  const url = (address ?? server.publicUrl ?? `${scheme}://127.0.0.1:${server.port}`).replace(/\/$/, "");
  if (await isReady(url)) return { url, firstRunToken: undefined, [Symbol.asyncDispose]: async () => undefined };
  if (address !== undefined) throw new Error(`no server answers at ${url}`);
  say(`no server answers at ${url}, so one is started for the time`);
  return start(flags);
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/ready`, { signal: AbortSignal.timeout(5_000) }).then(
    ({ ok }) => ok,
    () => false,
  );

async function start(flags: readonly string[]): Promise<Server> {
  const child = spawn(process.execPath, [serve, ...flags, "--port", "0"], {
    env: { ...process.env, KINORA_RATE_LIMIT: "off", KINORA_LOG_FORMAT: "json", KINORA_LOG_LEVEL: "error" },
    stdio: ["ignore", "inherit", "pipe"],
  });
  const exit = once(child, "exit");
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await exit;
  };
  let [url, firstRunToken, output] = ["", undefined as string | undefined, ""];
  const ready = new Promise<void>((resolve) =>
    createInterface({ input: child.stderr }).on("line", (line) => {
      output += `${line}\n`;
      url ||= /^Kinora is ready at (\S+)/.exec(line)?.[1] ?? "";
      firstRunToken ??= /first-run\?token=(\S+)/.exec(line)?.[1];
      // The link, where there is one, is in the same piece of text.
      if (url !== "") setImmediate(resolve);
    }),
  );
  await Promise.race([ready, exit]);
  if (child.exitCode !== null) throw new Error(`the server did not start:\n${output}`);
  return { url, firstRunToken, [Symbol.asyncDispose]: stop };
}
