import type { Host } from "#kernel";
import { z } from "zod";
import type { Tables } from "./store.ts";

export const Settings = z.object({
  /** Where encoders publish, as owners see it. */
  pushUrl: z.string().default("rtmp://127.0.0.1:1935/live"),
});

export type LiveHost = Host<Tables, z.output<typeof Settings>>;
