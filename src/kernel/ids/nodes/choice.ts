import { nodeNumbers } from "../id.ts";

/** A number that keeps the ids of one process apart from those of others, as its row has it. */
export interface NodeNumber {
  readonly number: number;
  /** The process that holds it, or held it last; null after it was given back. */
  readonly holder: string | null;
  /** Grows with each holder. */
  readonly fence: number;
  /** By the database's clock; negative once the lease is over. */
  readonly leaseLeftMs: number;
  /** Ids with this number may lie at this tick or below. */
  readonly tick: number;
}

/** A process that looks for a number. */
interface Seeker {
  /** Its name, stable over restarts. */
  readonly name: string;
  /** False for one that has just lost its number: the process that took it has the same name. */
  readonly mayResume: boolean;
  /** By its own clock. */
  readonly tick: number;
}

/**
 * The number that a process takes: that of its earlier run, else the lowest free one, else the lowest that was never used.
 * A free one is held by nobody, and its ids lie before the clock. Undefined where there is none. Pure.
 */
export function chooseNumber(rows: readonly NodeNumber[], { name, mayResume, tick }: Seeker): number | undefined {
  const resumed = mayResume ? rows.find(({ holder }) => holder === name) : undefined;
  const free = (row: NodeNumber) => row.leaseLeftMs <= 0 && row.tick < tick;
  const used = new Set(rows.map(({ number }) => number));
  const unused = Array.from({ length: nodeNumbers }, (_, number) => number).find((number) => !used.has(number));
  return resumed?.number ?? rows.find(free)?.number ?? unused;
}
