import { randomBytes } from "node:crypto";
import { searchPath } from "./search-path.ts";
import { type Children, realChildren } from "./children.ts";
import { type Disk, realDisk } from "./disk.ts";
import { type Failpoints, noFailpoints } from "./failpoint.ts";

/** Everything a process takes from the world besides the network, so that a test can own it. */
export interface Environment {
  /** Milliseconds since 1970; for showing and for ids, never for a deadline (reliability D7). */
  readonly now: () => number;
  readonly random: (bytes: number) => Buffer;
  readonly disk: Disk;
  readonly children: Children;
  /** The folders of programs, as in PATH. */
  readonly searchPath: string;
  readonly failpoints: Failpoints;
}

export const realEnvironment = (changes: Partial<Environment> = {}): Environment => ({
  now: Date.now,
  random: randomBytes,
  disk: realDisk,
  children: realChildren,
  searchPath: searchPath(),
  failpoints: noFailpoints,
  ...changes,
});
