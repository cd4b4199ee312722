import { command, query } from "#kernel";
import { z } from "zod";
import {
  BadUndo,
  BadVerification,
  DomainDenied,
  EmailMissing,
  EmailTaken,
  MailOff,
  TooManyAttempts,
} from "../failures.ts";

export const addressMethods = {
  email: query({
    http: "GET /api/v1/auth/email",
    auth: "user",
    scope: "account:read",
    summary: "Returns the e-mail address of the caller, and whether it is verified.",
    input: z.object({}),
    output: z.object({ email: z.string(), isVerified: z.boolean() }),
  }),
  sendVerification: command({
    http: "POST /api/v1/auth/email/verification",
    auth: "user",
    rate: "login",
    summary: "Sends the link that verifies the address of the caller again; earlier links stop working.",
    input: z.object({}),
    output: z.object({}),
    errors: [EmailMissing, MailOff, TooManyAttempts],
  }),
  verifyEmail: command({
    http: "POST /api/v1/auth/email/verify",
    auth: "public",
    rate: "login",
    summary: "Verifies an e-mail address with the link that was sent to it, which is valid once and for two days.",
    input: z.object({ token: z.string().max(200) }),
    output: z.object({}),
    errors: [BadVerification],
  }),
  setEmail: command({
    http: "PUT /api/v1/auth/email",
    auth: "user",
    rate: "login",
    freshness: "required",
    summary:
      "Changes the e-mail address of the caller by the rules of a sign-up; an empty one removes it. A verified earlier one gets a link that undoes the change for seven days.",
    /** Empty for none. */
    input: z.object({ email: z.union([z.literal(""), z.email().max(254)]) }),
    output: z.object({}),
    errors: [EmailTaken, EmailMissing, DomainDenied],
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
