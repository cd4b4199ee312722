import { type Call, type Host, on, plugin, type Role, type Tx } from "#kernel";
import { emailKey } from "#kernel/text";
import { userUpdated } from "#services/user/contract";
import { z } from "zod";
import { guard } from "./attempts.ts";
import {
  auth,
  BadCredentials,
  BadLink,
  BadName,
  BadToken,
  demoRequested,
  EmailTaken,
  type Family,
  type LongSession,
  NameTaken,
  RegistrationClosed,
  type Session,
  userDeleted,
  userRegistered,
  WeakPassword,
} from "./contract.ts";
import { registered } from "./families.ts";
import { migrations } from "./migrations.ts";
import { isName, nameKey } from "./names.ts";
import { hashPassword, isPassword, isWeak } from "./passwords.ts";
import * as store from "./store.ts";
import { hashed, isSame, signAccess, signingKey, signLong } from "./tokens.ts";

const minuteMs = 60_000;
/** Sessions of the compatible APIs, which have no refresh (security S3.2). */
const longLifeMs = 30 * 24 * 60 * minuteMs;
/** How exactly the last use of a session is known: a write for each request would cost more than it tells. */
const useNotedMs = 5 * minuteMs;
const Settings = z.object({
  accessLifeMs: z.int().default(15 * minuteMs),
  refreshLifeMs: z.int().default(30 * 24 * 60 * minuteMs),
  registration: z.enum(["open", "closed"]).default("open"),
});

interface NewAccount {
  readonly username: string;
  readonly password: string;
  readonly email?: string | undefined;
  readonly nickname?: string | undefined;
  readonly phone?: string | undefined;
  readonly role?: Role;
  readonly isDemo?: boolean;
}

