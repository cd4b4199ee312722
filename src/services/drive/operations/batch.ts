import { type Db, type Id, KinoraError, type Tx } from "#kernel";
import { asKinoraError } from "#kernel/errors";
import type { z } from "zod";
import { type Action, type drive, EntryNotFound, type KeptFile } from "../contract.ts";
import { type Files, presentKeptFile } from "../files/files.ts";
import * as contentStore from "../files/content-store.ts";
import * as listingStore from "../tree/listing-store.ts";
import * as store from "../store.ts";
import { requireName } from "../tree/names.ts";
import type { Tree } from "../tree/tree.ts";

type Batch = z.output<(typeof drive)["methods"]["execute"]["input"]>;
type BatchResult = z.input<(typeof drive)["methods"]["execute"]["output"]>["items"][number];

interface Parts {
  readonly db: Db<store.Tables>;
  readonly tree: Tree;
  readonly files: Files;
}

/** Several actions on a user's files: each by itself, or all in one transaction, which the first failure rolls back. */
export type RunBatch = (batch: Batch, userId: Id) => Promise<BatchResult[]>;

export function createBatchRun({ db, tree, files }: Parts): RunBatch {
  async function find(tx: Tx<store.Tables>, userId: Id, { kind, hex }: HashOf): Promise<store.Row> {
    const row = await contentStore.byHash(tx, userId, kind, hex);
    if (!row) throw EntryNotFound({});
    return row;
  }

  async function act(tx: Tx<store.Tables>, userId: Id, action: Action): Promise<KeptFile[]> {
    switch (action.kind) {
      case "find":
        return [presentKeptFile(await find(tx, userId, action.hash))];
      case "list":
        return (await listingStore.library(tx, userId, action.limit, action.offset)).map(presentKeptFile);
      case "rename": {
        const row = await find(tx, userId, action.hash);
        return [presentKeptFile(await files.rename(tx, row, userId, requireName(action.name), false))];
      }
      case "trash": {
        const row = await find(tx, userId, action.hash);
        await tree.trash(tx, userId, row.id);
        return [presentKeptFile(row)];
      }
    }
  }

  /** Runs in a transaction that holds the lock of the user's tree. */
  const withLock = <T>(userId: Id, work: (tx: Tx<store.Tables>) => Promise<T>): Promise<T> =>
    db.tx(async (tx) => {
      await tree.lock(tx, userId);
      return work(tx);
    });

  return async ({ actions, isOne, stopsAtFailure }: Batch, userId: Id): Promise<BatchResult[]> => {
    if (isOne)
      return withLock(userId, async (tx) => {
        const results: BatchResult[] = [];
        for (const action of actions) results.push({ files: await act(tx, userId, action), error: null });
        return results;
      });
    const results: BatchResult[] = [];
    for (const action of actions) {
      try {
        results.push({ files: await withLock(userId, (tx) => act(tx, userId, action)), error: null });
      } catch (failure) {
        const { code, message, kind } = asKinoraError(failure);
        // Any other failure fails the whole batch: the outcome of this action is unknown.
        if (!(failure instanceof KinoraError) || kind === "unavailable" || kind === "internal") throw failure;
        results.push({ files: [], error: { code, message } });
        if (stopsAtFailure) break;
      }
    }
    return results;
  };
}
type HashOf = Extract<Action, { readonly kind: "find" }>["hash"];
