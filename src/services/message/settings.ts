import { z } from "zod";

export const Settings = z.object({
  /** The address of the instance, without a slash at its end. */
  address: z.string().default("http://localhost:8080"),
});
export type Settings = z.output<typeof Settings>;
