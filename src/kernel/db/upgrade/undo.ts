import pg from "pg";
import { copiesOf, momentOf } from "./copies.ts";
import { connectionOf, type DbAddress } from "../pool.ts";

export interface UndoneUpgrade {
  readonly madeAt: string;
  readonly databases: readonly string[];
}

/**
 * Puts the databases back as they were before the last upgrade, all of one server in one step: each changes places with
 * its copy, so that what was written since is a copy in its turn, and doing it again undoes it. Nobody may use them.
 *
 * @param server a database of that server which is none of these.
 * @returns what was put back, and when it was copied; undefined where there is no copy.
 */
export async function undoUpgrade(server: DbAddress, databases: readonly string[]): Promise<UndoneUpgrade | undefined> {
  const client = new pg.Client(connectionOf(server));
  await client.connect();
  try {
    const copies = await copiesOf(client, databases);
    const madeAt = copies[0]?.madeAt;
    if (madeAt === undefined) return undefined;
    const chosen = copies.filter((copy) => copy.madeAt === madeAt);
    const now = await momentOf(client);
    await client.query("BEGIN");
    for (const { of, name } of chosen) {
      await rename(client, of, `${of}_before_${now}`);
      await rename(client, name, of);
    }
    await client.query("COMMIT");
    return { madeAt, databases: chosen.map(({ of }) => of) };
  } finally {
    await client.end();
  }
}

const rename = (client: pg.Client, from: string, to: string) =>
  client.query(`ALTER DATABASE ${client.escapeIdentifier(from)} RENAME TO ${client.escapeIdentifier(to)}`);
