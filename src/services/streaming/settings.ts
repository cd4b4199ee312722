import { z } from "zod";

export const Settings = z.object({
  /** The origin of a CDN for content that is public and never changes. */
  cdnUrl: z.string().optional(),
  /** The address that receives the paths a cache has to purge. */
  purgeUrl: z.string().optional(),
});
export type Settings = z.output<typeof Settings>;
