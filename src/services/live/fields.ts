import { z } from "zod";

export const Bytes: z.ZodType<Uint8Array> = z.instanceof(Uint8Array);
