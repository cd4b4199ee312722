import { event } from "#kernel";
import { z } from "zod";

export const Space = z.enum(["upload", "media"]);

/** An object is in another store: moved there where `isCopy` is false, else copied. */
export const fileTransferred = event(
  "file.transferred.v1",
  z.object({ hash: z.string(), space: Space, from: z.string(), to: z.string(), isCopy: z.boolean() }),
);

/** An object is damaged or missing, and no store has it whole: its owner may be able to make it again. */
export const objectDamaged = event("object.damaged.v1", z.object({ space: Space, hash: z.string() }));
