import { z } from "zod";
import { labelNames } from "./rank/ranker.ts";

export const Settings = z.object({
  /** A feed that is made for a viewer has to be ready by then; otherwise the one for everybody is served. */
  personalMsMax: z.int().positive().default(50),
  /** The value of a viewer's expected actions; actions without a value have the default. */
  utility: z.partialRecord(z.enum(labelNames), z.number()).default({}),
  /** Served pages are recorded after this time, many with one statement. */
  pageLogMs: z.int().nonnegative().default(1_000),
});
export type Settings = z.output<typeof Settings>;
