import { z } from "zod";

/** What the configuration says of the instance. */
export const Settings = z.object({
  name: z.string().default("Kinora"),
  version: z.string().default("0.0.0"),
  uploadBytesMax: z.int().default(0),
  hasPublicUrl: z.boolean().default(true),
  /** Of the default store, where that is a folder. */
  folder: z.string().optional(),
  /** In mails, without a slash at its end. */
  address: z.string().default("http://127.0.0.1:8080"),
});
export type Settings = z.output<typeof Settings>;
