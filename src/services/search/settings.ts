import { z } from "zod";

export const Settings = z.object({
  /** Answers searches instead of the index in memory. */
  elasticsearch: z
    .object({
      url: z.string(),
      /** As Elasticsearch encodes it: the id and the key in base64. */
      apiKey: z.string().optional(),
      /** Names of indices begin with it. */
      prefix: z.string().default("kinora"),
    })
    .optional(),
  /** A model that makes vectors of texts: videos are found by their meaning as well. */
  embeddings: z
    .object({
      /** Before `/embeddings`. */
      url: z.string(),
      apiKey: z.string().optional(),
      model: z.string(),
      queryPrefix: z.string().default(""),
      documentPrefix: z.string().default(""),
    })
    .optional(),
});
export type Settings = z.output<typeof Settings>;
