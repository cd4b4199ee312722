import pg from "pg";
import { readMove, schemasAmong } from "../moved.ts";
import { schemaOf } from "../tables.ts";
import type { Schema } from "../upgrade/migrate.ts";
import { tablesOf } from "./catalogue.ts";
import { MoveRefused } from "./target.ts";

const clockMsMax = 5_000;

interface Server {
  readonly server: string;
  readonly database: string;
  readonly encoding: string;
  readonly isStandby: boolean;
  readonly mayCreate: boolean;
  readonly clockMs: number;
}

const look = `SELECT (SELECT system_identifier::text FROM pg_control_system()) AS server, current_database() AS database,
  current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS "isStandby",
  has_database_privilege(current_database(), 'CREATE') AS "mayCreate",
  (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS "clockMs"`;

/** @throws MoveRefused where the target cannot take any service of this source */
export async function assertServers(source: pg.Client, target: pg.Client): Promise<void> {
  const [here, there] = [await serverOf(source), await serverOf(target)];
  if (here.server === there.server && here.database === there.database)
    throw new MoveRefused("the tables are in that database already: name another one");
  if (there.isStandby) throw new MoveRefused("the new database is a standby, which takes no writes: name its primary");
  if (there.encoding !== "UTF8")
    throw new MoveRefused(`the new database has the encoding ${there.encoding}: create one with ENCODING 'UTF8'`);
  if (!there.mayCreate)
    throw new MoveRefused(
      `the user may create no schema in the new database: GRANT CREATE ON DATABASE ${pg.escapeIdentifier(there.database)}, or make the user its owner`,
    );
  const apartMs = Math.abs(here.clockMs - there.clockMs);
  if (apartMs > clockMsMax)
    throw new MoveRefused(
      `the clocks of the two servers are ${Math.round(apartMs / 1_000)} s apart, and leases end by them: set both by NTP`,
    );
}

async function serverOf(client: pg.Client): Promise<Server> {
  const { rows } = await client.query<Server>(look);
  const [server] = rows;
  if (!server) throw new MoveRefused("a database says nothing of itself");
  return server;
}

/**
 * Checks both ends for one service.
 * @param id of the unfinished move of this source, if there is one: what it left at the target may be removed
 * @throws MoveRefused where the target has tables of this name, or a table cannot be moved
 */
export async function assertMovable(
  source: pg.Client,
  target: pg.Client,
  { service }: Schema,
  id: string | undefined,
): Promise<void> {
  const former = `${service}_before_move`;
  for (const [client, where] of [
    [source, "old"],
    [target, "new"],
  ] as const)
    if ((await schemasAmong(client, [former])).has(former))
      throw new MoveRefused(
        `the ${where} database still has the tables of ${service} from before an earlier move: DROP SCHEMA ${schemaOf(former)}, ${schemaOf(`${service}_move`)} CASCADE, if they are not needed`,
      );
  const there = await readMove(target, service);
  const isOurs = there !== undefined && there.role === "target" && there.id === id;
  if (there !== undefined && !isOurs)
    throw new MoveRefused(
      `the new database has an unfinished move of ${service} from elsewhere: end it there, or DROP SCHEMA ${schemaOf(service)}, ${schemaOf(`${service}_move`)} CASCADE`,
    );
  if (!isOurs && (await schemasAmong(target, [service])).has(service))
    throw new MoveRefused(`the new database has a schema ${service} already: name another database, or remove it`);
  const keyless = (await tablesOf(source, service)).find(({ key }) => key === "");
  if (keyless) throw new MoveRefused(`${keyless.name} has no primary key, by which its changes could be followed`);
}
