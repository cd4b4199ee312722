import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Failpoints } from "../../environment/failpoint.ts";
import type { Log } from "../../log/port.ts";
import { areNeighbours } from "../../process/release.ts";
import { retryWhileFull } from "../connections/full.ts";
import { type Copy, copiesOf, copy, drop, isNameable, momentOf, settle } from "./copies.ts";
import { assertNotMoved } from "../moved.ts";
import { type Database, missingIn, type Part, partsOf, runSteps, tryUpgradeLock } from "./migrate.ts";
import { type ConnectedProcess, connectedProcesses } from "./processes.ts";
import { isContract } from "./steps.ts";
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

/** A step would remove what a running process of an older version uses, so no step is run. */
export class OlderProcesses extends Error {
  constructor({ service }: Part, version: string, older: readonly ConnectedProcess[]) {
    const names = older.map(({ name }) => name).join("; ");
    super(
      `version ${version} removes from the tables of ${service} what older processes use (${names}): stop them, or bring them to the version before ${version} first, one minor version after another`,
    );
    this.name = "OlderProcesses";
  }
}

interface Means {
  readonly log: Log;
  /** The version of this code. */
  readonly version: string;
  /** Other processes run the other services, or the same. */
  readonly isPart: boolean;
  /** The party that backs up the data before an upgrade. */
  readonly backup: "kinora" | "operator";
  /** Bytes that copies may take; not known of a server elsewhere. */
  readonly room?: (() => Promise<number>) | undefined;
  readonly failpoints?: Failpoints | undefined;
}
/** A database with a session of its own. */
interface OpenDatabase extends Database {
  readonly client: pg.Client;
  readonly database: string;
}

/**
 * Brings databases up to date; one process at a time does so for each of them. Before the first step each database with
 * tables is copied, also one without missing steps, as rows of one service name those of others. An interrupted upgrade
 * goes on under the copies that were made before it began. Copies are kept for seven days, or until the next upgrade. No
 * other client may use these databases meanwhile. New schemas are no reason for a copy.
 *
 * A fleet is upgraded process by process: beside other processes, expand steps run without a copy, because PostgreSQL
 * copies no database that is in use, and the version before works after them.
 *
 * @throws NewerSchema before anything is changed, when this code is below the floor of any of them.
 * @throws NoCopy before any step, when one cannot be copied.
 * @throws ConfigError before anything is changed, when the tables of a service have moved to another database.
 * @throws OlderProcesses before any step, when a contract step is missing that a running process cannot bear.
 */
export async function upgrade(databases: readonly Database[], means: Means): Promise<void> {
  // In one order, so that of two processes with several databases one gets them all.
  const ordered = databases.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  for (let attempt = 0; ; attempt++) {
    if (await retryWhileFull(() => upgradeUnlessBusy(ordered, means), means.log)) return;
    if (attempt === 0) means.log.info("another process changes the tables: waiting for it");
    await sleep(delayMs(attempt));
  }
}

/**
 * One attempt. A waiting process is not connected between its attempts, because PostgreSQL copies no database to which
 * others are connected. For the same reason the lock is one of a session and not of a row.
 * @returns false where another process has the lock of one of the databases.
 */
async function upgradeUnlessBusy(databases: readonly Database[], means: Means): Promise<boolean> {
  const open: OpenDatabase[] = [];
  try {
    for (const database of databases) {
      const client = new pg.Client(connectionOf(database.address));
      open.push({ ...database, client, database: client.database ?? "" });
      await client.connect();
    }
    for (const { client, schemas } of open)
      await assertNotMoved(
        client,
        schemas.map(({ service }) => service),
      );
    const states = await Promise.all(open.map(isDue));
    if (!states.includes(true)) return true;
    for (const { client } of open) if (!(await tryUpgradeLock(client))) return false;
    await upgradeLocked(open, means);
    return true;
  } finally {
    for (const { client } of open) await client.end();
  }
}

const firstDelayMs = 50;
const lastDelayMs = 1_000;

/** A part of each wait is random, so that many waiting processes do not come at the same moment. */
const delayMs = (attempt: number): number =>
  Math.min(lastDelayMs, firstDelayMs * 2 ** attempt) * (0.5 + Math.random() / 2);

