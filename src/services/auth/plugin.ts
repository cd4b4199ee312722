import { audited, type Call, type Host, on, plugin, type Role, type Tx } from "#kernel";
import { emailKey } from "#kernel/text";
import { contentFlagged, flaggedPerson } from "#services/moderation/contract";
import { flagging } from "#policy/blocklist";
import { userBanned, userUnbanned } from "#policy/mutes";
import { userUpdated } from "#services/user/contract";
import { z } from "zod";
import * as accountStore from "./account-store.ts";
import { administering } from "./administration.ts";
import { bar, isBarred, unbar } from "./bans.ts";
import { guard } from "./attempts.ts";
import {
  AwaitingApproval,
  auth,
  BadCredentials,
  BadLink,
  BadName,
  BadToken,
  Barred,
  demoRequested,
  EmailTaken,
  type Family,
  type LongSession,
  NameTaken,
  RegistrationClosed,
  type Session,
  userRegistered,
  userRoleChanged,
  WeakPassword,
} from "./contract.ts";
import { userDeleted, userErased } from "#policy/deleted-users";
import { registered } from "./families.ts";
import { blocklist } from "#policy/blocklist";
import { migrations } from "./migrations.ts";
import { isName, nameKey } from "./names.ts";
import { tellRegistered } from "./registration.ts";
import { ownAccount, removeAccounts } from "./own-account.ts";
import { hashPassword, isPassword, isWeak } from "./passwords.ts";
import { forgetSalt, saltOf } from "./salt-store.ts";
import * as store from "./store.ts";
import { hashed, isSame, signAccess, signingKey, signLong } from "./tokens.ts";
import { userDataHolders } from "./user-data.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Sessions of the compatible APIs, which have no refresh (security S3.2). */
const longLifeMs = 30 * 24 * 60 * minuteMs;
/** How exactly the last use of a session is known: a write for each request would cost more than it tells. */
const useNotedMs = 5 * minuteMs;
const Settings = z.object({
  accessLifeMs: z.int().default(15 * minuteMs),
  refreshLifeMs: z.int().default(30 * 24 * 60 * minuteMs),
  registration: z.enum(["open", "approval", "closed"]).default("open"),
});

type NewRow = Omit<store.Tables["auth.credentials"], "state" | "state_until_ms" | "state_reason" | "application"> & {
  readonly state: "active" | "pending";
  readonly application: string;
};

interface NewAccount {
  readonly username: string;
  readonly password: string;
  readonly email?: string | undefined;
  readonly nickname?: string | undefined;
  readonly phone?: string | undefined;
  readonly role?: Role;
  readonly isDemo?: boolean;
  readonly application?: string;
}
/** Deletions are told to administrators this long after the last receipt. */
const deletionsKeptMs = 365 * 24 * 60 * minuteMs;

