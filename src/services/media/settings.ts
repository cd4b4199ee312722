import type { Host } from "#kernel";
import { usualProfiles } from "#media/renditions/rung";
import { z } from "zod";
import type { Tables } from "./store.ts";

export const Settings = z.object({
  /** How long the bytes of deleted media, and of media that can never be played, are kept. */
  graceMs: z
    .int()
    .nonnegative()
    .default(24 * 3_600_000),
  /** After this time a stored file becomes a media object even without a command that asks for it. */
  adoptAfterMs: z.int().nonnegative().default(60_000),
  /** The renditions every video gets. */
  ladder: z.array(z.string()).default([...usualProfiles]),
});

/** The host of this service. */
export type MediaHost = Host<Tables, z.output<typeof Settings>>;
