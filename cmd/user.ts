import { randomBytes } from "node:crypto";
import { loadConfig } from "./compose/config.ts";
import { migrations } from "../src/services/auth/migrations.ts";
import { makeResetLink, resetLifeMs } from "../src/services/auth/passwords/password-reset.ts";
import type { Tables } from "../src/services/auth/store.ts";
import { publicAddressOf } from "../src/kernel/config/public-address.ts";
import { openServiceDatabase } from "./compose/databases/service-database.ts";

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
  const accounts = await openServiceDatabase<Tables>(config, "auth", migrations);
  try {
    const token = randomBytes(24).toString("base64url");
    const account = await makeResetLink(accounts.db, name, token, Date.now());
    if (!account) {
      error(`nobody is called ${name}`);
      return 1;
    }
    log(`${publicAddressOf(config.server)}/reset#${token}`);
    log(`For ${account.username}; it works once, for ${resetLifeMs / 60_000} minutes.`);
    return 0;
  } finally {
    await accounts.close();
  }
}