export const authPlugin = plugin({
  contract: auth,
  needs: [],
  migrations,
  copies: [blocklist],
  events: [userRegistered, userRoleChanged, userDeleted, demoRequested, audited, contentFlagged],
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
    services,
    log,
  }: Host<store.Tables, z.output<typeof Settings>>) {
    const key = signingKey(await secret("signing"));
    // The same link at every start until it is used: it is derived, not stored.
    const firstRunToken = hashed(`first run ${await secret("first-run")}`);
    const attempts = guard(cache);
    const flag = flagging(db);

    /** What may be refused without the database; also what costs time, so that no transaction waits for it. */
    async function prepared(given: NewAccount): Promise<NewRow> {
      if (!isName(given.username)) throw BadName({});
      return rowOf(given);
    }

    async function rowOf({ password, ...given }: NewAccount): Promise<NewRow> {
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
        state: "active",
        application: given.application ?? "",
      };
    }

    async function insert(tx: Tx<store.Tables>, row: NewRow): Promise<void> {
      // Either signs in, so that nobody's name may be what another's e-mail address is.
      if (row.username.includes("@") && (await store.accountByEmail(tx, emailKey(row.username)))) throw NameTaken({});
      if (row.email && (await store.accountByName(tx, nameKey(row.email)))) throw EmailTaken({});
      const taken = await store.insert(tx, row);
      if (taken) throw taken === "name" ? NameTaken({}) : EmailTaken({});
      const { user_id: userId, ...account } = row;
      // Who waits is nobody yet.
      if (row.state === "active") await tellRegistered(emit, tx, { userId, ...account });
    }

    const tellFlagged = async (
      tx: Tx<store.Tables>,
      userId: number,
      called: readonly (string | undefined)[],
      heldFor: string | undefined,
    ) => {
      if (heldFor !== undefined) await emit(tx, contentFlagged, userId, flaggedPerson(userId, called, heldFor, now()));
    };

    const registration = async () => (await accountStore.registrationOf(db)) ?? settings.registration;

    /** Makes the account, which waits where somebody has to let it in. @throws RegistrationClosed */
    async function join<R>(row: NewRow, work: (tx: Tx<store.Tables>) => Promise<R>): Promise<R> {
      const mode = await registration();
      if (mode === "closed") throw RegistrationClosed({});
      if (mode === "open")
        return db.tx(async (tx) => {
          await insert(tx, row);
          return work(tx);
        });
      await db.tx((tx) => insert(tx, { ...row, state: "pending" }));
      throw AwaitingApproval({});
    }

    async function open(tx: Tx<store.Tables>, userId: number, role: Role, asked: Call): Promise<Session> {
      const { source, agent = "" } = asked;
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
        agent,
      });
      await noteOpened(tx, userId, "native");
      return session(userId, role, sessionId, refresh);
    }

    /** A session that one token holds until it ends. */
    async function openLong(
      tx: Tx<store.Tables>,
      { userId, username, family }: { userId: number; username: string; family: Family },
      { source, agent = "" }: Call,
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
        agent,
      });
      await noteOpened(tx, userId, family);
      const signed = { userId, username, sessionId, nowMs, expiresAtMs };
      return { userId, username, token: isOpaque ? sessionId + secretPart : await signLong(key, signed), expiresAtMs };
    }

    /** The account these credentials are of: every way to sign in counts its tries together and takes as long. */
    async function identified(username: string, password: string, { source }: Call) {
      const name = nameKey(username);
      const account = () => store.forLogin(db, name, emailKey(username));
      const refused = (userId: number | undefined, detail?: string) => db.tx((tx) => noteRefused(tx, userId, detail));
      await attempts.count(name, source, {
        ownerOf: async () => (await account())?.userId,
        note: (userId) => refused(userId, "too many attempts"),
      });
      const found = await account();
      if (!(await isPassword(password, found?.passwordHash)) || !found) {
        await refused(found?.userId);
        throw BadCredentials({});
      }
      await attempts.forgive(name, source);
      const { state, stateUntilMs, stateReason: reason } = found;
      // Only whoever knows the password is told how the account stands.
      if (state === "pending") {
        await refused(found.userId, state);
        throw AwaitingApproval({});
      }
      if (isBarred(found, now())) {
        await refused(found.userId, state);
        throw Barred({ reason, ...(stateUntilMs !== null && { untilMs: stateUntilMs }) });
      }
      return found;
    }

    /** Looking at a password takes its time. @throws BadCredentials where it was changed meanwhile, or nobody is there. */
    async function mustHold(
      tx: Tx<store.Tables>,
      { userId, passwordHash }: { readonly userId: number; readonly passwordHash: string },
    ): Promise<void> {
      if (!(await store.holdsPassword(tx, userId, passwordHash))) throw BadCredentials({});
    }

    const noteAbout = (tx: Tx<store.Tables>, userId: number, act: string, detail?: string) =>
      emit(tx, audited, userId, {
        act,
        subject: { kind: "user", id: userId },
        atMs: now(),
        ...(detail !== undefined && { detail }),
      });
    /** Where nobody is called so, what was tried is kept nowhere: people type passwords into the wrong field. */
    const noteRefused = (tx: Tx<store.Tables>, userId: number | undefined, detail?: string) =>
      userId === undefined
        ? emit(tx, audited, nextId(), { act: "session.refused", atMs: now(), detail: detail ?? "nobody is called so" })
        : noteAbout(tx, userId, "session.refused", detail);
    const noteOpened = (tx: Tx<store.Tables>, userId: number, origin: string) =>
      noteAbout(tx, userId, "session.opened", origin);

    async function session(userId: number, role: Role, sessionId: string, refresh: string): Promise<Session> {
      const nowMs = now();
      const lifeMs = settings.accessLifeMs;
      const token = await signAccess(key, { userId, sessionId, nowMs, lifeMs });
      return { userId, role, token, refreshToken: `${sessionId}.${refresh}`, expiresAtMs: nowMs + lifeMs };
    }

    async function openSession(sessionId: string, nowMs: number) {
      const found = await store.sessionById(db, sessionId);
      const isOpen = found && found.endedAtMs === null && found.expiresAtMs > nowMs && !isBarred(found, nowMs);
      return isOpen ? found : undefined;
    }

    return {
      handlers: {
        async register({ strict, ...given }, asked) {
          if ((await registration()) === "closed") throw RegistrationClosed({});
          if (strict && isWeak(given.password, given.username)) throw WeakPassword({});
          const called = [given.username, given.nickname];
          const heldFor = await flag(called, asked);
          const row = await prepared(given);
          return join(row, async (tx) => {
            await tellFlagged(tx, row.user_id, called, heldFor);
            return open(tx, row.user_id, row.role, asked);
          });
        },

        async login({ username, password }, asked) {
          const found = await identified(username, password, asked);
          return db.tx(async (tx) => {
            await mustHold(tx, found);
            return open(tx, found.userId, found.role, asked);
          });
        },

        async registerFor({ family, ...given }, asked) {
          if ((await registration()) === "closed") throw RegistrationClosed({});
          const username = registered(family, given.username, given.password);
          const heldFor = await flag([username], asked);
          const row = await rowOf({ username, password: given.password });
          return join(row, async (tx) => {
            await tellFlagged(tx, row.user_id, [username], heldFor);
            return openLong(tx, { userId: row.user_id, username, family }, asked);
          });
        },

        async loginFor({ family, username, password }, asked) {
          const found = await identified(username, password, asked);
          return db.tx(async (tx) => {
            await mustHold(tx, found);
            return openLong(tx, { ...found, family }, asked);
          });
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
            await noteAbout(tx, held.userId, "token.reused");
            return undefined;
          });
          const account = used === undefined ? undefined : await store.accountById(db, used);
          if (!account || isBarred(account, now())) throw BadToken({});
          await attempts.trust(account.userId, source);
          return session(account.userId, account.role, sessionId, next);
        },

        keys: async () => ({ items: [{ kid: key.kid, x: key.x }] }),

        async sourceSalt() {
          const nowMs = now();
          const fresh = random(16).toString("base64url");
          const { day, salt } = await db.tx((tx) => saltOf(tx, Math.floor(nowMs / dayMs), fresh));
          return { salt, endsInMs: (day + 1) * dayMs - nowMs };
        },

        async session({ sessionId, secret: secretPart }) {
          const nowMs = now();
          const found = await openSession(sessionId, nowMs);
          if (!found) return { alive: false };
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

        standing: async ({ sessionId }) => ({ alive: (await openSession(sessionId, now())) !== undefined }),

        async account({ userId, username }) {
          const found =
            userId !== undefined
              ? await store.accountById(db, userId)
              : await store.accountByName(db, nameKey(username ?? ""));
          if (!found || found.state === "pending") return { found: false };
          const { nickname, email, phone, state: _, stateUntilMs: __, ...known } = found;
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

        batch: async ({ after, limit }) => ({ items: await store.batch(db, after, limit) }),

        async claim({ token, username, password, demo }, asked) {
          if (!isSame(token, firstRunToken)) throw BadLink({});
          if (isWeak(password, username)) throw WeakPassword({});
          const row = await prepared({ username, password, role: "admin" });
          return db.tx(async (tx) => {
            const { claimedAtMs } = await store.lockInstance(tx);
            if (claimedAtMs !== null || (await store.hasAdmin(tx))) throw BadLink({});
            await insert(tx, row);
            await store.noteClaim(tx, now());
            await noteAbout(tx, row.user_id, "role.changed", "user → admin");
            if (demo) await wantDemo(tx);
            return open(tx, row.user_id, row.role, asked);
          });
        },

        async instance() {
          const [hasAdmin, demo, mode] = await Promise.all([store.hasAdmin(db), store.hasDemo(db), registration()]);
          return { firstRun: !hasAdmin, registration: mode, demo };
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
          await db.tx(async (tx) => {
            await insert(tx, row);
            if (row.role !== "user") await noteAbout(tx, row.user_id, "role.changed", `user → ${row.role}`);
          });
          return { userId: row.user_id };
        },

        remove: ({ userIds }) => remove(userIds),

        ...ownAccount({ db, emit, now, attempts }),
        ...administering({ db, emit, now, random, services }),
      },

      subscriptions: [
        on(userUpdated, async (tx, { userId, email }) => {
          if (email === undefined) return;
          const keys = { emailKey: email ? emailKey(email) : null, nameKey: nameKey(email) };
          await store.setLoginEmail(tx, userId, email || null, keys);
        }),
        on(userBanned, (tx: Tx<store.Tables>, told) => bar({ emit, now }, tx, told)),
        on(userUnbanned, (tx: Tx<store.Tables>, { userId }) => unbar({ emit, now }, tx, userId)),
        on(userErased, (tx: Tx<store.Tables>, { userId, service }) =>
          accountStore.noteReceipt(tx, { user_id: userId, service, at_ms: now() }, userDataHolders(services())),
        ),
      ],

      schedules: [
        {
          name: "auth.salt",
          pattern: "0 0 * * *",
          run: async () => void (await db.tx((tx) => forgetSalt(tx, Math.floor(now() / dayMs)))),
        },
        {
          name: "auth.sessions",
          pattern: "23 * * * *",
          run: () =>
            db.tx(async (tx) => {
              await store.forgetSessions(tx, now());
              await accountStore.forgetResets(tx, now());
              await accountStore.forgetDeletions(tx, now() - deletionsKeptMs);
            }),
        },
      ],
    };

    async function wantDemo(tx: Tx<store.Tables>): Promise<void> {
      await store.noteDemo(tx, now());
      const requestId = nextId();
      await emit(tx, demoRequested, requestId, { requestId });
    }

    async function remove(userIds: readonly number[]): Promise<Record<string, never>> {
      await db.tx((tx) => removeAccounts({ emit, now }, tx, userIds));
      return {};
    }
  },
});
