import type { Handlers, Id, Reader } from "#kernel";
import type { BlobStores } from "#kernel/blob/stores/stores";
import type { z } from "zod";
import { TransferNotFound, type transfer, TwoStores, UnknownStore } from "./contract.ts";
import { presentTransfer } from "./presenter.ts";
import type { TransferQueue } from "./queue.ts";
import type { TransferHost } from "./settings.ts";
import * as store from "./store.ts";
import { type Reason, reasons } from "./worker/operations.ts";

const failuresMax = 100;

type Start = z.output<(typeof transfer)["methods"]["start"]["input"]>;

interface Parts {
  readonly stores: BlobStores;
  readonly queue: TransferQueue;
}

/** @throws TransferNotFound */
export async function transferById(reader: Reader<store.Tables>, id: Id): Promise<store.Row> {
  const row = await store.transfer(reader, id);
  if (!row) throw TransferNotFound({});
  return row;
}

/** @throws UnknownStore */
export function assertStore({ names }: Pick<BlobStores, "names">, name: string): void {
  if (!names.includes(name)) throw UnknownStore({ name });
}

/** Beginning transfers and looking at them. */
export function createTransfers(
  { db, nextId, now }: Pick<TransferHost, "db" | "nextId" | "now">,
  { stores, queue }: Parts,
): Pick<Handlers<typeof transfer>, "start" | "list" | "get"> {
  /** @throws TwoStores, UnknownStore */
  function assertStores({ kind, from, to }: Start): void {
    const isBetweenStores = kind === "move" || kind === "copy";
    if (isBetweenStores !== (to !== undefined) || from === to) throw TwoStores({});
    assertStore(stores, from);
    if (to !== undefined) assertStore(stores, to);
  }

  return {
    async start(input, { userId }) {
      assertStores(input);
      const id = nextId();
      return db.answer(async (tx) => {
        await store.insert(tx, {
          id,
          ...columnsOf(input),
          day: null,
          status: "queued",
          requested_by: userId ?? null,
          created_at_ms: now(),
        });
        await queue.add(tx, id);
        return presentTransfer(await transferById(tx, id));
      });
    },

    async list(page) {
      const { items, ...paging } = await store.list(db, page);
      return { items: items.map(presentTransfer), ...paging };
    },

    async get({ id }) {
      const failures = await store.failures(db, id, failuresMax);
      return {
        ...presentTransfer(await transferById(db, id)),
        // Only reasons of that list are ever stored with an object that failed.
        failures: failures.map(({ key: object, sizeBytes, reason }) => {
          return { object, sizeBytes, error: reason, message: reasons[reason as Reason] };
        }),
      };
    },
  };
}

/** The columns of an input, by its fields: a new field of the contract without an entry is a type error. */
const columnsOf = (input: Start) => {
  const columns = {
    kind: { kind: input.kind },
    from: { from_store: input.from },
    to: { to_store: input.to ?? null },
    space: { space: input.space ?? null },
    userId: { user_id: input.userId ?? null },
    olderThanMs: { older_than_ms: input.olderThanMs ?? null },
    largerThanBytes: { larger_than_bytes: input.largerThanBytes ?? null },
    bytesPerSecond: { bytes_per_second: input.bytesPerSecond ?? null },
  } satisfies Record<keyof Start, Partial<Parameters<typeof store.insert>[1]>>;
  return {
    ...columns.kind,
    ...columns.from,
    ...columns.to,
    ...columns.space,
    ...columns.userId,
    ...columns.olderThanMs,
    ...columns.largerThanBytes,
    ...columns.bytesPerSecond,
  };
};
