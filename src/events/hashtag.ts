import { Id, event } from "#kernel";
import { z } from "zod";

export const hashtagCreated = event("hashtag.created.v1", z.object({ hashtagId: Id, name: z.string() }));
