import type { Host } from "#kernel";
import { z } from "zod";
import type { Tables } from "./store.ts";

const hourMs = 3_600_000;

export const Settings = z.object({
  /** The long-term store that uploads are moved to automatically. */
  after: z.string().optional(),
  /** How long a moved object stays in its old place for its readers there. */
  graceMs: z.int().nonnegative().default(hourMs),
  /** The limit of all transfers of a process together. */
  bytesPerSecond: z.int().positive().optional(),
  /** How often each store is scrubbed; 0 for never. */
  scrubEveryMs: z.int().nonnegative().default(0),
  /** The limit of one scrub. */
  scrubBytesPerSecond: z
    .int()
    .positive()
    .default(4 * 2 ** 20),
  /** No scrub begins in the first minutes of a process, which is busy then. */
  scrubAfterStartMs: z.int().nonnegative().default(300_000),
  /** When due scrubs are begun, as a cron pattern. */
  scrubPattern: z.string().default("*/10 * * * *"),
  /** The delay before the first retry of an object; each further one is four times as long. */
  againMs: z.int().positive().default(1_000),
  /** The delay before a store that was unavailable is tried again. */
  awayMs: z.int().positive().default(30_000),
});

export type TransferHost = Host<Tables, z.output<typeof Settings>>;
