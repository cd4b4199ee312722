import type { Host } from "#kernel";
import { z } from "zod";
import type { Tables } from "./store.ts";

const dayMs = 86_400_000;

export const Settings = z.object({
  /** Entries that are in the trash for longer are deleted permanently. */
  trashMs: z
    .int()
    .positive()
    .default(30 * dayMs),
});

/** The host of this service. */
export type DriveHost = Host<Tables, z.output<typeof Settings>>;
