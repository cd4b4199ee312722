import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { userErased, userRegistered, userRoleChanged } from "#events/auth";
import { audited, contract, type Host, on, plugin } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { until } from "#test/until";
import { sql } from "kysely";
import { auth } from "./contract.ts";
import { authPlugin } from "./plugin.ts";
import { makeResetLink, resetLifeMs } from "./passwords/password-reset.ts";
import * as accountStore from "./account-store.ts";
import type { Tables } from "./store.ts";

describe("an account", () => {
  before(async () => {
    await host.add(authPlugin);
    await host.add(listener);
  });
  beforeEach(async () => {
    await host.clear();
    await host
      .database<Tables>("auth")
      .insertInto("auth.instance")
      .values({ claimed_at_ms: null, demo_requested_at_ms: null })
      .execute();
    publishedEvents.length = 0;
    // Tries are counted beyond a case.
    cases += 1;
    clockMs = Date.UTC(2026, 10, 20);
  });
  after(() => host[Symbol.asyncDispose]());

  it("changes its password by the strict rules, which ends all other sessions (S3.2)", async () => {
    const one = await join("mira");
    const other = await login("mira");
    const change = (oldPassword: string, password: string) =>
      client.changePassword({ oldPassword, password }, one.call);
    await assert.rejects(change("wrong", "a better one"), { code: "auth.wrong_password", http: 400 });
    await assert.rejects(change(password, "12345678"), { code: "auth.weak_password" });
    await change(password, "a better one");
    assert.deepEqual([await alive(one.sessionId), await alive(other.sessionId)], [true, false]);
    await assert.rejects(login("mira"), { code: "auth.bad_credentials" });
    await login("mira", "a better one");
  });

  it("refuses a log-in with a password that is changed during the log-in (S3.2)", async () => {
    const { userId, sessionId } = await join("mira");
    const db = host.database<Tables>("auth");
    const enter = {
      native: () => client.login({ username: called("mira"), password }, callOf()),
      long: () => client.loginFor({ family: "cloudfiles", username: called("mira"), password }, service),
    };
    for (const [way, login] of Object.entries(enter)) {
      const [held, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const { password_hash: before } = await db
        .selectFrom("auth.credentials")
        .select("password_hash")
        .where("user_id", "=", userId)
        .executeTakeFirstOrThrow();
      const changing = db.tx(async (tx) => {
        await accountStore.lockAccount(tx, userId);
        held.resolve();
        await free.promise;
        await accountStore.setPassword(tx, userId, "another", 0);
        await accountStore.endSessions(tx, userId, clockMs);
      });
      await held.promise;
      const late = assert.rejects(login(), { code: "auth.bad_credentials" }, way);
      await until(isWaiting, { said: () => "the log-in waits for nobody" }).finally(free.resolve);
      await Promise.all([changing, late]);
      const { items } = await client.sessions({}, callOf(userId, { sessionId }));
      assert.deepEqual(items, [], way);
      await db.updateTable("auth.credentials").set({ password_hash: before }).execute();
    }
  });

  it("accepts one of two concurrent password changes with the same old password", async () => {
    const { call } = await join("mira");
    const changes = await Promise.allSettled(
      ["a better one", "another good one"].map((next) =>
        client.changePassword({ oldPassword: password, password: next }, call),
      ),
    );
    assert.equal(changes.filter(({ status }) => status === "fulfilled").length, 1);
  });

  it("refuses a reset link from before its password change (S3.6)", async () => {
    const { userId, call } = await join("mira");
    const { token } = await client.resetLink({ id: userId }, admin);
    await client.changePassword({ oldPassword: password, password: "a better one" }, call);
    await assert.rejects(client.resetPassword({ token, password: "another good one" }, callOf()), {
      code: "auth.bad_reset",
    });
    await login("mira", "a better one");
  });

  it("limits guesses at the old password when it is changed (S3.4)", async () => {
    const { call } = await join("mira");
    const guesses = Array.from({ length: 12 }, () => client.changePassword({ oldPassword: "no", password: "x" }, call));
    const codes = (await Promise.allSettled(guesses)).map((one) => one.status === "rejected" && one.reason.code);
    assert.ok(codes.includes("auth.too_many_attempts"));
  });

  it("lists its sessions, and ends one of these or all others", async () => {
    const here = await join("mira", "Firefox");
    clockMs += 1_000;
    const phone = await login("mira", password, "Phone");
    clockMs += 1_000;
    await login("mira", password, "Tablet");
    const foreign = await join("noor", "Elsewhere");
    const { items } = await client.sessions({}, here.call);
    assert.deepEqual(
      items.map(({ agent, isCurrent }) => [agent, isCurrent]),
      [
        ["Tablet", false],
        ["Phone", false],
        ["Firefox", true],
      ],
    );
    await assert.rejects(client.endSession({ id: phone.sessionId }, foreign.call), { code: "auth.session_not_found" });
    await client.endSession({ id: phone.sessionId }, here.call);
    assert.equal(await alive(phone.sessionId), false);
    assert.deepEqual(await client.endOthers({}, here.call), { count: 1 });
    assert.deepEqual([await alive(here.sessionId), await alive(foreign.sessionId)], [true, true]);
  });

  it("gets a new password by a link once, before it expires, which ends every session (S3.6)", async () => {
    const { userId, sessionId } = await join("mira");
    const { token: first } = await client.resetLink({ id: userId }, admin);
    const { token, expiresAtMs } = await client.resetLink({ id: userId }, admin);
    assert.ok(token.length >= 22 && expiresAtMs === clockMs + resetLifeMs);
    const rows = await host.database<Tables>("auth").selectFrom("auth.resets").select("token_hash").execute();
    assert.ok(rows.length === 1 && !rows[0]?.token_hash.includes(token));
    await assert.rejects(client.resetPassword({ token: first, password: "a better one" }, callOf()), {
      code: "auth.bad_reset",
    });
    await assert.rejects(client.resetPassword({ token, password: "short" }, callOf()), { code: "auth.weak_password" });
    const both = await Promise.allSettled(
      ["a better one", "another good one"].map((next) => client.resetPassword({ token, password: next }, callOf())),
    );
    assert.equal(both.filter(({ status }) => status === "fulfilled").length, 1);
    assert.equal(await alive(sessionId), false);
    const late = await client.resetLink({ id: userId }, admin);
    clockMs += resetLifeMs;
    await assert.rejects(client.resetPassword({ token: late.token, password: "a better one" }, callOf()), {
      code: "auth.bad_reset",
    });
    await assert.rejects(client.resetLink({ id: 404 }, admin), { code: "auth.account_not_found", http: 404 });
    await assert.rejects(client.resetLink({ id: userId }, callOf(1, { role: "moderator" })), { http: 403 });
  });

  it("can be rejected by a moderator only before its admission", async () => {
    await client.setRegistration({ registration: "approval" }, admin);
    const moderator = callOf(1, { role: "moderator" });
    const apply = async (name: string) => {
      const registration = client.register({ username: called(name), password, application: "me" }, callOf());
      await assert.rejects(registration, { code: "auth.awaiting_approval" });
      const { items } = await client.accounts({ state: "pending" }, moderator);
      return items.find(({ username }) => username === called(name))?.id ?? 0;
    };
    const mira = await apply("mira");
    const noor = await apply("noor");
    await assert.rejects(client.reject({ id: mira }, callOf(8)), { http: 403 });
    await client.reject({ id: mira }, moderator);
    await assert.rejects(client.reject({ id: mira }, moderator), { code: "auth.account_not_found", http: 404 });
    await assert.rejects(login("mira"), { code: "auth.bad_credentials" });
    assert.notEqual(await apply("mira"), mira, "the name is free again");
    await client.admit({ id: noor }, moderator);
    await assert.rejects(client.reject({ id: noor }, moderator), { code: "auth.admitted_already", http: 409 });
    await login("noor");
  });

  it("waits without access when registration requires approval, and is published at its admission", async () => {
    await client.setRegistration({ registration: "approval" }, admin);
    assert.equal((await client.instance({}, callOf())).registration, "approval");
    const application = "I make films of birds";
    const registration = client.register({ username: called("mira"), password, application }, callOf());
    await assert.rejects(registration, { code: "auth.awaiting_approval", http: 403 });
    await assert.rejects(login("mira"), { code: "auth.awaiting_approval" });
    await assert.rejects(login("mira", "wrong password"), { code: "auth.bad_credentials" });
    await assert.rejects(client.register({ username: called("MIRA"), password }, callOf()), {
      code: "auth.name_taken",
    });
    assert.deepEqual(await client.account({ username: called("mira") }, service), { found: false });
    await host.drain();
    assert.deepEqual(publishedEvents, []);
    const { items } = await client.accounts({ state: "pending" }, callOf(1, { role: "moderator" }));
    assert.deepEqual(
      items.map((one) => [one.username, one.application]),
      [[called("mira"), application]],
    );
    const id = items[0]?.id ?? 0;
    await Promise.all([1, 2].map(() => client.admit({ id }, callOf(1, { role: "moderator" }))));
    await login("mira");
    await host.drain();
    assert.deepEqual(publishedEvents, [`registered:${called("mira")}`]);
    await client.setRegistration({ registration: "closed" }, admin);
    await assert.rejects(client.register({ username: called("noor"), password }, callOf()), {
      code: "auth.registration_closed",
    });
  });

  it("has the role that an administrator sets, and the last administrator cannot be removed", async () => {
    const mira = await join("mira");
    await client.setRole({ id: mira.userId, role: "admin" }, admin);
    assert.equal((await client.session({ sessionId: mira.sessionId }, service)).role, "admin");
    await assert.rejects(client.setRole({ id: mira.userId, role: "user" }, admin), { code: "auth.last_admin" });
    await assert.rejects(client.deleteAccount({ password }, mira.call), { code: "auth.last_admin", http: 409 });
    const noor = await join("noor");
    await client.setRole({ id: noor.userId, role: "admin" }, admin);
    const both = await Promise.allSettled(
      [mira, noor].map(({ userId }) => client.setRole({ id: userId, role: "user" }, admin)),
    );
    assert.equal(both.filter(({ status }) => status === "fulfilled").length, 1);
    await assert.rejects(client.setRole({ id: noor.userId, role: "admin" }, callOf(1, { role: "moderator" })), {
      http: 403,
    });
    await host.drain();
    assert.ok(publishedEvents.includes(`role:${mira.userId}:admin`));
  });

  it("is deleted with its password, and completely once every service has confirmed the erasure", async () => {
    const { userId, call, sessionId } = await join("mira");
    await assert.rejects(client.deleteAccount({ password: "wrong" }, call), { code: "auth.wrong_password" });
    await client.deleteAccount({ password }, call);
    assert.equal(await alive(sessionId), false);
    await assert.rejects(login("mira"), { code: "auth.bad_credentials" });
    const deletion = async () => (await client.deletions({}, admin)).items[0];
    assert.deepEqual((await deletion())?.missing, holders);
    for (const service of holders) {
      assert.equal((await deletion())?.endedAtMs, null);
      await receipt(userId, service);
      await receipt(userId, service);
    }
    const over = await deletion();
    assert.deepEqual([over?.missing, over?.endedAtMs, over?.receipts.length], [[], clockMs, holders.length]);
    // No row keeps the name of a deleted user.
    await join("mira");
  });

  it("records ended sessions and reused tokens in the audit trail (S8.5)", async () => {
    const { call } = await join("mira");
    for (let n = 0; n < 2; n++) await client.logout({}, call);
    const { refreshToken } = await client.login({ username: called("mira"), password }, callOf());
    await client.refresh({ refreshToken }, callOf());
    await sql`UPDATE sessions SET refreshed_at_ms = refreshed_at_ms - 20000`.execute(host.database("auth"));
    for (let n = 0; n < 2; n++)
      await assert.rejects(client.refresh({ refreshToken }, callOf()), { code: "auth.bad_token" });
    await host.drain();
    assert.deepEqual(
      notes.map(({ act }) => act),
      ["session.opened", "session.ended", "session.opened", "token.reused"],
    );
  });

  it("records the claim of the first administrator in the audit trail (S8.5)", async () => {
    const { token = "" } = await client.firstRunLink({}, service);
    notes.length = 0;
    const { userId } = await client.claim({ token, username: called("boss"), password: "a better one" }, callOf());
    await client.ensure({ username: called("keeper"), password, role: "admin" }, service);
    await host.drain();
    const roles = notes.filter(({ act }) => act === "role.changed");
    assert.deepEqual(
      roles.map(({ detail }) => detail),
      ["user → admin", "user → admin"],
    );
    assert.equal(roles[0]?.subject?.id, userId);
  });

  it("records log-ins with unknown names, and the first refused by the limit (S8.5)", async () => {
    const { userId } = await join("mira");
    await assert.rejects(login("nobody"), { code: "auth.bad_credentials" });
    for (let n = 0; n < 13; n++) await assert.rejects(login("mira", "guessed it"));
    await host.drain();
    const refused = notes.filter(({ act }) => act === "session.refused");
    assert.equal(refused.length, 1 + 10 + 1);
    assert.deepEqual(refused[0], { act: "session.refused", detail: "nobody is called so", atMs: clockMs });
    assert.deepEqual([refused.at(-1)?.detail, refused.at(-1)?.subject?.id], ["too many attempts", userId]);
  });

  it("records security events in the audit trail, without secrets (S8.5)", async () => {
    const { userId, call } = await join("mira");
    await assert.rejects(login("mira", "guessed it"), { http: 401 });
    await assert.rejects(client.deleteAccount({ password: "guessed it" }, call), { code: "auth.wrong_password" });
    await makeResetLink(host.database("auth"), called("mira"), "token", clockMs);
    await client.changePassword({ oldPassword: password, password: "a better one" }, call);
    await client.setRole({ id: userId, role: "moderator" }, admin);
    await client.deleteAccount({ password: "a better one" }, call);
    await host.drain();
    assert.deepEqual(
      notes.map(({ act }) => act),
      [
        "session.opened",
        "session.refused",
        "password.refused",
        "password.link_made",
        "password.changed",
        "role.changed",
        "user.deleted",
      ],
    );
    assert.ok(notes.every(({ subject }) => subject?.id === userId));
    assert.doesNotMatch(JSON.stringify(notes), /guessed|better|mira/);
  });
});

const password = "correct horse";
let clockMs = 0;
let cases = 0;
const called = (name: string) => `${name}${cases}`;
const holders = ["video", "message"];
const host = new TestHost({
  environment: { now: () => clockMs },
  parts: {
    services: [
      ...holders.map((name) => ({ ...contract(name, 1, {}), holdsUserData: true })),
      contract("recommend", 1, {}),
    ],
  },
});
const client = host.client(auth);
const service = callOf(undefined, { caller: "test" });
const admin = callOf(1, { role: "admin" });
const publishedEvents: string[] = [];
const notes: { act: string; detail?: string | undefined; subject?: { kind: string; id: number } | undefined }[] = [];
let neighbour: Host;

interface Opened {
  readonly userId: number;
  readonly token: string;
  readonly refreshToken: string;
}
const opened = ({ userId, refreshToken }: Opened) => {
  const sessionId = refreshToken.split(".")[0] ?? "";
  return { userId, sessionId, call: callOf(userId, { sessionId, source: "here" }) };
};
const join = async (username: string, agent = "test") => {
  notes.length = 0;
  return opened(await client.register({ username: called(username), password }, callOf(undefined, { agent })));
};
const login = async (username: string, secret = password, agent = "test") =>
  opened(await client.login({ username: called(username), password: secret }, callOf(undefined, { agent })));
const alive = async (sessionId: string) => (await client.session({ sessionId }, service)).alive;
/** True if a session waits for a locked row. */
async function isWaiting(): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`
    SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') AS is`.execute(
    host.database("auth"),
  );
  return rows[0]?.is === true;
}
async function receipt(userId: number, from: string): Promise<void> {
  await neighbour.db.tx((tx) => neighbour.emit(tx, userErased, userId, { userId, service: from }));
  await host.drain();
}

const listener = plugin({
  contract: contract("listener", 1, {}),
  needs: [],
  migrations: [],
  start: (given: Host) => {
    neighbour = given;
    return {
      handlers: {},
      subscriptions: [
        on(userRegistered, async (_, { username }) => void publishedEvents.push(`registered:${username}`)),
        on(userRoleChanged, async (_, { userId, role }) => void publishedEvents.push(`role:${userId}:${role}`)),
        on(audited, async (_, note) => void notes.push(note)),
      ],
    };
  },
});
