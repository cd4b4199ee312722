import type { Tx } from "../db/transaction.ts";
import type { KernelTables } from "../db/tables.ts";

/** The right to do something that one process at a time may do, until the lease is over. */
export interface Lease {
  /** Higher than the fence of every earlier holder. */
  readonly fence: number;
  /** Aborts when the lease could not be renewed in time: another process may hold it by now. */
  readonly signal: AbortSignal;
  /**
   * True if the lease still stands. It is called in a transaction whose changes depend on it: no other process takes
   * the lease before that transaction ends.
   */
  holds(tx: Tx<KernelTables>): Promise<boolean>;
}

/** A lock that several processes respect. */
export interface Locks {
  /** Runs `work` while holding `name`; yields undefined without running it when another process holds it. */
  try<R>(name: string, work: (lease: Lease) => Promise<R>): Promise<R | undefined>;
}
