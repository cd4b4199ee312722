import { type Db, type Id, KinoraError, type Tx } from "#kernel";
import { asKinoraError } from "#kernel/errors";
import type { z } from "zod";
import { type Action, type drive, EntryNotFound, type KeptFile } from "../contract.ts";
import { type Files, kept } from "../files/files.ts";
import * as contentStore from "../files/content-store.ts";
import * as listingStore from "./listing-store.ts";
import * as store from "../store.ts";
import { checkedName, type Tree } from "./tree.ts";

type Asked = z.output<(typeof drive)["methods"]["execute"]["input"]>;
type Done = z.input<(typeof drive)["methods"]["execute"]["output"]>["items"][number];

interface Parts {
  readonly db: Db<store.Tables>;
  readonly tree: Tree;
  readonly files: Files;
}

/** Several actions on one's own files: each by itself, or all in one transaction, where the first failure undoes them. */
export function executingOf({ db, tree, files }: Parts) {
  async function find(tx: Tx<store.Tables>, userId: Id, { kind, hex }: HashOf): Promise<store.Row> {
    const row = await contentStore.byHash(tx, userId, kind, hex);
    if (!row) throw EntryNotFound({});
    return row;
  }

  async function act(tx: Tx<store.Tables>, userId: Id, action: Action): Promise<KeptFile[]> {
    switch (action.kind) {
      case "find":
        return [kept(await find(tx, userId, action.hash))];
      case "list":
        return (await listingStore.library(tx, userId, action.limit, action.offset)).map(kept);
      case "rename": {
        const row = await find(tx, userId, action.hash);
        return [kept(await files.renamed(tx, row, userId, checkedName(action.name), false))];
      }
      case "trash": {
        const row = await find(tx, userId, action.hash);
        await tree.trash(tx, userId, row.id);
        return [kept(row)];
      }
    }
  }

  /** In a transaction that has the user's tree to itself. */
  const locked = <T>(userId: Id, work: (tx: Tx<store.Tables>) => Promise<T>): Promise<T> =>
    db.tx(async (tx) => {
      await tree.lock(tx, userId);
      return work(tx);
    });

  return async ({ actions, isOne, stopsAtFailure }: Asked, userId: Id): Promise<Done[]> => {
    if (isOne)
      return locked(userId, async (tx) => {
        const done: Done[] = [];
        for (const action of actions) done.push({ files: await act(tx, userId, action), error: null });
        return done;
      });
    const done: Done[] = [];
    for (const action of actions) {
      try {
        done.push({ files: await locked(userId, (tx) => act(tx, userId, action)), error: null });
      } catch (failure) {
        const { code, message, kind } = asKinoraError(failure);
        // What is no rule's refusal is told of all: nobody knows what became of this one.
        if (!(failure instanceof KinoraError) || kind === "unavailable" || kind === "internal") throw failure;
        done.push({ files: [], error: { code, message } });
        if (stopsAtFailure) break;
      }
    }
    return done;
  };
}
type HashOf = Extract<Action, { readonly kind: "find" }>["hash"];
