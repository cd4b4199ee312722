import type { Id } from "#kernel";
import * as leaseStore from "./lease-store.ts";
import type { UploadHost } from "../settings.ts";

/** Renews the lease of an upload while it is in scope, unless another writer took it over. */
export function keepLease({ db, settings: { leaseMs } }: UploadHost, id: Id, fence: number): Disposable {
  const beat = setInterval(() => {
    // A beat that is missed is not the end: another one follows before the lease is over, or the last step is refused.
    db.tx((tx) => leaseStore.renew(tx, id, fence, leaseMs)).catch(() => undefined);
  }, leaseMs / 3).unref();
  return { [Symbol.dispose]: () => clearInterval(beat) };
}
