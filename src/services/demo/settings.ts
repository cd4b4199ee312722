import type { Host } from "#kernel";
import { z } from "zod";
import type { Tables } from "./store.ts";

export const Settings = z.object({ ffmpeg: z.string().optional(), clips: z.int().positive().optional() });

/** The host of this service. */
export type DemoHost = Host<Tables, z.output<typeof Settings>>;
