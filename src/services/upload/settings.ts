import type { Host } from "#kernel";
import { usualUploadLimits as usual } from "#kernel/http/limits";
import { z } from "zod";
import type { Tables } from "./store.ts";

const mebibyte = 2 ** 20;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export const Settings = z.object({
  fileBytesMax: z.int().positive().default(usual.fileBytesMax),
  quotaBytes: z.int().nonnegative().default(usual.quotaBytes),
  chunkBytesMax: z.int().positive().default(usual.chunkBytesMax),
  /** How long an upload that does not go on is kept. */
  sessionLifeMs: z
    .int()
    .positive()
    .default(7 * dayMs),
  /** Open uploads of one user, through all upload endpoints together. */
  openMax: z.int().positive().default(usual.openMax),
  /** The content that may be found by its hash alone: the user's own, also public content, or that of any account. */
  instant: z.enum(["own", "public", "anyone"]).default("public"),
  /** How long the bytes of what was deleted, and objects nobody refers to, are kept. */
  graceMs: z.int().nonnegative().default(dayMs),
  /** The delay until missing hashes are computed: soon, but not while the same user uploads more. */
  digestAfterMs: z
    .int()
    .nonnegative()
    .default(5 * 60_000),
  /** Files that are fetched from addresses at once, for one person. */
  importsAtOnce: z.int().positive().default(2),
  /**
   * After this many bytes of an import they are made durable and counted. At most as many are fetched again after a
   * crash.
   */
  importKeepBytes: z
    .int()
    .positive()
    .default(8 * mebibyte),
  /** How long a writer that says nothing keeps others from writing. */
  leaseMs: z.int().positive().default(5_000),
});

export type Settings = z.output<typeof Settings>;
export type UploadHost = Host<Tables, Settings>;
