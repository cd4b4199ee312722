import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../src/kernel/config/load.ts";
import { noFailpoints } from "../../src/kernel/environment/failpoint.ts";
import { silentLog } from "../../src/kernel/log/port.ts";
import { PostgresError } from "../../src/kernel/postgres/postgres.ts";
import { createDatabases } from "../compose/databases/databases.ts";
import { shareOf } from "../compose/share.ts";

/** Puts the databases of a stopped Kinora back as they were before its last upgrade; yields a line to print about it. */
export async function undoUpgrade(config: Config): Promise<{ readonly says: string; readonly isDone: boolean }> {
  const { data, db } = config;
  if (db.url === undefined && !existsSync(join(data, "postgres")))
    throw new PostgresError("failed", `there is no database in ${data}`);
  const all = await createDatabases(config, { log: silentLog, failpoints: noFailpoints });
  try {
    const undone = await all.undo(shareOf(config).services);
    if (undone === undefined) return { says: "there is no copy made before an upgrade", isDone: false };
    const { madeAt: made, databases: names } = undone;
    return { says: `as copied at ${made} (UTC): ${names.join(", ")}; start the older version now`, isDone: true };
  } finally {
    await all.close();
  }
}
