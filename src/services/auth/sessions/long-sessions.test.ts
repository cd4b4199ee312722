import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { userUpdated } from "#events/user";
import { callOf, TestHost } from "#kernel/host/testing";
import { contract, type Host, plugin } from "#kernel";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { sql } from "kysely";
import { auth, Family } from "../contract.ts";
import { authPlugin } from "../plugin.ts";

describe("a session of a compatible API", () => {
  before(async () => {
    await host.add(authPlugin);
    await host.add(profiles);
    await closed.add(authPlugin);
  });
  beforeEach(async () => {
    nowMs = Date.parse("2026-06-01T00:00:00Z");
    await host.clear();
  });
  after(() => Promise.all([host[Symbol.asyncDispose](), closed[Symbol.asyncDispose]()]));

  it("belongs to an account that can log in through every API", async () => {
    for (const family of families) {
      const name = `mira_${family}`;
      const { userId, username, token } = await register(family, name);
      assert.equal(username, name);
      assert.ok(token.length >= 40);
      for (const family of families) assert.equal((await login(family, name.toUpperCase())).userId, userId);
      assert.equal((await client.login({ username: name, password }, callOf())).userId, userId);
    }
    const { userId } = await client.register({ username: "native", password, email: "n@example.org" }, callOf());
    for (const family of families) {
      assert.deepEqual((({ userId, username }) => [userId, username])(await login(family, "Native")), [
        userId,
        "native",
      ]);
      await assert.rejects(login(family, "N@example.org"), { code: "auth.bad_credentials" });
    }
  });

  it("needs a name that concurrent registrations through all APIs get once (S3.5)", async () => {
    const registrations = ["kira", "KIRA", "Kira"].flatMap((name) => families.map((family) => register(family, name)));
    const results = await Promise.allSettled([
      ...registrations,
      client.register({ username: "kіra", password }, callOf()),
    ]);
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
    for (const result of results)
      if (result.status === "rejected")
        assert.deepEqual([result.reason.code, result.reason.http], ["auth.name_taken", 409]);
  });

  it("never has a user name that is the e-mail address of another account", async () => {
    const owner = await client.register({ username: "owner", password, email: "owner@example.org" }, callOf());
    await assert.rejects(register("douyin", "OWNER@example.org"), { code: "auth.name_taken" });
    await assert.rejects(client.login({ username: "owner@example.org", password }, callOf()), {
      code: "auth.bad_credentials",
    });
    const named = await register("douyin", "named@example.org");
    const credentials = { username: "other", password, email: "named@example.org" };
    await assert.rejects(client.register(credentials, callOf()), { code: "auth.email_taken" });
    await profile(owner.userId, "named@example.org");
    assert.equal((await client.login({ username: "named@example.org", password }, callOf())).userId, named.userId);
  });

  it("follows the registration rules of its API, and is refused on a closed instance", async () => {
    await assert.rejects(register("resumable", "日落海"), {
      code: "auth.bad_registration",
      details: { field: "username" },
    });
    await assert.rejects(register("resumable", "abc", "12345"), { details: { field: "password" } });
    assert.ok(await register("cloudfiles", "abc", "12345"));
    assert.ok(await register("douyin", "日", "12345"));
    const ask = { family: "douyin", username: "mira", password } as const;
    await assert.rejects(closed.client(auth).registerFor(ask, service), {
      code: "auth.registration_closed",
      http: 403,
    });
  });

  it("is refused alike for an unknown name and a wrong password, with the same CPU time (S3.1)", async () => {
    await register("resumable", "mira");
    const wrong = { code: "auth.bad_credentials", http: 401, message: "the name or the password is wrong" };
    const time = async (username: string, round: number) => {
      const began = process.cpuUsage();
      for (const family of families) await assert.rejects(login(family, username, "wrong!", `${round}`), wrong);
      return process.cpuUsage(began).user;
    };
    const times: { known: number; unknown: number }[] = [];
    for (let round = 0; round < 8; round++)
      times.push({ known: await time("mira", round), unknown: await time("nobody", round) });
    const median = (who: "known" | "unknown") => times.map((one) => one[who]).toSorted((a, b) => a - b)[4] ?? 0;
    const [known, unknown] = [median("known"), median("unknown")];
    assert.ok(known / unknown < 1.5 && unknown / known < 1.5, `${known} µs against ${unknown} µs of CPU`);
  });

  it("is refused after ten guesses through all APIs together (S3.4)", async () => {
    await register("resumable", "mira");
    const wrong = { code: "auth.bad_credentials" };
    for (let i = 0; i < 3; i++)
      for (const family of families) await assert.rejects(login(family, "mira", "wrong!", "a"), wrong);
    await assert.rejects(
      client.login({ username: "mira", password: "wrong!" }, callOf(undefined, { source: "a" })),
      wrong,
    );
    const tooMany = { code: "auth.too_many_attempts", http: 429 };
    for (const family of families) await assert.rejects(login(family, "MIRA", password, "a"), tooMany);
    assert.ok(await login("douyin", "mira", password, "b"));
  });

  it("has an opaque token, or a signed one with user, type and expiry (S3.2)", async () => {
    for (const family of ["cloudfiles", "douyin"] as const) {
      const { token, expiresAtMs } = await register(family, `mira_${family}`);
      assert.match(token, /^[A-Za-z0-9_-]{65}$/);
      assert.equal(expiresAtMs, nowMs + days(30));
    }
    const { token, userId } = await register("resumable", "mira");
    const { items } = await client.keys({}, service);
    assert.deepEqual(decodeProtectedHeader(token), { alg: "EdDSA", kid: items[0]?.kid, typ: "session+jwt" });
    const { sid, ...claims } = decodeJwt(token);
    const iat = nowMs / 1_000;
    assert.deepEqual(claims, {
      user_id: userId,
      username: "mira",
      iss: "kinora",
      aud: "session",
      sub: String(userId),
      iat,
      nbf: iat,
      exp: iat + 30 * 86_400,
    });
    assert.deepEqual(await client.session({ sessionId: String(sid) }, service), alive(userId, "resumable"));
  });

  it("is stored without its token or the token's secret (S3.6)", async () => {
    const tokens = [];
    for (const family of families) tokens.push((await register(family, `mira_${family}`)).token);
    const { rows } = await sql`SELECT * FROM auth.sessions`.execute(host.database("auth"));
    const dump = JSON.stringify(rows);
    assert.equal(rows.length, 3);
    for (const token of tokens) assert.ok(!dump.includes(token) && !dump.includes(token.slice(22)));
  });

  it("authenticates a client by the whole token, and refuses the session id alone", async () => {
    const { token, userId } = await register("douyin", "mira");
    const [sessionId, secret] = [token.slice(0, 22), token.slice(22)];
    assert.deepEqual(await client.session({ sessionId, secret }, service), alive(userId, "douyin"));
    const other = (await login("douyin", "mira")).token.slice(22);
    const signed = heldBy((await login("resumable", "mira")).token).sessionId;
    const native = await client.login({ username: "mira", password }, callOf());
    const [nativeId = "", refresh = ""] = native.refreshToken.split(".");
    for (const query of [
      { sessionId },
      { sessionId, secret: "" },
      { sessionId, secret: other },
      { sessionId, secret: `${secret.slice(1)}x` },
      { sessionId: signed, secret },
      { sessionId: nativeId, secret: refresh },
      { sessionId: "x".repeat(22), secret },
    ])
      assert.deepEqual(await client.session(query, service), { alive: false });
  });

  it("expires after thirty days even when used, and cannot be refreshed", async () => {
    const registrations = [];
    for (const family of families) registrations.push(await register(family, `mira_${family}`));
    const sessions = registrations.map(({ token }) => heldBy(token));
    for (const { sessionId, secret } of sessions)
      for (const part of [secret ?? "x", "x", ""])
        await assert.rejects(client.refresh({ refreshToken: `${sessionId}.${part}` }, callOf()), {
          code: "auth.bad_token",
        });
    for (const day of [1, 15, 29]) {
      nowMs += days(day) - (nowMs - Date.parse("2026-06-01T00:00:00Z"));
      for (const session of sessions) assert.equal((await client.session(session, service)).alive, true, `day ${day}`);
    }
    nowMs += days(1) - 1;
    for (const session of sessions) assert.equal((await client.session(session, service)).alive, true);
    nowMs += 1;
    for (const session of sessions) assert.deepEqual(await client.session(session, service), { alive: false });
  });

  it("ends at its own log-out alone, and with its account", async () => {
    const { userId } = await register("resumable", "mira");
    const sessions = [];
    for (const family of families) sessions.push(heldBy((await login(family, "mira")).token));
    for (const [at, { sessionId }] of sessions.entries()) {
      await client.logout({}, callOf(userId, { sessionId }));
      const states: boolean[] = await Promise.all(
        sessions.map(async (one) => (await client.session(one, service)).alive),
      );
      assert.deepEqual(
        states,
        sessions.map((_, i) => i > at),
      );
    }
    const last = heldBy((await login("cloudfiles", "mira")).token);
    await client.remove({ userIds: [userId] }, service);
    assert.deepEqual(await client.session(last, service), { alive: false });
  });

  it("updates the last activity of the account every five minutes", async () => {
    const { userId, token } = await register("cloudfiles", "mira");
    const active = async () => (await client.account({ userId }, service)).activeAtMs;
    const began = nowMs;
    assert.equal(await active(), began);
    nowMs += 4 * 60_000;
    await client.session(heldBy(token), service);
    assert.equal(await active(), began);
    nowMs += 60_001;
    await Promise.all(Array.from({ length: 5 }, () => client.session(heldBy(token), service)));
    assert.equal(await active(), nowMs);
    // Asking in vain is no use.
    const last = nowMs;
    nowMs += days(1);
    await client.session({ sessionId: token.slice(0, 22), secret: "x" }, service);
    assert.equal(await active(), last);
  });
});

