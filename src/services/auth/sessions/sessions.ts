import { BadToken } from "#policy/account";
import type { Call, Handlers, Host, Id, Role, Tx } from "#kernel";
import { recordAct } from "../audit.ts";
import { isBanned } from "../bans.ts";
import type { Alerts } from "../alerts/alerts.ts";
import type { auth, Family, LongSession, Proof, Session } from "../contract.ts";
import type { Settings } from "../settings.ts";
import * as mailStore from "../mail/mail-store.ts";
import * as store from "../store.ts";
import {
  hashSecret,
  readRefresh,
  type SessionProof,
  type SigningKeys,
  signAccess,
  signLong,
  signRefresh,
} from "../tokens.ts";
import type { AttemptLimit } from "../passwords/attempts.ts";
import { isNewDevice } from "./devices.ts";

/** Sessions of the compatible APIs, which have no refresh (security S3.2). */
const longSessionMs = 30 * 24 * 3_600_000;
/** Tabs that refresh at the same time, and clients that lost the answer, present a used token so soon. */
const reuseMs = 20_000;

type SessionHost = Pick<Host<store.Tables, Settings>, "db" | "emit" | "now" | "random" | "settings">;
interface Parts {
  readonly keys: SigningKeys;
  readonly attempts: Pick<AttemptLimit, "trust">;
  readonly alerts: Pick<Alerts, "raise">;
}
interface AccountOfFamily {
  readonly userId: Id;
  readonly username: string;
  readonly family: Family;
  /** The personal token that took the place of the password: the session may do as much as it, and ends with it. */
  readonly token?: Pick<store.SessionRow, "id" | "expiresAtMs"> | undefined;
}

/** Opens sessions, within the transaction that made or looked up their account. */
export interface NewSessions {
  readonly open: (tx: Tx<store.Tables>, account: SigningIn, call: Call) => Promise<Session>;
  /** Opens a session of a compatible API: one token holds it until it ends. */
  readonly openLong: (tx: Tx<store.Tables>, account: AccountOfFamily, call: Call) => Promise<LongSession>;
  readonly presentSession: (session: Presented) => Promise<Session>;
}

/** An account, with what it has proved who it is with just now. */
export interface SigningIn {
  readonly userId: Id;
  readonly role: Role;
  readonly methods: readonly Proof[];
}
interface Presented extends Pick<SigningIn, "userId" | "role"> {
  readonly sessionId: string;
  readonly refreshes: number;
  readonly proof: SessionProof;
}

export function createNewSessions(host: SessionHost, { keys, attempts, alerts }: Parts): NewSessions {
  const { now, random, settings } = host;
  const randomText = (bytes: number): string => random(bytes).toString("base64url");

  async function presentSession({ userId, role, sessionId, refreshes, proof }: Presented): Promise<Session> {
    const nowMs = now();
    const lifeMs = settings.accessLifeMs;
    const token = await signAccess(keys.current(), { userId, sessionId, proof, nowMs, lifeMs });
    const refreshToken = signRefresh(keys.current(), sessionId, refreshes);
    return { userId, role, token, refreshToken, expiresAtMs: nowMs + lifeMs };
  }

  /** Recognises the device of a sign-in; alerts the owner of the account to a new one. */
  async function recognise(tx: Tx<store.Tables>, userId: Id, call: Call, sessionId: string): Promise<boolean> {
    const isNew = await isNewDevice(tx, userId, call, now());
    if (isNew) await alerts.raise(tx, userId, "new_device", { agent: call.agent, sessionId });
    return isNew;
  }

  async function open(tx: Tx<store.Tables>, { userId, role, methods }: SigningIn, call: Call): Promise<Session> {
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
      methods: [...methods],
      is_new_device: await recognise(tx, userId, call, sessionId),
    });
    await recordAct(host, tx, userId, "session.opened", { detail: "native" });
    return presentSession({ userId, role, sessionId, refreshes: 0, proof: { methods, atMs: now() } });
  }

  async function openLong(
    tx: Tx<store.Tables>,
    { userId, username, family, token }: AccountOfFamily,
    call: Call,
  ): Promise<LongSession> {
    const { source, agent = "" } = call;
    await attempts.trust(userId, source);
    const nowMs = now();
    const expiresAtMs = Math.min(nowMs + longSessionMs, token?.expiresAtMs ?? Number.POSITIVE_INFINITY);
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
      ...(token
        ? { methods: [], scopes: [family], token_id: token.id }
        : { is_new_device: await recognise(tx, userId, call, sessionId) }),
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

type Refreshed = Pick<Presented, "userId" | "refreshes" | "proof">;

/** Trades refresh tokens for new ones. */
export function createSessionRefresh(
  host: SessionHost,
  { keys, attempts, presentSession }: Omit<Parts, "alerts"> & Pick<NewSessions, "presentSession">,
): Pick<Handlers<typeof auth>, "refresh"> {
  const { db, now, settings } = host;

  /** The owner of the session and its refreshes by now; undefined where the token is not valid. */
  const rotate = (sessionId: string, refreshes: number): Promise<Refreshed | undefined> =>
    db.tx(async (tx) => {
      const session = await store.lockSession(tx, sessionId);
      if (!session || session.endedAtMs !== null || session.expiresAtMs <= now()) return undefined;
      const { userId, refreshes: current, refreshedAtMs, methods, authenticatedAtMs } = session;
      const proof = { methods, atMs: authenticatedAtMs };
      if (current === null || refreshes > current) return undefined;
      if (refreshes === current) {
        await store.rotate(tx, sessionId, current + 1, now(), now() + settings.refreshLifeMs);
        return { userId, refreshes: current + 1, proof };
      }
      const isRecent = Math.abs(now() - (refreshedAtMs ?? 0)) < reuseMs;
      if (refreshes === current - 1 && isRecent) return { userId, refreshes: current, proof };
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
      return presentSession({ ...session, role: account.role, sessionId: presented.sessionId });
    },
  };
}
