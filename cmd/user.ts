import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../src/kernel/config/load.ts";
import { loadConfig } from "./compose/config.ts";
import { openDb } from "../src/kernel/db/pool.ts";
import type { Db } from "../src/kernel/db/port.ts";
import { noFailpoints } from "../src/kernel/environment/failpoint.ts";
import { silentLog } from "../src/kernel/log/port.ts";
import { PostgresError } from "../src/kernel/postgres/postgres.ts";
import { migrations } from "../src/services/auth/migrations.ts";
import { makeResetLink, resetLifeMs } from "../src/services/auth/password-reset.ts";
import type { Tables } from "../src/services/auth/store.ts";
import { addressBeside } from "./compose/running-databases.ts";
import { databases } from "./compose/databases.ts";
import { loadPlugins } from "./services.ts";

const usage = `npm run user -- reset-link NAME [the flags of npm start]

Prints a link by which NAME sets a new password: it works once, within an hour, and ends every session of the account.
Works beside a running server and without one. The link begins with --public-url (KINORA_PUBLIC_URL), else with the
address of this machine.

Exit codes: 0 here it is · 1 nobody is called that · 2 asked wrongly`;

/** For the operator of this machine: it needs the data folder, not a password. Yields the exit code. */
export async function user(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  { log, error }: Pick<Console, "log" | "error">,
): Promise<number> {
  const [command, name, ...flags] = argv;
  if (command !== "reset-link" || name === undefined || name.startsWith("--")) {
    (command === "--help" ? log : error)(usage);
    return command === "--help" ? 0 : 2;
  }
  const { config } = loadConfig(flags, environment, process.cwd());
  const accounts = await accountsOf(config);
  try {
    const token = randomBytes(24).toString("base64url");
    const account = await makeResetLink(accounts.db, name, token, Date.now());
    if (!account) {
      error(`nobody is called ${name}`);
      return 1;
    }
    log(`${origin(config)}/reset#${token}`);
    log(`For ${account.username}; it works once, for ${resetLifeMs / 60_000} minutes.`);
    return 0;
  } finally {
    await accounts.close();
  }
}

function origin({ server }: Config): string {
  const scheme = server.tlsCert === undefined ? "http" : "https";
  return (server.publicUrl ?? `${scheme}://127.0.0.1:${server.port}`).replace(/\/$/, "");
}

/** The database of accounts: of a running server, or of the data folder of a stopped one. */
async function accountsOf(config: Config): Promise<{ db: Db<Tables>; close(): Promise<void> }> {
  const address = await addressBeside(config, "auth");
  const committed = () => {};
  if (address) {
    const db = openDb<Tables>(address, { service: "auth", committed });
    return { db, close: () => db.close() };
  }
  if (!existsSync(join(config.data, "postgres")))
    throw new PostgresError("failed", `there is no database in ${config.data}`);
  const database = await databases(config, { log: silentLog, failpoints: noFailpoints });
  await database.upgrade(await loadPlugins(["auth"]));
  const db = (await database.open({ service: "auth", migrations }, committed)) as Db<Tables>; // The tables its migrations made.
  return {
    db,
    async close() {
      await db.close();
      await database.close();
    },
  };
}
