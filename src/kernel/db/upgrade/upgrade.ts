import pg from "pg";
import type { Failpoints } from "../../environment/failpoint.ts";
import type { Log } from "../../log/port.ts";
import { type Copy, copiesOf, copy, drop, isNameable, momentOf, settle } from "./copies.ts";
import { type Database, lockForUpgrade, type Part, partsOf, runSteps } from "./migrate.ts";
import { connectionOf } from "../pool.ts";

/** A database cannot be copied before its upgrade, so the upgrade is not begun (reliability D11). */
export class NoCopy extends Error {
  constructor(database: string, reason: string, cause?: unknown) {
    super(
      `this version changes tables, and the database ${database} cannot be copied before: ${reason}; or make a backup yourself and start once with KINORA_DB_BACKUP=operator`,
      { cause },
    );
    this.name = "NoCopy";
  }
}

interface Means {
  readonly log: Log;
  /** The party that backs up the data before an upgrade. */
  readonly backup: "kinora" | "operator";
  /** Bytes that copies may take; not known of a server elsewhere. */
  readonly room?: (() => Promise<number>) | undefined;
  readonly failpoints?: Failpoints | undefined;
}
/** A database whose upgrade lock `client` holds. */
interface LockedDatabase extends Database {
  readonly client: pg.Client;
  readonly database: string;
}

/**
 * Brings the databases that hold something up to date. Before the first step each of them is copied, also those that
 * stay as they are, as rows of one service name those of others. An upgrade that was interrupted goes on, under the
 * copies that were made before it began. Copies are kept for seven days, or until the next upgrade. Nobody else may use
 * these databases meanwhile. One that is not there, or that no step was run on yet, is left to {@link migrate}.
 *
 * @throws NewerSchema before anything is changed, when any of them is ahead of this code.
 * @throws NoCopy before any step, when one cannot be copied.
 */
export async function upgrade(databases: readonly Database[], means: Means): Promise<void> {
  const states = [];
  for (const database of databases) states.push({ database, ...(await look(database)) });
  const isDue = states.some(({ isBehind, copies }) => isBehind || copies?.some((copy) => copy.isMidway || copy.isOld));
  if (!isDue) return;
  const there = states.filter(({ isBehind }) => isBehind !== undefined).map(({ database }) => database);
  const locked: LockedDatabase[] = [];
  try {
    // In one order, so that two processes do not wait for each other.
    for (const database of there.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))) {
      const client = await lockForUpgrade(database.address);
      locked.push({ ...database, client, database: client.database ?? "" });
    }
    // Another process may have done it while we waited.
    const parts = await Promise.all(locked.map((database) => partsOf(database.client, database.schemas)));
    if (parts.some(isUnfinished)) await change(locked, means);
    await tidy(locked, means.log);
  } finally {
    for (const { client } of locked) await client.end();
  }
}

const nameOf = ({ schemas }: Database): string => schemas[0]?.service ?? "";

/** True if steps are missing after others were run; a service that is new here is no reason for a copy. */
const isUnfinished = (parts: readonly Part[]): boolean =>
  parts.some(
    ({ at, steps, service }) => at < steps.length && parts.some((part) => part.service === service && part.at > 0),
  );

/** Nothing of a database that is not there, or that no step was run on yet. */
async function look(database: Database): Promise<{ isBehind?: boolean; copies?: readonly Copy[] }> {
  const client = new pg.Client(connectionOf(database.address));
  try {
    await client.connect();
    const parts = await partsOf(client, database.schemas);
    if (parts.every(({ at }) => at === 0)) return {};
    return { isBehind: isUnfinished(parts), copies: await copiesOf(client, [client.database ?? ""]) };
  } catch (error) {
    if (codeOf(error) !== noDatabase) throw error;
    return {};
  } finally {
    await client.end();
  }
}
/** SQLSTATE of a database that does not exist. */
const noDatabase = "3D000";
const codeOf = (error: unknown): string | undefined => (error instanceof pg.DatabaseError ? error.code : undefined);

async function change(locked: readonly LockedDatabase[], means: Means): Promise<void> {
  const { log, failpoints } = means;
  if (means.backup === "kinora") await copyAll(locked, means);
  else log.warn("databases are upgraded without a copy, as configured");
  await failpoints?.hit("upgrade.copied");
  for (const database of locked) {
    const steps = await runSteps(database.client, await partsOf(database.client, database.schemas), failpoints);
    if (steps > 0) log.info("database brought up to date", { database: database.database, steps });
  }
  await failpoints?.hit("upgrade.changed");
}

/** No step runs before each has its copy; where an attempt was interrupted, its copies count. */
async function copyAll(locked: readonly LockedDatabase[], { log, room }: Means): Promise<void> {
  const [first] = locked;
  if (first === undefined) return;
  const copies = await copiesOf(first.client, databasesOf(locked));
  const madeAt = copies.find(({ isMidway }) => isMidway)?.madeAt ?? (await momentOf(first.client));
  const missing = [];
  for (const database of locked) {
    const ownCopies = await copiesOf(database.client, [database.database]);
    if (!ownCopies.some((copy) => copy.madeAt === madeAt)) missing.push(database);
  }
  await assertRoom(missing, room);
  for (const { client, database } of missing) {
    if (!isNameable(database)) throw new NoCopy(database, `its name is too long, so rename it`);
    try {
      await copy(client, madeAt);
    } catch (error) {
      const reason = reasons[codeOf(error) ?? ""];
      throw reason === undefined ? error : new NoCopy(database, reason, error);
    }
  }
  if (missing.length > 0)
    log.info("databases copied before an upgrade", {
      databases: missing.map(({ database }) => database),
      made: madeAt,
    });
}

const databasesOf = (locked: readonly LockedDatabase[]): string[] => locked.map(({ database }) => database);

/** By SQLSTATE. */
const reasons: Readonly<Record<string, string>> = {
  "42501": "its user may not create databases, so allow that (ALTER ROLE … CREATEDB)",
  "55006": "others are connected to it, so stop them",
  "53100": "there is no space left for it, so make room",
};

async function assertRoom(missing: readonly LockedDatabase[], room: Means["room"]): Promise<void> {
  if (room === undefined) return;
  let bytes = 0;
  for (const { client, database } of missing) {
    const { rows } = await client.query<{ bytes: number }>("SELECT pg_database_size(current_database()) AS bytes");
    bytes += rows[0]?.bytes ?? 0;
    if (bytes > (await room())) throw new NoCopy(database, `${bytes} bytes are needed, so make room`);
  }
}

/** After an upgrade: its copies get their final names. Copies of the upgrade before it and expired ones are deleted. */
async function tidy(locked: readonly LockedDatabase[], log: Log): Promise<void> {
  const all = [];
  for (const { client, database } of locked)
    for (const copy of await copiesOf(client, [database])) all.push({ ...copy, client });
  const last = all.filter(({ isMidway }) => isMidway).toSorted(newestFirst)[0]?.madeAt;
  // An attempt that ended before each had its copy changed nothing, and the older version went on.
  const isWhole = all.filter(({ madeAt }) => madeAt === last).length === locked.length;
  for (const copy of all) {
    const goes = last !== undefined && isWhole ? copy.madeAt !== last : copy.isMidway || copy.isOld;
    if (!goes) await settle(copy.client, copy);
    else if (await drop(copy.client, copy)) log.info("removed the copy of a database", { copy: copy.name });
    else log.warn("a copy of a database is in use, and stays", { copy: copy.name });
  }
}

const newestFirst = (a: Copy, b: Copy): number => (a.madeAt < b.madeAt ? 1 : -1);