const nameOf = ({ schemas }: Database): string => schemas[0]?.service ?? "";

/** True if steps are missing, or copies are to be renamed or dropped. */
async function isDue({ client, schemas, database }: OpenDatabase): Promise<boolean> {
  if (missingIn(await partsOf(client, schemas)) > 0) return true;
  return (await copiesOf(client, [database])).some(({ isMidway, isOld }) => isMidway || isOld);
}

async function upgradeLocked(locked: readonly OpenDatabase[], means: Means): Promise<void> {
  // Another process may have changed them before this one had the locks.
  const parts = new Map<OpenDatabase, readonly Part[]>();
  for (const database of locked) parts.set(database, await partsOf(database.client, database.schemas));
  const used = locked.filter((database) => parts.get(database)?.some(({ at }) => at > 0));
  if (used.some((database) => isUnfinished(parts.get(database) ?? []))) await change(used, means);
  await tidy(used, means.log);
  for (const { client, schemas, database } of locked) {
    const newParts = await partsOf(client, schemas);
    const steps = missingIn(newParts);
    if (steps === 0) continue;
    means.log.info("creating tables", { database, steps });
    await runSteps(client, newParts, means.failpoints);
  }
}

/** True if steps are missing in a schema that has others; a new schema has all its steps or none. */
const isUnfinished = (parts: readonly Part[]): boolean =>
  parts.some(
    ({ at, steps, service }) => at < steps.length && parts.some((part) => part.service === service && part.at > 0),
  );

const codeOf = (error: unknown): string | undefined => (error instanceof pg.DatabaseError ? error.code : undefined);

async function change(locked: readonly OpenDatabase[], means: Means): Promise<void> {
  const { log, failpoints } = means;
  const processes = (await Promise.all(locked.map(({ client }) => connectedProcesses(client)))).flat();
  const parts = (await Promise.all(locked.map(({ client, schemas }) => partsOf(client, schemas)))).flat();
  const contracting = parts.find(({ at, steps }) => steps.slice(at).some(isContract));
  const older = processes.filter(({ version }) => !areNeighbours(version, means.version));
  if (contracting && older.length > 0) throw new OlderProcesses(contracting, means.version, older);
  if (!contracting && (means.isPart || processes.length > 0))
    log.info("tables are changed without a copy, beside other processes", {
      databases: databasesOf(locked),
      processes: processes.map(({ name }) => name),
    });
  else if (means.backup === "kinora") await copyAll(locked, means);
  else log.warn("databases are upgraded without a copy, as configured");
  await failpoints?.hit("upgrade.copied");
  for (const database of locked) {
    const ownParts = await partsOf(database.client, database.schemas);
    const steps = missingIn(ownParts);
    await runSteps(database.client, ownParts, failpoints);
    if (steps > 0) log.info("database brought up to date", { database: database.database, steps });
  }
  await failpoints?.hit("upgrade.changed");
}

/** No step runs before each has its copy; where an attempt was interrupted, its copies count. */
async function copyAll(locked: readonly OpenDatabase[], { log, room }: Means): Promise<void> {
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

const databasesOf = (locked: readonly OpenDatabase[]): string[] => locked.map(({ database }) => database);

/** By SQLSTATE. */
const reasons: Readonly<Record<string, string>> = {
  "42501": "its user may not create databases, so allow that (ALTER ROLE … CREATEDB)",
  "55006": "others are connected to it, so stop them",
  "53100": "there is no space left for it, so make room",
};

async function assertRoom(missing: readonly OpenDatabase[], room: Means["room"]): Promise<void> {
  if (room === undefined) return;
  let bytes = 0;
  for (const { client, database } of missing) {
    const { rows } = await client.query<{ bytes: number }>("SELECT pg_database_size(current_database()) AS bytes");
    bytes += rows[0]?.bytes ?? 0;
    if (bytes > (await room())) throw new NoCopy(database, `${bytes} bytes are needed, so make room`);
  }
}

/** After an upgrade: its copies get their final names. Copies of the upgrade before it and expired ones are deleted. */
async function tidy(locked: readonly OpenDatabase[], log: Log): Promise<void> {
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
