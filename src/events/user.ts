import { Id, event } from "#kernel";
import { z } from "zod";

export const userUpdated = event(
  "user.updated.v1",
  z.object({
    userId: Id,
    version: z.int(),
    username: z.string(),
    nickname: z.string(),
    avatar: z.string(),
    email: z.string().optional(),
    /** There where it changed. */
    approvesFollowers: z.boolean().optional(),
  }),
);
