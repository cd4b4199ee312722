import type { Id, Job, Tx } from "#kernel";
import type { BlobStores } from "#kernel/blob/stores";
import { fileTransferred } from "./contract.ts";
import { isOfStore, Moving, type Outcome, type Passing, type Reason } from "./move.ts";
import { type Owners, partsOf } from "./owners.ts";
import { type Clock, Pace } from "./pace.ts";
import { aside, meant, missing } from "./plan.ts";
import type { TransferHost } from "./settings.ts";
import * as store from "./store.ts";

const batch = 500;
const lanes = 4;
const attemptsMax = 6;
/** A transfer that waits looks this often whether something was added to it. */
const lookMs = 30_000;
const tellEveryMs = 1_000;

/** A store does not answer or is full: nothing is to be held against the object. */
class Away extends Error {}
/** Something was added while the last object was finished. */
class More extends Error {}

interface Parts {
  readonly host: TransferHost;
  readonly stores: BlobStores;
  readonly owners: Owners;
  readonly clock: Clock;
}
type Running = Job<{ readonly id: Id }>;

/** Works a transfer off: plans it, then takes one object after the other until none is left or somebody stops it. */
export function working({ host, stores, owners, clock }: Parts): (running: Running) => Promise<void> {
  const { db, emit, now, settings, environment, log, counter } = host;
  const checked = counter("objects_checked_total", "objects whose bytes were compared with what was stored");
  const damaged = counter("objects_damaged_total", "objects found damaged, by what became of them", ["outcome"]);
  const pace = new Pace(settings.bytesPerSecond, clock);
  const moving = new Moving({
    stores,
    owners,
    failpoints: environment.failpoints,
    locked: (key, work) =>
      db.tx(async (tx) => {
        await store.lockKey(tx, key);
        await work();
      }),
  });

  async function plan(row: store.Row, running: Running): Promise<void> {
    let objects: { key: string; sizeBytes: number }[] = [];
    const note = async () => {
      const some = objects;
      objects = [];
      if (some.length > 0) await running.step<store.Tables>(async (tx) => void (await store.plan(tx, row.id, some)));
    };
    const add = async (found: AsyncIterable<{ key: string; sizeBytes: number }>) => {
      for await (const { key, sizeBytes } of found) {
        running.signal.throwIfAborted();
        if (objects.push({ key, sizeBytes }) === batch) await note();
      }
      await note();
    };
    const from = row.from ?? "";
    await add(meant(stores, owners, from, row, now()));
    if (row.kind === "repair") await add(aside(stores, from, row));
    // What is nowhere is looked for once, though there may be many stores.
    if (row.scrubNo !== null && from === stores.names[0])
      await add(missing(stores, owners, row, (keys) => store.unplanned(db, row.id, keys)));
    await running.step<store.Tables>(async (tx) => void (await store.planned(tx, row.id)));
  }

  /** Keeps the pace of a transfer, and tells how much of what is under way has passed; `ended` where it is not any more. */
  function passingOf(row: store.Row, signal: AbortSignal): () => Passing & { readonly ended: () => void } {
    const own = new Pace(row.bytesPerSecond ?? undefined, clock);
    let underWay = 0;
    let toldAtMs = clock.elapsed();
    const check = async (sizeBytes: number) => {
      await pace.take(sizeBytes, signal);
      await own.take(sizeBytes, signal);
    };
    return () => {
      let passed = 0;
      return {
        checked: check,
        async copied(sizeBytes) {
          await check(sizeBytes);
          passed += sizeBytes;
          underWay += sizeBytes;
          if (clock.elapsed() - toldAtMs < tellEveryMs) return;
          toldAtMs = clock.elapsed();
          await store.underWay(db, row.id, underWay);
        },
        ended() {
          underWay -= passed;
        },
      };
    };
  }

  function outcomeOf(row: store.Row, { key }: store.ObjectRow, passing: Passing): Promise<Outcome> {
    switch (row.kind) {
      case "verify":
        return moving.check(key, row.from ?? "", passing);
      case "repair":
        return moving.repair(key, row.from ?? "", passing);
      default:
        return moving.copy(key, row.from, row.to ?? "", passing);
    }
  }

  /** What is damaged is said aloud: somebody should look at the disk it was on. */
  function report({ id, from }: store.Row, key: string, outcome: Outcome): void {
    const reason = outcome.is === "bad" ? outcome.reason : outcome.is;
    checked.add();
    if (reason !== "repaired" && outcome.is !== "bad") return;
    damaged.add(1, { outcome: reason });
    const said = { transferId: id, key, store: from, reason };
    if (outcome.is === "bad") log.error("a stored object is damaged", said);
    else log.warn("a damaged object was repaired", said);
  }

  const told = (tx: Tx<store.Tables>, row: store.Row, key: string, from: string, isCopy: boolean) => {
    const { space, hash } = partsOf(key);
    return emit(tx, fileTransferred, row.id, { hash, space, from, to: row.to ?? "", isCopy });
  };

  /** The old places of an object go, now that nobody reads them any more. */
  async function release(row: store.Row, object: store.ObjectRow, running: Running): Promise<void> {
    const { key, sizeBytes, writtenAtMs } = object;
    if (!(await owners.keep(key, writtenAtMs ?? 0)))
      return running.step<store.Tables>((tx) => store.settle(tx, row.id, key, "skipped"));
    // In the transaction, though stores are asked in it: of two transfers of one object one at a time lets go of a copy.
    return running.step<store.Tables>(async (tx) => {
      await store.lockKey(tx, key);
      const freed = await moving.release(key, row.from, row.to ?? "", sizeBytes);
      if (!freed) return store.failed(tx, row.id, key, { reason: "gave_up", againMs: 0 });
      await store.settle(tx, row.id, key, "done");
      for (const name of freed) await told(tx, row, key, name, false);
    });
  }

  async function work(row: store.Row, object: store.ObjectRow, running: Running, passing: Passing): Promise<void> {
    if (object.state === "copied") return release(row, object, running);
    const outcome = await outcomeOf(row, object, passing);
    const { id } = row;
    const { key } = object;
    if (row.kind === "verify" || row.kind === "repair") report(row, key, outcome);
    await running.step<store.Tables>(async (tx) => {
      if (outcome.is === "bad") return fail(tx, row, object, outcome.reason);
      if (outcome.is === "copied" && row.kind === "move")
        return store.copied(tx, id, key, outcome.writtenAtMs, settings.graceMs);
      await store.settle(tx, id, key, outcome.is === "copied" ? "done" : outcome.is);
      if (outcome.is === "copied") await told(tx, row, key, row.from ?? "", true);
    });
  }

  const fail = (tx: Tx<store.Tables>, { id }: store.Row, { key }: store.ObjectRow, reason: Reason): Promise<void> =>
    store.failed(tx, id, key, { reason, againMs: undefined });

  /** One object; what goes wrong with it alone is noted and does not stop the others. */
  async function attempt(row: store.Row, object: store.ObjectRow, running: Running, passing: Passing): Promise<void> {
    try {
      await work(row, object, running, passing);
    } catch (error) {
      if (running.signal.aborted) throw error;
      if (isOfStore(error)) await assertThere(row);
      else if (isStale(error)) throw error;
      const { key, attempts } = object;
      log.warn("an object could not be transferred", { transferId: row.id, key, attempt: attempts + 1, err: error });
      const againMs = attempts + 1 < attemptsMax ? settings.againMs * 4 ** attempts : undefined;
      await running.step<store.Tables>((tx) => store.failed(tx, row.id, key, { reason: "gave_up", againMs }));
    }
  }

  /** @throws Away where one of its stores cannot be used at all right now. */
  async function assertThere({ from, to }: store.Row): Promise<void> {
    for (const name of from === null ? stores.names : [from, to]) {
      const reason = name === null ? undefined : await stores.only(name).ready();
      if (reason !== undefined) throw new Away(`${name}: ${reason}`);
    }
  }

  async function each(row: store.Row, running: Running, passing: ReturnType<typeof passingOf>): Promise<boolean> {
    const due = await store.due(db, row.id, batch);
    const queue = [...due];
    const lane = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        running.signal.throwIfAborted();
        const one = passing();
        await attempt(row, next, running, one).finally(() => one.ended());
      }
    };
    const ended = await Promise.allSettled(
      Array.from({ length: lanes }, async () => {
        try {
          await lane();
        } catch (error) {
          queue.length = 0;
          throw error;
        }
      }),
    );
    for (const one of ended) if (one.status === "rejected") throw one.reason;
    return due.length > 0;
  }

  /** Ends it unless something is left by now. */
  async function end(running: Running, id: Id): Promise<boolean> {
    try {
      await running.finish<store.Tables>(async (tx) => {
        const row = await store.lock(tx, id);
        if ((await store.nextDueMs(tx, id)) !== undefined) throw new More();
        if (row?.status === "running" || row?.status === "queued")
          await store.setStatus(tx, id, "done", { endedAtMs: now() });
      });
      return true;
    } catch (error) {
      if (error instanceof More) return false;
      throw error;
    }
  }

  return async (running) => {
    const { id } = running.payload;
    await running.step<store.Tables>((tx) => store.begin(tx, id, now(), settings.scrubBytesPerSecond));
    const row = await store.transfer(db, id);
    // Paused or cancelled after it was put into the queue.
    if (row?.status !== "running") return;
    const missing = [row.from, row.to].find((name) => name !== null && !stores.names.includes(name));
    if (missing !== undefined) {
      const reason = `there is no store ${missing} any more`;
      return running.finish<store.Tables>(
        async (tx) => void (await store.setStatus(tx, id, "failed", { reason, endedAtMs: now() })),
      );
    }
    const passing = passingOf(row, running.signal);
    try {
      if (!row.isPlanned) await plan(row, running).catch((error) => rethrow(error, row));
      for (;;) {
        while (await each(row, running, passing)) await store.underWay(db, id, 0);
        const waitMs = await store.nextDueMs(db, id);
        if (waitMs !== undefined && waitMs > 0)
          return await running.putOff(Math.min(waitMs, lookMs), "it waits for its objects");
        if (waitMs === undefined && (await end(running, id))) return;
      }
    } catch (error) {
      if (!(error instanceof Away) || running.signal.aborted) throw error;
      await store.explain(db, id, error.message);
      await running.putOff(settings.awayMs, error.message);
    }
  };

  async function rethrow(error: unknown, row: store.Row): Promise<never> {
    if (isOfStore(error)) await assertThere(row);
    throw error;
  }
}

const isStale = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "kernel.stale_lease";
