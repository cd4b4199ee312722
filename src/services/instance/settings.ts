import { z } from "zod";

/** What the configuration says of the instance. */
export const Settings = z.object({
  name: z.string().default("Kinora"),
  version: z.string().default("0.0.0"),
  uploadBytesMax: z.int().default(0),
  publicUrl: z.string().optional(),
});
export type Settings = z.output<typeof Settings>;
