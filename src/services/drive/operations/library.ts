import { type Call, callerOf, type Handlers, type Host } from "#kernel";
import type { z } from "zod";
import type { ContentHash } from "#services/upload/contract";
import { type drive, EntryNotFound } from "../contract.ts";
import * as listingStore from "../tree/listing-store.ts";
import { requireName } from "../tree/names.ts";
import type { RunBatch } from "./batch.ts";
import type { Tree } from "../tree/tree.ts";
import * as store from "../store.ts";
import type { Arrivals } from "../files/arrivals.ts";
import * as contentStore from "../files/content-store.ts";
import type { Digests } from "../files/digests.ts";
import { type Files, presentKeptFile } from "../files/files.ts";

interface LibraryParts {
  readonly tree: Tree;
  readonly files: Files;
  readonly arrivals: Arrivals;
  readonly digests: Digests;
  readonly runBatch: RunBatch;
  /** A call on behalf of the same user. */
  readonly userCall: (call: Call) => Call;
}

type Library = Pick<Handlers<typeof drive>, "keep" | "byHash" | "renameByHash" | "library" | "execute">;

/** Files by their content, one entry for each, for the compatible APIs. */
export function createLibrary({ db }: Pick<Host<store.Tables>, "db">, parts: LibraryParts): Library {
  const { tree, files, arrivals, digests, runBatch, userCall } = parts;

  /** @throws EntryNotFound */
  async function findByHash({ kind, hex }: z.output<typeof ContentHash>, call: Call): Promise<store.Row> {
    const userId = callerOf(call);
    const find = () => contentStore.byHash(db, userId, kind, hex);
    let row = await find();
    // MD5 and SHA-1 of a file may have been computed since it was uploaded.
    if (!row && kind !== "sha256" && (await digests.learn(userId, userCall(call)))) row = await find();
    if (!row) throw EntryNotFound({});
    return row;
  }

  return {
    async keep({ fileId, name }, call) {
      const file = await arrivals.fileOf(fileId, call);
      const row = await db.tx((tx) => files.keep(tx, file, name));
      return presentKeptFile(await digests.withDigests(row, userCall(call)));
    },

    byHash: async ({ hash }, call) => presentKeptFile(await findByHash(hash, call)),

    async renameByHash({ hash, name: text }, call) {
      const name = requireName(text);
      const { id } = await findByHash(hash, call);
      const userId = callerOf(call);
      const row = await db.tx(async (tx) => {
        await tree.lock(tx, userId);
        const locked = await store.liveById(tx, userId, id);
        if (!locked) throw EntryNotFound({});
        return files.rename(tx, locked, userId, name, false);
      });
      return presentKeptFile(row);
    },

    async library({ limit, offset }, call) {
      const rows = await listingStore.library(db, callerOf(call), limit, offset);
      return { items: (await digests.ofAll(rows, userCall(call))).map(presentKeptFile) };
    },

    async execute(batch, call) {
      // Hashes that were computed since are learnt first: no other service is asked inside a transaction.
      for (const action of batch.actions)
        if (action.kind !== "list") await findByHash(action.hash, call).catch(() => undefined);
      return { items: await runBatch(batch, callerOf(call)) };
    },
  };
}
