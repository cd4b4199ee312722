import { callerOf, type Handlers, type Host } from "#kernel";
import { SignInFirst } from "#kernel/errors";
import { isBanned } from "../bans.ts";
import { type auth, entryLifeMs, freshMs } from "../contract.ts";
import { confirmations } from "../factors/account-factors.ts";
import type { SecondFactors } from "../factors/second-factor.ts";
import * as store from "../store.ts";
import { hashSecret, isSame, signEntry, type SigningKeys } from "../tokens.ts";

/** The precision of a session's last use: a write for each request would cost more than it is worth. */
const lastUsePrecisionMs = 5 * 60_000;

type Session = store.SessionRow;
const isOpen = (session: Session, nowMs: number): boolean =>
  session.endedAtMs === null && session.expiresAtMs > nowMs && !isBanned(session, nowMs);

interface Parts {
  readonly signingKeys: SigningKeys;
  readonly factors: Pick<SecondFactors, "factorsOf">;
}

/** Answers the gateway about tokens: the keys that verify them, and the state of their sessions. */
export function createSessionValidation(
  { db, now, log }: Pick<Host<store.Tables>, "db" | "now" | "log">,
  { signingKeys, factors }: Parts,
): Pick<Handlers<typeof auth>, "keys" | "session" | "signEntry" | "standing" | "endedSessions"> {
  async function openSession(sessionId: string, nowMs: number) {
    const session = await store.sessionById(db, sessionId);
    return session && isOpen(session, nowMs) ? session : undefined;
  }

  return {
    keys: async () => ({ items: signingKeys.valid().map(({ kid, x }) => ({ kid, x })) }),

    async session({ sessionId, secret: secretPart, isVerified, isFreshNeeded }) {
      const nowMs = now();
      const session = await openSession(sessionId, nowMs);
      if (!session) return { alive: false };
      const { userId, role, origin, tokenHash, usedAtMs } = session;
      const isOwn = tokenHash === null ? secretPart === undefined : isSame(tokenHash, hashSecret(secretPart ?? ""));
      const isValid = isVerified || isOwn;
      if (!isValid) return { alive: false };
      const beforeMs = nowMs - lastUsePrecisionMs;
      if (usedAtMs < beforeMs)
        await db
          .tx((tx) => store.recordUse(tx, sessionId, nowMs, beforeMs))
          // A full disk must not end sessions.
          .catch((error: unknown) => log.warn("the last use of a session could not be stored", { err: error }));
      const bounds = session.scopes === null ? {} : { scopes: session.scopes };
      if (!isFreshNeeded) return { alive: true, userId, role, origin, ...bounds };
      // A clock that was set back must not make an old sign-in fresh.
      const isFresh = origin !== "personal" && Math.abs(nowMs - session.authenticatedAtMs) <= freshMs;
      const freshBy = confirmations(await factors.factorsOf(db, userId));
      return { alive: true, userId, role, origin, ...bounds, isFresh, freshBy };
    },

    async signEntry({ direction }, call) {
      const { sessionId } = call;
      if (sessionId === undefined) throw SignInFirst({});
      const nowMs = now();
      const expiresAtMs = nowMs + entryLifeMs;
      const claims = { userId: callerOf(call), sessionId, direction, nowMs, expiresAtMs };
      return { token: await signEntry(signingKeys.current(), claims), expiresAtMs };
    },

    async endedSessions({ sessionIds }) {
      const nowMs = now();
      const sessions = await store.sessionsById(db, sessionIds);
      const open = new Set(sessions.filter((session) => isOpen(session, nowMs)).map(({ id }) => id));
      return { sessionIds: sessionIds.filter((id) => !open.has(id)) };
    },

    async standing({ sessionId }) {
      const session = await openSession(sessionId, now());
      return session ? { alive: true, role: session.role } : { alive: false };
    },
  };
}
