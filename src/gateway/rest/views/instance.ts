import { Instance } from "#services/auth/contract";
import { z } from "zod";
import { view } from "../view.ts";

/** The process's facts about the instance, beside its accounts. */
export const Site = z.object({
  name: z.string(),
  uploadBytesMax: z.int(),
  languages: z.array(z.string()),
  features: z.array(z.string()),
});

export const instanceView = (site: z.output<typeof Site>) =>
  view({
    id: "Instance",
    base: Instance,
    parts: [{ name: "site", adds: Site, none: () => site, of: async (rows) => rows.map(() => site) }],
  });
