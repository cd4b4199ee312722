import { command } from "#kernel";
import { z } from "zod";
import { BadUndo, EmailTaken } from "../failures.ts";

export const addressMethods = {
  setEmail: command({
    http: "PUT /api/v1/auth/email",
    auth: "user",
    rate: "login",
    freshness: "required",
    summary:
      "Changes the e-mail address of the caller; a verified earlier one gets a link that undoes the change for seven days.",
    input: z.object({ email: z.email().max(254) }),
    output: z.object({}),
    errors: [EmailTaken],
  }),
  undoEmail: command({
    http: "POST /api/v1/auth/email/undo",
    auth: "public",
    rate: "login",
    summary: "Restores the earlier e-mail address with the link that was sent to it, and ends all sessions.",
    input: z.object({ token: z.string().max(200) }),
    output: z.object({}),
    errors: [BadUndo, EmailTaken],
  }),
};
