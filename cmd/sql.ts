import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { loadConfig } from "./compose/config.ts";
import { openConsole, psqlEnvironment } from "../src/kernel/db/console.ts";
import type { DbAddress } from "../src/kernel/db/pool.ts";
import { openAddress } from "./compose/databases/running-databases.ts";
import { resolveRole, serviceNames } from "./services.ts";

const usage = `npm run sql -- SERVICE [-c STATEMENT] [--plain] [the flags of npm start]

Opens the database of a service, beside a running server, and without one by starting PostgreSQL for the time. psql is
used where it is on PATH, else a client that knows statements until their semicolon, \\dt, \\d TABLE and \\q.

  -c STATEMENT   runs this statement and ends
  --plain        the built-in client, also where psql is on PATH

SERVICE: ${serviceNames.join(", ")}

Exit codes: 0 done · 1 a statement failed, or there is no database · 2 wrong arguments`;

/** Yields the exit code. */
export async function sql(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  { log, error }: Pick<Console, "log" | "error">,
): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    log(usage);
    return 0;
  }
  const [named = "", ...options] = argv;
  const service = resolveRole(named);
  if (!serviceNames.includes(service)) {
    const problem = service === "" || service.startsWith("-") ? "say which service" : `there is no service ${service}`;
    error(`${problem}; services are ${serviceNames.join(", ")}`);
    return 2;
  }
  const at = options.indexOf("-c");
  const statement = at < 0 ? undefined : options[at + 1];
  if (at >= 0 && statement === undefined) {
    error("-c needs a statement");
    return 2;
  }
  const flags = options.filter((word, place) => word !== "--plain" && (at < 0 || (place !== at && place !== at + 1)));
  const { config } = loadConfig(flags, environment, process.cwd());
  await using place = await openAddress(config, service);
  const psql = options.includes("--plain") ? undefined : onPath("psql", environment["PATH"] ?? "");
  if (psql !== undefined) return await runPsql(psql, place.address, service, statement);
  return (await openConsole(place.address, service, statement, log)) ? 0 : 1;
}

function runPsql(program: string, address: DbAddress, service: string, statement: string | undefined): Promise<number> {
  const env = { ...process.env, ...psqlEnvironment(address, service) };
  // Piped statements end with the first that fails, which the exit code says.
  const args = statement === undefined ? [] : ["-c", statement];
  if (!process.stdin.isTTY) args.push("-v", "ON_ERROR_STOP=1");
  const child = spawn(program, args, { env, stdio: "inherit" });
  // Ctrl-C ends the statement, not the client.
  const ignore = (): void => undefined;
  process.on("SIGINT", ignore);
  return new Promise((resolve) =>
    child.once("close", (code) => {
      process.off("SIGINT", ignore);
      resolve(code === 0 ? 0 : 1);
    }),
  );
}

function onPath(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
