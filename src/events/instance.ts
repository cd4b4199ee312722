import { event } from "#kernel";
import { z } from "zod";

const Filled = z.object({ accent: z.string(), ink: z.string() });

export const Theme = z.object({ dark: Filled, light: Filled });

/** The name or the look of the instance changed. */
export const instanceChanged = event("instance.changed.v1", z.object({ name: z.string(), theme: Theme }));
