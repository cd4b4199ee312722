import { BadToken } from "#policy/account";
import type { Call, Handlers, Host, Id, Role, Tx } from "#kernel";
import { recordAct } from "../audit.ts";
import { isBanned } from "../bans.ts";
import { type auth, type Family, type LongSession, type Session } from "../contract.ts";
import type { Settings } from "../settings.ts";
import * as mailStore from "../mail/mail-store.ts";
import * as store from "../store.ts";
import { hashSecret, readRefresh, type SigningKeys, signAccess, signLong, signRefresh } from "../tokens.ts";
import type { AttemptLimit } from "./attempts.ts";

/** Sessions of the compatible APIs, which have no refresh (security S3.2). */
const longSessionMs = 30 * 24 * 3_600_000;
/** Tabs that refresh at the same time, and clients that lost the answer, present a used token so soon. */
const reuseMs = 20_000;

type SessionHost = Pick<Host<store.Tables, Settings>, "db" | "emit" | "now" | "random" | "settings">;
interface Parts {
  readonly keys: SigningKeys;
  readonly attempts: Pick<AttemptLimit, "trust">;
}
interface AccountOfFamily {
  readonly userId: Id;
  readonly username: string;
  readonly family: Family;
}

/** Opens sessions, within the transaction that made or looked up their account. */
export interface NewSessions {
  readonly open: (tx: Tx<store.Tables>, userId: Id, role: Role, call: Call) => Promise<Session>;
  /** Opens a session of a compatible API: one token holds it until it ends. */
  readonly openLong: (tx: Tx<store.Tables>, account: AccountOfFamily, call: Call) => Promise<LongSession>;
  readonly presentSession: (userId: Id, role: Role, sessionId: string, refreshes: number) => Promise<Session>;
}

export function createNewSessions(host: SessionHost, { keys, attempts }: Parts): NewSessions {
  const { now, random, settings } = host;
  const randomText = (bytes: number): string => random(bytes).toString("base64url");

  async function presentSession(userId: Id, role: Role, sessionId: string, refreshes: number): Promise<Session> {
    const nowMs = now();
    const lifeMs = settings.accessLifeMs;
    const token = await signAccess(keys.current(), { userId, sessionId, nowMs, lifeMs });
    const refreshToken = signRefresh(keys.current(), sessionId, refreshes);
    return { userId, role, token, refreshToken, expiresAtMs: nowMs + lifeMs };
  }

  async function open(tx: Tx<store.Tables>, userId: Id, role: Role, call: Call): Promise<Session> {
    const { source, agent = "", language } = call;
    await attempts.trust(userId, source);
    if (language !== undefined) await mailStore.setLanguage(tx, userId, language);
    const sessionId = randomText(16);
    await store.insertSession(tx, {
      id: sessionId,
      user_id: userId,
      refreshes: 0,
      created_at_ms: now(),
      used_at_ms: now(),
      expires_at_ms: now() + settings.refreshLifeMs,
      agent,
    });
    await recordAct(host, tx, userId, "session.opened", { detail: "native" });
    return presentSession(userId, role, sessionId, 0);
  }

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
      refreshes: null,
      token_hash: isOpaque ? hashSecret(secretPart) : null,
      created_at_ms: nowMs,
      used_at_ms: nowMs,
      expires_at_ms: expiresAtMs,
      agent,
    });
    await recordAct(host, tx, userId, "session.opened", { detail: family });
    const claims = { userId, username, sessionId, nowMs, expiresAtMs };
    return {
      userId,
      username,
      token: isOpaque ? sessionId + secretPart : await signLong(keys.current(), claims),
      expiresAtMs,
    };
  }

  return { open, openLong, presentSession };
}

/** Trades refresh tokens for new ones. */
export function createSessionRefresh(
  host: SessionHost,
  { keys, attempts, presentSession }: Parts & Pick<NewSessions, "presentSession">,
): Pick<Handlers<typeof auth>, "refresh"> {
  const { db, now, settings } = host;

  /** The owner of the session and its refreshes by now; undefined where the token is not valid. */
  const rotate = (sessionId: string, refreshes: number): Promise<{ userId: Id; refreshes: number } | undefined> =>
    db.tx(async (tx) => {
      const session = await store.lockSession(tx, sessionId);
      if (!session || session.endedAtMs !== null || session.expiresAtMs <= now()) return undefined;
      const { userId, refreshes: current, refreshedAtMs } = session;
      if (current === null || refreshes > current) return undefined;
      if (refreshes === current) {
        await store.rotate(tx, sessionId, current + 1, now(), now() + settings.refreshLifeMs);
        return { userId, refreshes: current + 1 };
      }
      const isRecent = Math.abs(now() - (refreshedAtMs ?? 0)) < reuseMs;
      if (refreshes === current - 1 && isRecent) return { userId, refreshes: current };
      // A later use of a used token means that it was copied: the session ends for both holders (security S3.2).
      await store.endSession(tx, sessionId, now());
      await recordAct(host, tx, userId, "token.reused");
      return undefined;
    });

  return {
    async refresh({ refreshToken }, { source }) {
      const presented = readRefresh(keys.valid(), refreshToken);
      const session = presented && (await rotate(presented.sessionId, presented.refreshes));
      const account = session && (await store.accountById(db, session.userId));
      if (!account || isBanned(account, now())) throw BadToken({});
      await attempts.trust(account.userId, source);
      return presentSession(account.userId, account.role, presented.sessionId, session.refreshes);
    },
  };
}
