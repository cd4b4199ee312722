import { service, query } from "#kernel";
import { allAttempts, sandboxLevels } from "#media/process/denials";
import { z } from "zod";
import { runnerMethods } from "./runners/contract.ts";

/** The program that reads uploaded files, and its sandbox. */
const Decoders = z
  .object({
    /** The program that is used; null where there is none, and then videos wait. */
    ffmpeg: z.string().nullable(),
    version: z.string().nullable(),
    /** The known faults of this version. */
    faults: z.object({ state: z.enum(["known", "none_known", "packaged", "unlisted"]), says: z.string() }).nullable(),
    sandbox: z.enum(sandboxLevels),
    /** The actions that a compromised FFmpeg could take at this level. */
    allowed: z.array(z.enum(allAttempts)),
  })
  .meta({ id: "Decoders" });

export const transcoder = service(
  "transcoder",
  1,
  {
    /** The abilities of this worker pool, for health pages. */
    capabilities: query({
      auth: "service",
      input: z.object({}),
      output: z.object({
        ...Decoders.shape,
        queued: z.int(),
        running: z.int(),
      }),
    }),
    decoders: query({
      http: "GET /api/v1/admin/media/decoders",
      auth: "admin",
      summary: "The FFmpeg that reads strangers' files, what is known against its version, and what holds it.",
      input: z.object({}),
      output: Decoders,
    }),
    ...runnerMethods,
  },
  { scopes: { query: "none", command: "none" } },
);

export { OutputsTooLarge, runnerProtocol } from "./runners/contract.ts";
