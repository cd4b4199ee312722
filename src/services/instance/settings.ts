import { z } from "zod";

/** The part of the configuration about the instance. */
export const Settings = z.object({
  name: z.string().default("Kinora"),
  version: z.string().default("0.0.0"),
  uploadBytesMax: z.int().default(0),
  hasPublicUrl: z.boolean().default(true),
  /** The folder of the default store, if it is one. */
  folder: z.string().optional(),
  /** In mails, without a slash at its end. */
  address: z.string().default("http://localhost:8080"),
});
export type Settings = z.output<typeof Settings>;
