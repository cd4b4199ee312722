import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { Failpoints } from "../../environment/failpoint.ts";
import { formerSchemaOf, insertMove, moveSchemaOf, type MoveState, schemasAmong } from "../moved.ts";
import { clockMsText, schemaOf } from "../tables.ts";
import type { Schema } from "../upgrade/migrate.ts";
import { isBusy } from "./busy.ts";
import { endCapture, startCapture } from "./capture.ts";
import { copySequences, type ForeignKeys, type MovedTable, tablesOf, validate } from "./catalogue.ts";
import { carryChanges, compareRows, copyRows } from "./rows.ts";
import { inBoth } from "./session.ts";
import { clearTarget, completeTarget, prepareTarget } from "./target.ts";

/** Writes wait for five seconds at most; the rest is for the last steps, which take milliseconds. */
const pauseMsMax = 4_000;
/** A comparison of all rows that takes longer than this is not repeated while writes wait. */
const wholeMsMax = 1_500;
const pauseAttemptsMax = 30;
/** The last difference is carried while writes wait: it is small by then. */
const passMsFew = 500;
const passesMax = 20;

/** Writes came faster than they could be carried over. */
export class PauseTooLong extends Error {
  constructor(service: string) {
    super(`the last changes of ${service} could not be carried over in ${pauseMsMax / 1_000} s: try at a quieter time`);
    this.name = "PauseTooLong";
  }
}

/** Both ends of a move, each with a session of its own. */
export interface Move {
  readonly source: pg.Client;
  readonly target: pg.Client;
  readonly schema: Schema;
  readonly failpoints: Failpoints;
}

export interface Moved {
  readonly tables: number;
  readonly rows: number;
  /** Rows that were copied from the first snapshot. */
  readonly copied: number;
  /** Keys of rows that changed after it. */
  readonly changed: number;
  readonly pauseMs: number;
  /** False where the comparison during the pause was one of the changed rows, because all of them would take too long. */
  readonly isComparedWhole: boolean;
}

/** Marks both databases, after what an interrupted attempt left is removed. */
export async function beginMove(
  { source, target, schema: { service } }: Move,
  state: Omit<MoveState, "role" | "movedAtMs">,
  isAgain: boolean,
): Promise<void> {
  if (isAgain) {
    await endCapture(source, service);
    await clearTarget(target, service);
    await source.query(`DROP SCHEMA ${moveSchemaOf(service)} CASCADE`);
  }
  await insertMove(source, service, { ...state, role: "source" });
  await insertMove(target, service, { ...state, role: "target", sealed: "" });
}

/** Moves the tables of a service whose move has begun. Until the last commit the source is valid, and after it the target. */
export async function runMove(move: Move): Promise<Moved> {
  const { source, target, schema, failpoints } = move;
  const { service } = schema;
  await failpoints.hit("move.begun");
  const tables = await tablesOf(source, service);
  const foreignKeys = await prepareTarget(target, schema, tables);
  await startCapture(source, service, tables);
  await failpoints.hit("move.captured");
  const snapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ";
  const ends = { source, target };
  const copied = await inBoth(source, target, snapshot, () => copyRows(ends, tables));
  for (const { name } of tables) await target.query(`ANALYZE ${name}`);
  await failpoints.hit("move.copied");
  // All rows are compared once while writes go on, which says how long it takes.
  let wholeMs = 0;
  let changed = await inBoth(source, target, snapshot, async () => {
    const keys = await carryChanges(ends, tables);
    const beganMs = performance.now();
    await compareRows(ends, tables);
    wholeMs = performance.now() - beganMs;
    return keys;
  });
  for (let pass = 0, passMs = passMsFew; passMs >= passMsFew && pass < passesMax; pass++) {
    const beganMs = performance.now();
    changed += await inBoth(source, target, snapshot, () => carryChanges(ends, tables));
    passMs = performance.now() - beganMs;
  }
  const isComparedWhole = wholeMs < wholeMsMax;
  const last = await switchOver(move, tables, foreignKeys, isComparedWhole);
  await failpoints.hit("move.switched");
  await finishMove(move);
  return { tables: tables.length, copied, isComparedWhole, ...last, changed: changed + last.changed };
}

