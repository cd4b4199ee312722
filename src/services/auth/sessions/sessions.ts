import type { Call, Handlers, Host, Id, Role, Tx } from "#kernel";
import { recordAct } from "../audit.ts";
import { isBanned } from "../bans.ts";
import { type auth, BadToken, type Family, type LongSession, type Session } from "../contract.ts";
import type { Settings } from "../settings.ts";
import * as store from "../store.ts";
import { hashed, isSame, type SigningKey, signAccess, signLong } from "../tokens.ts";
import type { attemptLimit } from "./attempts.ts";

/** Sessions of the compatible APIs, which have no refresh (security S3.2). */
const longSessionMs = 30 * 24 * 3_600_000;

type SessionHost = Pick<Host<store.Tables, Settings>, "db" | "emit" | "now" | "random" | "settings">;
interface Parts {
  readonly key: SigningKey;
  readonly attempts: Pick<ReturnType<typeof attemptLimit>, "trust">;
}
interface AccountOfFamily {
  readonly userId: Id;
  readonly username: string;
  readonly family: Family;
}

/** Opens sessions, within the transaction that made or looked up their account. */
export function newSessions(host: SessionHost, { key, attempts }: Parts) {
  const { now, random, settings } = host;
  const randomText = (bytes: number): string => random(bytes).toString("base64url");

  async function presentSession(userId: Id, role: Role, sessionId: string, refresh: string): Promise<Session> {
    const nowMs = now();
    const lifeMs = settings.accessLifeMs;
    const token = await signAccess(key, { userId, sessionId, nowMs, lifeMs });
    return { userId, role, token, refreshToken: `${sessionId}.${refresh}`, expiresAtMs: nowMs + lifeMs };
  }

  async function open(tx: Tx<store.Tables>, userId: Id, role: Role, { source, agent = "" }: Call): Promise<Session> {
    await attempts.trust(userId, source);
    const sessionId = randomText(16);
    const refresh = randomText(32);
    await store.insertSession(tx, {
      id: sessionId,
      user_id: userId,
      refresh_hash: hashed(refresh),
      created_at_ms: now(),
      used_at_ms: now(),
      expires_at_ms: now() + settings.refreshLifeMs,
      agent,
    });
    await recordAct(host, tx, userId, "session.opened", { detail: "native" });
    return presentSession(userId, role, sessionId, refresh);
  }

  /** Opens a session of a compatible API: one token holds it until it ends. */
  async function openLong(
    tx: Tx<store.Tables>,
    { userId, username, family }: AccountOfFamily,
    { source, agent = "" }: Call,
  ): Promise<LongSession> {
    await attempts.trust(userId, source);
    const nowMs = now();
    const expiresAtMs = nowMs + longSessionMs;
    const sessionId = randomText(16);
    const secretPart = randomText(32);
    const isOpaque = family !== "resumable";
    await store.insertSession(tx, {
      id: sessionId,
      user_id: userId,
      origin: family,
      refresh_hash: null,
      token_hash: isOpaque ? hashed(secretPart) : null,
      created_at_ms: nowMs,
      used_at_ms: nowMs,
      expires_at_ms: expiresAtMs,
      agent,
    });
    await recordAct(host, tx, userId, "session.opened", { detail: family });
    const claims = { userId, username, sessionId, nowMs, expiresAtMs };
    return { userId, username, token: isOpaque ? sessionId + secretPart : await signLong(key, claims), expiresAtMs };
  }

  return { open, openLong, presentSession, randomText };
}

/** Trades refresh tokens for new ones. */
export function sessionRefresh(
  host: SessionHost,
  {
    attempts,
    presentSession,
    randomText,
  }: Pick<Parts, "attempts"> & Pick<ReturnType<typeof newSessions>, "presentSession" | "randomText">,
): Pick<Handlers<typeof auth>, "refresh"> {
  const { db, now, settings } = host;

  /** The owner of the session whose token was rotated; undefined where the token is not valid. */
  const rotate = (sessionId: string, secretPart: string, next: string): Promise<Id | undefined> =>
    db.tx(async (tx) => {
      const session = await store.lockSession(tx, sessionId);
      if (!session || session.endedAtMs !== null || session.expiresAtMs <= now()) return undefined;
      if (session.refreshHash === null) return undefined;
      if (isSame(session.refreshHash, hashed(secretPart))) {
        await store.rotate(tx, sessionId, hashed(next), now(), now() + settings.refreshLifeMs);
        return session.userId;
      }
      // A second use of a token means that it was copied: the session ends for both holders (security S3.2).
      await store.endSession(tx, sessionId, now());
      await recordAct(host, tx, session.userId, "token.reused");
      return undefined;
    });

  return {
    async refresh({ refreshToken }, { source }) {
      const [sessionId = "", secretPart = ""] = refreshToken.split(".");
      const next = randomText(32);
      const userId = await rotate(sessionId, secretPart, next);
      const account = userId === undefined ? undefined : await store.accountById(db, userId);
      if (!account || isBanned(account, now())) throw BadToken({});
      await attempts.trust(account.userId, source);
      return presentSession(account.userId, account.role, sessionId, next);
    },
  };
}
