import { callerOf, type Handlers, type Host } from "#kernel";
import { BadToken } from "#policy/account";
import { type auth, freshMs, NoProof } from "../contract.ts";
import type { ConfirmPassword } from "../passwords/password-check.ts";
import * as store from "../store.ts";

/** Users prove again who they are, and read what their token says. */
export function createConfirmation(
  { db, now }: Pick<Host<store.Tables>, "db" | "now">,
  confirmPassword: ConfirmPassword,
): Pick<Handlers<typeof auth>, "confirm" | "verify"> {
  return {
    async confirm({ password }, call) {
      const userId = callerOf(call);
      const { sessionId } = call;
      if (sessionId === undefined) throw BadToken({});
      if (password === undefined) throw NoProof({});
      await confirmPassword(password, call, userId);
      const nowMs = now();
      await db.tx((tx) => store.setAuthenticated(tx, sessionId, nowMs));
      return { untilMs: nowMs + freshMs };
    },

    async verify(_, call) {
      const userId = callerOf(call);
      const session = await store.sessionById(db, call.sessionId ?? "");
      const account = await store.accountById(db, userId);
      if (!session || !account) throw BadToken({});
      const { methods, scopes, authenticatedAtMs, expiresAtMs } = session;
      return {
        valid: true,
        userId,
        username: account.username,
        expiresAtMs,
        scopes,
        methods,
        authenticatedAtMs,
      };
    },
  };
}
