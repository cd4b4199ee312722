import { command } from "#kernel";
import { z } from "zod";
import { BadReset, MailOff, TooManyAttempts, WeakPassword, WrongPassword } from "../failures.ts";

const resetting = {
  auth: "public",
  rate: "login",
  input: z.object({ token: z.string().max(200), password: z.string().max(128) }),
  output: z.object({}),
  errors: [BadReset, WeakPassword],
} as const;

export const passwordMethods = {
  changePassword: command({
    http: "POST /api/v1/auth/password",
    auth: "user",
    rate: "login",
    summary: "Changes the password of the caller and ends all other sessions.",
    input: z.object({ oldPassword: z.string().min(1).max(128), password: z.string().max(128) }),
    output: z.object({}),
    errors: [WrongPassword, WeakPassword, TooManyAttempts],
  }),
  resetPassword: command({
    http: "POST /api/v1/auth/password/reset",
    summary: "Sets a new password with a reset link, which is valid once and for an hour; ends all sessions.",
    ...resetting,
  }),
  reset: command({
    http: "POST /api/v1/auth/reset",
    summary: "The same as `POST /api/v1/auth/password/reset`, for clients that were written before it.",
    ...resetting,
  }),
  forgotPassword: command({
    http: "POST /api/v1/auth/password/forgot",
    auth: "public",
    rate: "login",
    summary:
      "Sends a link for a new password to a verified address; answers the same whether an account has the address or none.",
    input: z.object({ email: z.email().max(254) }),
    output: z.object({}),
    errors: [MailOff, TooManyAttempts],
  }),
};
