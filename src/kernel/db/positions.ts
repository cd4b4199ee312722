import { AsyncLocalStorage } from "node:async_hooks";
import type { Positions } from "../call.ts";

/**
 * A primary's position, in SQL. An acknowledged commit is flushed, and only what is flushed reaches a standby: of the
 * positions that stand for all commits before, this is the least.
 */
export const flushedPosition = "(pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint";

/** The context of a reading call: with `readAfter` it may use replicas that have replayed these positions. */
export interface Reading {
  readonly readAfter?: Positions;
}

/** The greatest position of each server. Pure. */
export function furthest(...all: readonly Positions[]): Positions {
  const merged: Record<string, number> = {};
  for (const positions of all)
    for (const [server, position] of Object.entries(positions))
      merged[server] = Math.max(merged[server] ?? 0, position);
  return merged;
}

/** The strictest context of these calls: one that has to read the primary takes the others along. Pure. */
export function strictest(calls: readonly (Reading | undefined)[]): Reading {
  const all = calls.map((call) => call?.readAfter);
  return all.includes(undefined) ? {} : { readAfter: furthest(...all.filter((positions) => positions !== undefined)) };
}

/** The text for commits of a server that keeps no positions, or whose answer was lost. */
const unknown = "unknown";

/** The commits of one call, also of what it asked other services to do, as the positions of the log after them. */
export class Commits {
  #positions: Positions = {};
  #isUnknown = false;

  /** After each commit that is known. */
  get positions(): Positions {
    return this.#positions;
  }

  /** True if there may be commits at unknown positions. */
  get isUnknown(): boolean {
    return this.#isUnknown;
  }

  get isEmpty(): boolean {
    return !this.#isUnknown && Object.keys(this.#positions).length === 0;
  }

  record(server: string, position: number): void {
    this.#positions = furthest(this.#positions, { [server]: position });
  }

  lose(): void {
    this.#isUnknown = true;
  }

  add(other: Commits): void {
    this.#positions = furthest(this.#positions, other.positions);
    this.#isUnknown ||= other.isUnknown;
  }

  /** As another process reads it by {@link Commits.read}. */
  get text(): string {
    return this.#isUnknown ? unknown : JSON.stringify(this.#positions);
  }

  /** Adds the commits that another process reported. */
  read(text: string): void {
    try {
      const positions: unknown = text === unknown ? undefined : JSON.parse(text);
      if (typeof positions !== "object" || positions === null) return this.lose();
      for (const [server, position] of Object.entries(positions))
        if (Number.isSafeInteger(position)) this.record(server, Number(position));
        else this.lose();
    } catch {
      this.lose();
    }
  }
}

const underWay = new AsyncLocalStorage<Commits>();

/** Runs `work`, whose commits on databases with replicas are recorded in `commits`. */
export const recordCommits = <R>(commits: Commits, work: () => R): R => underWay.run(commits, work);

/** The record of the current call's commits; undefined if no caller asks for them. */
export const commitsUnderWay = (): Commits | undefined => underWay.getStore();
