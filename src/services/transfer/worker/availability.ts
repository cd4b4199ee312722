import { KinoraError } from "#kernel";
import type { BlobStores } from "#kernel/blob/stores/stores";

/** A store does not answer or is full: no object is to blame for it. */
export class StoreUnavailable extends Error {}

/** The names of the stores of a transfer; null for all of them. */
interface Stores {
  readonly from: string | null;
  readonly to: string | null;
}

/** @throws StoreUnavailable where a store of the transfer cannot be used at all right now. */
export async function assertStoresReady(stores: BlobStores, { from, to }: Stores): Promise<void> {
  for (const name of from === null ? stores.names : [from, to]) {
    const reason = name === null ? undefined : (await stores.only(name).ready())?.reason;
    if (reason !== undefined) throw new StoreUnavailable(`${name}: ${reason}`);
  }
}

/** True if the error is a temporary failure of a store. */
export const isOfStore = (error: unknown): boolean => error instanceof KinoraError && error.kind === "unavailable";