export const authPlugin = plugin({
  contract: auth,
  needs: [],
  migrations,
  events: [userRegistered, userDeleted, demoRequested],
  settings: Settings,
  async start({
    db,
    emit,
    nextId,
    now,
    random,
    cache,
    settings,
    secret,
    log,
  }: Host<store.Tables, z.output<typeof Settings>>) {
    const key = signingKey(await secret("signing"));
    // The same link at every start until it is used: it is derived, not stored.
    const firstRunToken = hashed(`first run ${await secret("first-run")}`);
    const attempts = guard(cache);

    /** What may be refused without the database; also what costs time, so that no transaction waits for it. */
    async function prepared(given: NewAccount): Promise<store.Tables["credentials"]> {
      if (!isName(given.username)) throw BadName({});
      return rowOf(given);
    }

    async function rowOf({ password, ...given }: NewAccount): Promise<store.Tables["credentials"]> {
      return {
        user_id: nextId(),
        username: given.username,
        name_key: nameKey(given.username),
        email: given.email ?? null,
        email_key: given.email === undefined ? null : emailKey(given.email),
        phone: given.phone ?? null,
        nickname: given.nickname ?? null,
        password_hash: await hashPassword(password),
        role: given.role ?? "user",
        is_demo: given.isDemo ?? false,
        created_at_ms: now(),
      };
    }

    async function insert(tx: Tx<store.Tables>, row: store.Tables["credentials"]): Promise<void> {
      // Either signs in, so that nobody's name may be what another's e-mail address is.
      if (row.username.includes("@") && (await store.accountByEmail(tx, emailKey(row.username)))) throw NameTaken({});
      if (row.email !== null && (await store.accountByName(tx, nameKey(row.email)))) throw EmailTaken({});
      const taken = await store.insert(tx, row);
      if (taken) throw taken === "name" ? NameTaken({}) : EmailTaken({});
      const { user_id: userId, username, nickname, email, phone, role } = row;
      await emit(tx, userRegistered, userId, {
        userId,
        username,
        role,
        ...(nickname !== null && { nickname }),
        ...(email !== null && { email }),
        ...(phone !== null && { phone }),
      });
    }

    async function open(tx: Tx<store.Tables>, userId: number, role: Role, { source }: Call): Promise<Session> {
      await attempts.trust(userId, source);
      const sessionId = random(16).toString("base64url");
      const refresh = random(32).toString("base64url");
      await store.insertSession(tx, {
        id: sessionId,
        user_id: userId,
        refresh_hash: hashed(refresh),
        created_at_ms: now(),
        used_at_ms: now(),
        expires_at_ms: now() + settings.refreshLifeMs,
      });
      return session(userId, role, sessionId, refresh);
    }

    /** A session that one token holds until it ends. */
    async function openLong(
      tx: Tx<store.Tables>,
      { userId, username, family }: { userId: number; username: string; family: Family },
      { source }: Call,
    ): Promise<LongSession> {
      await attempts.trust(userId, source);
      const nowMs = now();
      const expiresAtMs = nowMs + longLifeMs;
      const sessionId = random(16).toString("base64url");
      const secretPart = random(32).toString("base64url");
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
      });
      const signed = { userId, username, sessionId, nowMs, expiresAtMs };
      return { userId, username, token: isOpaque ? sessionId + secretPart : await signLong(key, signed), expiresAtMs };
    }

    /** The account these credentials are of: every way to sign in counts its tries together and takes as long. */
    async function identified(username: string, password: string, { source }: Call) {
      const name = nameKey(username);
      const account = () => store.forLogin(db, name, emailKey(username));
      await attempts.count(name, source, async () => (await account())?.userId);
      const found = await account();
      if (!(await isPassword(password, found?.passwordHash)) || !found) throw BadCredentials({});
      await attempts.forgive(name, source);
      return found;
    }

    async function session(userId: number, role: Role, sessionId: string, refresh: string): Promise<Session> {
      const nowMs = now();
      const lifeMs = settings.accessLifeMs;
      const token = await signAccess(key, { userId, sessionId, nowMs, lifeMs });
      return { userId, role, token, refreshToken: `${sessionId}.${refresh}`, expiresAtMs: nowMs + lifeMs };
    }

    return {
      handlers: {
        async register({ strict, ...given }, asked) {
          if (settings.registration === "closed") throw RegistrationClosed({});
          if (strict && isWeak(given.password, given.username)) throw WeakPassword({});
          const row = await prepared(given);
          return db.tx(async (tx) => {
            await insert(tx, row);
            return open(tx, row.user_id, row.role, asked);
          });
        },

        async login({ username, password }, asked) {
          const found = await identified(username, password, asked);
          return db.tx((tx) => open(tx, found.userId, found.role, asked));
        },

        async registerFor({ family, ...given }, asked) {
          if (settings.registration === "closed") throw RegistrationClosed({});
          const username = registered(family, given.username, given.password);
          const row = await rowOf({ username, password: given.password });
          return db.tx(async (tx) => {
            await insert(tx, row);
            return openLong(tx, { userId: row.user_id, username, family }, asked);
          });
        },

        async loginFor({ family, username, password }, asked) {
          const found = await identified(username, password, asked);
          return db.tx((tx) => openLong(tx, { ...found, family }, asked));
        },

        async refresh({ refreshToken }, { source }) {
          const [sessionId = "", secretPart = ""] = refreshToken.split(".");
          const next = random(32).toString("base64url");
          const used = await db.tx(async (tx) => {
            const held = await store.lockSession(tx, sessionId);
            if (!held || held.endedAtMs !== null || held.expiresAtMs <= now()) return undefined;
            if (held.refreshHash === null) return undefined;
            if (isSame(held.refreshHash, hashed(secretPart))) {
              await store.rotate(tx, sessionId, hashed(next), now(), now() + settings.refreshLifeMs);
              return held.userId;
            }
            // A spent token in use means that somebody has a copy: neither of the two goes on (security S3.2).
            await store.endSession(tx, sessionId, now());
            return undefined;
          });
          const account = used === undefined ? undefined : await store.accountById(db, used);
          if (!account) throw BadToken({});
          await attempts.trust(account.userId, source);
          return session(account.userId, account.role, sessionId, next);
        },

        async logout(_, { sessionId }) {
          if (sessionId !== undefined) await db.tx((tx) => store.endSession(tx, sessionId, now()));
          return {};
        },

        keys: async () => ({ items: [{ kid: key.kid, x: key.x }] }),

        async session({ sessionId, secret: secretPart }) {
          const nowMs = now();
          const found = await store.sessionById(db, sessionId);
          if (!found || found.endedAtMs !== null || found.expiresAtMs <= nowMs) return { alive: false };
          const { userId, role, origin, tokenHash, usedAtMs } = found;
          const isHeld = tokenHash === null ? secretPart === undefined : isSame(tokenHash, hashed(secretPart ?? ""));
          if (!isHeld) return { alive: false };
          const beforeMs = nowMs - useNotedMs;
          if (usedAtMs < beforeMs)
            await db
              .tx((tx) => store.noteUse(tx, sessionId, nowMs, beforeMs))
              // Who is signed in stays so on a full disk.
              .catch((error: unknown) => log.warn("the use of a session was not noted", { err: error }));
          return { alive: true, userId, role, origin };
        },

        async account({ userId, username }) {
          const found =
            userId !== undefined
              ? await store.accountById(db, userId)
              : await store.accountByName(db, nameKey(username ?? ""));
          if (!found) return { found: false };
          const { nickname, email, phone, ...known } = found;
          const activeAtMs = await store.lastUse(db, found.userId);
          return {
            found: true,
            ...known,
            ...(activeAtMs !== undefined && { activeAtMs }),
            ...(nickname !== null && { nickname }),
            ...(email !== null && { email }),
            ...(phone !== null && { phone }),
          };
        },

        async claim({ token, username, password, demo }, asked) {
          if (!isSame(token, firstRunToken)) throw BadLink({});
          if (isWeak(password, username)) throw WeakPassword({});
          const row = await prepared({ username, password, role: "admin" });
          return db.tx(async (tx) => {
            const { claimedAtMs } = await store.lockInstance(tx);
            if (claimedAtMs !== null || (await store.hasAdmin(tx))) throw BadLink({});
            await insert(tx, row);
            await store.noteClaim(tx, now());
            if (demo) await wantDemo(tx);
            return open(tx, row.user_id, row.role, asked);
          });
        },

        async instance() {
          const [hasAdmin, demo] = await Promise.all([store.hasAdmin(db), store.hasDemo(db)]);
          return { firstRun: !hasAdmin, registration: settings.registration, demo };
        },

        async removeDemo() {
          const users = await store.demoUsers(db);
          return remove(users.map(({ userId }) => userId));
        },

        firstRunLink: async () => ((await store.hasAdmin(db)) ? {} : { token: firstRunToken }),

        async requestDemo() {
          await db.tx(async (tx) => {
            const { demoWantedAtMs } = await store.lockInstance(tx);
            if (demoWantedAtMs === null) await wantDemo(tx);
          });
          return {};
        },

        async ensure(given) {
          const existing = await store.accountByName(db, nameKey(given.username));
          if (existing) return { userId: existing.userId };
          const row = await prepared(given);
          await db.tx((tx) => insert(tx, row));
          return { userId: row.user_id };
        },

        remove: ({ userIds }) => remove(userIds),
      },

      subscriptions: [
        on(userUpdated, async (tx, { userId, email }) => {
          if (email === undefined) return;
          const keys = { emailKey: email ? emailKey(email) : null, nameKey: nameKey(email) };
          await store.setLoginEmail(tx, userId, email || null, keys);
        }),
      ],

      schedules: [
        {
          name: "auth.sessions",
          pattern: "23 * * * *",
          run: async () => void (await db.tx((tx) => store.forgetSessions(tx, now()))),
        },
      ],
    };

    async function wantDemo(tx: Tx<store.Tables>): Promise<void> {
      await store.noteDemo(tx, now());
      const requestId = nextId();
      await emit(tx, demoRequested, requestId, { requestId });
    }

    async function remove(userIds: readonly number[]): Promise<Record<string, never>> {
      await db.tx(async (tx) => {
        for (const { userId } of await store.removeAccounts(tx, userIds))
          await emit(tx, userDeleted, userId, { userId });
      });
      return {};
    }
  },
});
