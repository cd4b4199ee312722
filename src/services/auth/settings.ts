import { z } from "zod";

const minuteMs = 60_000;

export const Settings = z.object({
  accessLifeMs: z.int().default(15 * minuteMs),
  refreshLifeMs: z.int().default(30 * 24 * 60 * minuteMs),
  registration: z.enum(["open", "approval", "closed"]).default("open"),
});
export type Settings = z.output<typeof Settings>;