type Last = Pick<Moved, "rows" | "changed" | "pauseMs">;

async function switchOver(
  move: Move,
  tables: readonly MovedTable[],
  foreignKeys: ForeignKeys,
  isComparedWhole: boolean,
): Promise<Last> {
  const { source, target } = move;
  for (let attempt = 1; ; attempt++) {
    try {
      return await pauseAndSwitch(move, tables, foreignKeys, isComparedWhole);
    } catch (error) {
      await Promise.all([source, target].map((client) => client.query("ROLLBACK").catch(() => undefined)));
      const isLate = error instanceof PauseTooLong && attempt < 3;
      if (!isLate && !(isBusy(error) && attempt < pauseAttemptsMax)) throw error;
    }
    // Writes go on between two attempts, and what they change is carried over before the next.
    await sleep(200 + Math.random() * 300);
    await inBoth(source, target, "BEGIN ISOLATION LEVEL REPEATABLE READ", () => carryChanges(move, tables));
  }
}

/**
 * Locks the tables against writes, carries the last changes over, compares, and commits at the target. The source then
 * renames the schema, in one transaction with the mark. A write that waited for the lock finds no table of its name.
 */
async function pauseAndSwitch(
  { source, target, schema: { service }, failpoints }: Move,
  tables: readonly MovedTable[],
  foreignKeys: ForeignKeys,
  isComparedWhole: boolean,
): Promise<Last> {
  const beganMs = performance.now();
  const assertInTime = () => {
    if (performance.now() - beganMs > pauseMsMax) throw new PauseTooLong(service);
  };
  // A deadlock with a writer ends after a second by one of the two: it is to be this one.
  await source.query(`BEGIN; SET LOCAL lock_timeout = '800ms'; SET LOCAL statement_timeout = ${pauseMsMax};
    SET LOCAL idle_in_transaction_session_timeout = ${pauseMsMax};
    LOCK TABLE ${tables.map(({ name }) => name).join(", ")} IN EXCLUSIVE MODE`);
  await target.query(`BEGIN; SET LOCAL statement_timeout = ${pauseMsMax}`);
  const changed = await carryChanges({ source, target }, tables);
  assertInTime();
  const rows = isComparedWhole ? await compareRows({ source, target }, tables) : await countRows(target, tables);
  assertInTime();
  await copySequences(source, target, service);
  await completeTarget(target, tables, foreignKeys);
  assertInTime();
  await target.query("COMMIT");
  await failpoints.hit("move.prepared");
  await source.query(`ALTER SCHEMA ${schemaOf(service)} RENAME TO ${formerSchemaOf(service).slice(1, -1)};
    UPDATE ${moveSchemaOf(service)}.state SET moved_at_ms = ${clockMsText}; COMMIT`);
  return { rows, changed, pauseMs: Math.round(performance.now() - beganMs) };
}

/** The planner's number of rows, for a report. */
async function countRows(client: pg.Client, tables: readonly MovedTable[]): Promise<number> {
  const { rows } = await client.query<{ rows: number }>(
    "SELECT coalesce(sum(greatest(reltuples, 0)), 0)::bigint AS rows FROM pg_class WHERE oid = any($1::regclass[])",
    [tables.map(({ name }) => name)],
  );
  return rows[0]?.rows ?? 0;
}

/** Does the rest after the switch, again where it was interrupted. Processes use the new database already. */
export async function finishMove({ source, target, schema: { service } }: Move): Promise<void> {
  await validate(target, service);
  await target.query(`DROP SCHEMA IF EXISTS ${moveSchemaOf(service)} CASCADE`);
  await endCapture(source, service);
}

/**
 * Forgets a move that did not come to its switch; the source stays as it is.
 * @param move without a target where that cannot be reached
 */
export async function cancelMove({
  source,
  target,
  schema: { service },
}: Pick<Move, "source" | "schema"> & { readonly target: pg.Client | undefined }): Promise<void> {
  if (target && (await schemasAmong(target, [`${service}_move`])).size > 0) await clearTarget(target, service);
  await endCapture(source, service);
  await source.query(`DROP SCHEMA IF EXISTS ${moveSchemaOf(service)} CASCADE`);
}
