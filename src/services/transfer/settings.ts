import type { Host } from "#kernel";
import { z } from "zod";
import type { Tables } from "./store.ts";

const hourMs = 3_600_000;

export const Settings = z.object({
  /** The store that uploads are moved to by themselves. */
  after: z.string().optional(),
  /** How long a moved object stays in its old place for those who are reading it there. */
  graceMs: z.int().nonnegative().default(hourMs),
  /** Of all transfers of a process together. */
  bytesPerSecond: z.int().positive().optional(),
  /** How often each store is read through by itself; 0 for never. */
  scrubEveryMs: z.int().nonnegative().default(0),
  /** Of one such reading. */
  scrubBytesPerSecond: z
    .int()
    .positive()
    .default(4 * 2 ** 20),
  /** Not in the first minutes of a process, which has other things to do. */
  scrubAfterStartMs: z.int().nonnegative().default(300_000),
  /** When it is looked whether a reading is due, as a cron pattern. */
  scrubPattern: z.string().default("*/10 * * * *"),
  /** How long an object that failed is left alone, the first time; four times as long each time after that. */
  againMs: z.int().positive().default(1_000),
  /** When a store that was away is asked again. */
  awayMs: z.int().positive().default(30_000),
});

export type TransferHost = Host<Tables, z.output<typeof Settings>>;
