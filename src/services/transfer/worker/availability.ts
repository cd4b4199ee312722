import { KinoraError } from "#kernel";
import type { BlobStores } from "#kernel/blob/stores";
import type { Row } from "../store.ts";

/** A store does not answer or is full: no object is to blame for it. */
export class StoreUnavailable extends Error {}

/** @throws StoreUnavailable where a store of the transfer cannot be used at all right now. */
export async function assertStoresReady(stores: BlobStores, { from, to }: Pick<Row, "from" | "to">): Promise<void> {
  for (const name of from === null ? stores.names : [from, to]) {
    const reason = name === null ? undefined : (await stores.only(name).ready())?.reason;
    if (reason !== undefined) throw new StoreUnavailable(`${name}: ${reason}`);
  }
}

/** Whether the error is a failure that a store may get over. */
export const isOfStore = (error: unknown): boolean => error instanceof KinoraError && error.kind === "unavailable";