const families = Family.options;
const password = "sesame";
const service = callOf(undefined, { caller: "test" });
const days = (count: number) => count * 86_400_000;
let nowMs = Date.parse("2026-06-01T00:00:00Z");
const host = new TestHost({ environment: { now: () => nowMs } });
const closed = new TestHost({ settings: { auth: { registration: "closed" } } });
const client = host.client(auth);

type Named = (typeof families)[number];
const register = (family: Named, username: string, secret = password) =>
  client.registerFor({ family, username, password: secret }, service);
const login = (family: Named, username: string, secret = password, source?: string) =>
  client.loginFor(
    { family, username, password: secret },
    callOf(undefined, { caller: "test", ...(source !== undefined && { source }) }),
  );
const alive = (userId: number, origin: string) => ({ alive: true, userId, role: "user", origin });
/** The input of the gateway's query for a token. */
const heldBy = (token: string): { sessionId: string; secret?: string } =>
  token.includes(".")
    ? { sessionId: String(decodeJwt(token)["sid"]) }
    : { sessionId: token.slice(0, 22), secret: token.slice(22) };

/** Publishes changed profiles as the user service does. */
let profile: (userId: number, email: string) => Promise<void>;
const profiles = plugin({
  contract: contract("profiles", 1, {}),
  needs: [],
  migrations: [],
  start({ db, emit }: Host<object>) {
    profile = async (userId, email) => {
      await db.tx((tx) =>
        emit(tx, userUpdated, userId, { userId, version: 1, username: "x", nickname: "x", avatar: "", email }),
      );
      await host.drain();
    };
    return { handlers: {} };
  },
});
