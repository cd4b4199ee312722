import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { demoRequested, userDeleted, userRegistered } from "#events/auth";
import { contract, on, plugin } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import fc from "fast-check";
import { sql } from "kysely";
import { auth } from "./contract.ts";
import { isName, nameKey } from "./names.ts";
import { isPassword, isWeak } from "./passwords/passwords.ts";
import { authPlugin } from "./plugin.ts";
import { signAccess, signingKey } from "./tokens.ts";

describe("auth", () => {
  before(async () => {
    await host.add(authPlugin);
    await host.add(listener);
  });
  beforeEach(async () => {
    await host.clear();
    await host
      .database<{ "auth.instance": { id: boolean } }>("auth")
      .insertInto("auth.instance")
      .values({ id: true })
      .execute();
    publishedEvents.length = 0;
  });
  after(() => host[Symbol.asyncDispose]());

  it("creates an account, signs it in and publishes it once", async () => {
    const account = await client.register({ username: "Mira", password: "sesame" }, callOf());
    await host.drain();
    assert.deepEqual(publishedEvents, [`registered:${account.userId}:Mira`]);
    const again = await client.login({ username: "mira", password: "sesame" }, callOf());
    assert.equal(again.userId, account.userId);
    assert.notEqual(again.token, account.token);
    assert.equal(account.expiresAtMs > Date.now() + 14 * 60_000, true);
  });

  it("gives a name in any spelling to one of several concurrent registrations (S3.5)", async () => {
    const spellings = ["kira", "Kira", "KIRA", "ｋｉｒａ", "kіra", "k ira", "kira"];
    const results = await Promise.allSettled(
      spellings.map((username) => client.register({ username, password: "sesame" }, callOf())),
    );
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
    for (const result of results)
      if (result.status === "rejected")
        assert.deepEqual([result.reason.code, result.reason.http], ["auth.name_taken", 409]);
    await host.drain();
    assert.equal(publishedEvents.length, 1);
  });

  it("refuses a second account with the same e-mail address, and no log-in with an address that nobody has verified", async () => {
    await client.register({ username: "one", password: "sesame", email: "One@Example.org" }, callOf());
    await assert.rejects(client.register({ username: "two", password: "sesame", email: "one@example.org" }, callOf()), {
      code: "auth.email_taken",
      http: 409,
    });
    await assert.rejects(client.login({ username: "ONE@example.org", password: "sesame" }, callOf()), {
      code: "auth.bad_credentials",
      http: 401,
    });
  });

  it("gives no reserved name, nor one that passes for a staff member's, through any API", async () => {
    const { userId } = await client.register({ username: "LenaK", password: "sesame" }, callOf());
    await client.register({ username: "Lena_K", password: "sesame" }, callOf());
    await client.setRole({ id: userId, role: "moderator" }, callOf(userId, { role: "admin" }));
    const taken = { code: "auth.name_taken", http: 409 };
    for (const username of ["admin", "kinora-support", "lena.k", "1ena-k"]) {
      await assert.rejects(client.register({ username, password: "sesame" }, callOf()), taken, username);
      const foreign = { family: "douyin" as const, username, password: "sesame" };
      await assert.rejects(client.registerFor(foreign, callOf()), taken, username);
    }
    // Accounts that are there already keep their names, and the operator may use any.
    assert.ok(await client.login({ username: "Lena_K", password: "sesame" }, callOf()));
    assert.ok(await client.ensure({ username: "admin", password: "sesame", role: "admin" }, callOf()));
  });

  it("refuses weak passwords of strict callers, and bounds the length of hashed passwords (S3.1)", async () => {
    for (const password of ["short", "password1", "aaaaaaaaaa", "12345678", "mira-mira"])
      await assert.rejects(client.register({ username: "mira", password, strict: true }, callOf()), { http: 400 });
    await client.register({ username: "mira", password: "blue bicycle", strict: true }, callOf());
    await assert.rejects(client.register({ username: "long", password: "x".repeat(51) }, callOf()), { http: 400 });
    await assert.rejects(client.login({ username: "mira", password: "x".repeat(129) }, callOf()), { http: 400 });
  });

  it("gives the same error for an unknown name and a wrong password", async () => {
    await client.register({ username: "mira", password: "sesame" }, callOf());
    const wrong = { code: "auth.bad_credentials", http: 401, message: "the name or the password is wrong" };
    await assert.rejects(client.login({ username: "mira", password: "wrong!" }, callOf()), wrong);
    await assert.rejects(client.login({ username: "nobody", password: "wrong!" }, callOf()), wrong);
  });

  it("hashes for an unknown name as long as for a known one (S3.1)", async () => {
    await client.register({ username: "mira", password: "sesame" }, callOf());
    const time = async (username: string, round: number) => {
      const began = process.cpuUsage();
      for (let i = 0; i < 4; i++)
        await client
          .login({ username, password: "wrong!" }, callOf(undefined, { source: `${round}.${i}` }))
          .catch(() => undefined);
      return process.cpuUsage(began).user;
    };
    const times: { known: number; unknown: number }[] = [];
    for (let round = 0; round < 8; round++)
      times.push({ known: await time("mira", round), unknown: await time("nobody", round) });
    const median = (who: "known" | "unknown") => times.map((one) => one[who]).toSorted((a, b) => a - b)[4] ?? 0;
    const [known, unknown] = [median("known"), median("unknown")];
    assert.ok(known / unknown < 1.5 && unknown / known < 1.5, `${known} µs against ${unknown} µs of CPU`);
  });

  it("refuses log-ins from one source after ten concurrent guesses, and accepts other sources (S3.4)", async () => {
    await client.register({ username: "mira", password: "sesame" }, callOf());
    const guess = (source: string) =>
      client.login({ username: "mira", password: "wrong!" }, callOf(undefined, { source })).then(
        () => "in",
        (error: { code: string }) => error.code,
      );
    const results = await Promise.all(Array.from({ length: 14 }, () => guess("a")));
    assert.equal(results.filter((code) => code === "auth.bad_credentials").length, 10);
    assert.equal(results.filter((code) => code === "auth.too_many_attempts").length, 4);
    const elsewhere = callOf(undefined, { source: "b" });
    assert.ok((await client.login({ username: "MIRA", password: "sesame" }, elsewhere)).token);
    assert.equal(await guess("ｂ"), "auth.bad_credentials");
  });

  it("refuses unknown sources during a distributed attack, and accepts those of the owner's sessions (S3.4)", async () => {
    const from = (source: string) => callOf(undefined, { source });
    const credentials = { username: "besieged", password: "sesame" };
    const { refreshToken } = await client.register(credentials, from("home"));
    await client.login(credentials, from("office"));
    await client.refresh({ refreshToken }, from("train"));
    const wrong = { username: "besieged", password: "wrong!" };
    await Promise.all(Array.from({ length: 100 }, (_, i) => client.login(wrong, from(`bot${i % 20}`)).catch(() => {})));
    const tooMany = { code: "auth.too_many_attempts", http: 429 };
    for (const source of ["bot1", "elsewhere"]) await assert.rejects(client.login(credentials, from(source)), tooMany);
    await assert.rejects(client.login(credentials, callOf()), tooMany);
    for (const source of ["home", "office", "train"])
      assert.ok((await client.login(credentials, from(source))).token, source);
    // Even from there at most ten guesses.
    for (let i = 0; i < 10; i++)
      await assert.rejects(client.login(wrong, from("home")), { code: "auth.bad_credentials" });
    await assert.rejects(client.login(credentials, from("home")), tooMany);
    // A right password elsewhere gives a guesser no further tries.
    await assert.rejects(client.login(wrong, from("another bot")), tooMany);
  });

  it("rotates refresh tokens, and ends the session when a used one is sent again after 20 seconds (S3.2)", async () => {
    const badToken = { code: "auth.bad_token", http: 401 };
    const first = await client.register({ username: "mira", password: "sesame" }, callOf());
    const second = await client.refresh({ refreshToken: first.refreshToken }, callOf());
    assert.notEqual(second.refreshToken, first.refreshToken);
    // By another tab, or by a client that lost the answer.
    const again = await client.refresh({ refreshToken: first.refreshToken }, callOf());
    assert.equal(again.refreshToken, second.refreshToken);
    await sql`UPDATE sessions SET refreshed_at_ms = refreshed_at_ms - 20000`.execute(host.database("auth"));
    await assert.rejects(client.refresh({ refreshToken: first.refreshToken }, callOf()), badToken);
    await assert.rejects(client.refresh({ refreshToken: second.refreshToken }, callOf()), badToken);
  });

  it("ends a session when a token before the last used one is sent again, however soon (S3.2)", async () => {
    const first = await client.register({ username: "mira", password: "sesame" }, callOf());
    const second = await client.refresh({ refreshToken: first.refreshToken }, callOf());
    const third = await client.refresh({ refreshToken: second.refreshToken }, callOf());
    for (const { refreshToken } of [first, third])
      await assert.rejects(client.refresh({ refreshToken }, callOf()), { code: "auth.bad_token" });
  });

  it("refuses forged refresh tokens, and keeps their session (S3.2)", async () => {
    const { token, refreshToken } = await client.register({ username: "mira", password: "sesame" }, callOf());
    const [sessionId = "", count = "", signature = ""] = refreshToken.split(".");
    const forged = [
      "x",
      token,
      `${refreshToken}x`,
      `${sessionId}.garbage`,
      `${sessionId}.0.`,
      `${sessionId}.00.${signature}`,
    ];
    forged.push(`${sessionId}.1.${signature}`, `${sessionId}.-1.${signature}`, `other.${count}.${signature}`);
    for (const one of forged)
      await assert.rejects(client.refresh({ refreshToken: one }, callOf()), { code: "auth.bad_token" });
    assert.ok((await client.refresh({ refreshToken }, callOf())).token);
  });

  it("ends a session at log-out", async () => {
    const { refreshToken, userId } = await client.register({ username: "mira", password: "sesame" }, callOf());
    const sessionId = refreshToken.split(".")[0] ?? "";
    assert.deepEqual(await client.session({ sessionId }, service), {
      alive: true,
      userId,
      role: "user",
      origin: "native",
    });
    await client.logout({}, callOf(userId, { sessionId }));
    assert.deepEqual(await client.session({ sessionId }, service), { alive: false });
    await assert.rejects(client.refresh({ refreshToken }, callOf()), { code: "auth.bad_token" });
  });

  it("creates the first administrator through the printed link, once", async () => {
    const { token = "" } = await client.firstRunLink({}, service);
    assert.equal((await client.firstRunLink({}, service)).token, token, "the link stays until it is used");
    const admin = { username: "boss", password: "blue bicycle" };
    await assert.rejects(client.claim({ ...admin, token: "guess" }, callOf()), { code: "auth.bad_link", http: 403 });
    await assert.rejects(client.claim({ ...admin, password: "password", token }, callOf()), {
      code: "auth.weak_password",
    });
    const claims = await Promise.allSettled(
      ["a1", "a2", "a3"].map((suffix) =>
        client.claim({ ...admin, username: `boss-${suffix}`, token, demo: true }, callOf()),
      ),
    );
    assert.equal(claims.filter(({ status }) => status === "fulfilled").length, 1);
    assert.deepEqual(await client.firstRunLink({}, service), {});
    const { email: _, usersInvite: __, ...facts } = await client.instance({}, callOf());
    assert.deepEqual(facts, { firstRun: false, registration: "open", demo: false });
    await host.drain();
    assert.equal(publishedEvents.filter((line) => line === "demo").length, 1);
  });

  it("requests demo content once per instance, and removes only the demo users", async () => {
    await client.requestDemo({}, service);
    await assert.rejects(client.addDemo({}, callOf(7)), { code: "gateway.admins_only" });
    await client.addDemo({}, callOf(7, { role: "admin" }));
    const { userId: guest } = await client.ensure({ username: "guest", password: "sesame!", isDemo: true }, service);
    const { userId: own } = await client.ensure({ username: "owner", password: "sesame!" }, service);
    assert.equal((await client.ensure({ username: "Owner", password: "other!" }, service)).userId, own);
    assert.equal((await client.instance({}, callOf())).demo, true);
    await assert.rejects(client.removeDemo({}, callOf(own)), { code: "gateway.admins_only" });
    await client.removeDemo({}, callOf(own, { role: "admin" }));
    await host.drain();
    assert.deepEqual(
      publishedEvents.filter((line) => !line.startsWith("registered")),
      ["demo", `deleted:${guest}`],
    );
    assert.deepEqual(await client.account({ userId: guest }, service), { found: false });
  });

  it("derives its signing key from the secret, and publishes one key", async () => {
    const { items } = await client.keys({}, service);
    assert.equal(items.length, 1);
    assert.equal(signingKey("a secret").x, signingKey("a secret").x);
    assert.notEqual(signingKey("a secret").x, signingKey("another").x);
    const proof = { methods: ["password"], atMs: Date.now() };
    const parts = { userId: 1, sessionId: "s", proof, nowMs: Date.now(), lifeMs: 60_000 };
    const [header = ""] = (await signAccess(signingKey("a secret"), parts)).split(".");
    assert.deepEqual(Object.keys(JSON.parse(Buffer.from(header, "base64url").toString())).toSorted(), [
      "alg",
      "kid",
      "typ",
    ]);
  });

  it("folds names to one key regardless of case and invisible characters, and refuses invalid names", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9]{3,20}$/), fc.nat(19), (name, at) => {
        const hidden = `${name.slice(0, at)}\u200b${name.slice(at)}`;
        assert.equal(nameKey(hidden.toUpperCase()), nameKey(name));
        assert.equal(nameKey(nameKey(name)), nameKey(name));
      }),
    );
    for (const name of ["ab", "-ab", ".abc", "___", "a\nb", "<script>", "", "a/b", "\u200b\u200b\u200b"])
      assert.equal(isName(name), false, name);
    for (const name of ["abc", "日落海", "Mira.K", "a_b-c", "_alice_", "Ünïcode"])
      assert.equal(isName(name), true, name);
  });

  it("verifies any Unicode password in either normal form", async () => {
    await client.register({ username: "mira", password: "crème brûlée" }, callOf());
    await client.login({ username: "mira", password: "crème brûlée".normalize("NFD") }, callOf());
    assert.equal(await isPassword("x", undefined), false);
    assert.equal(isWeak("correct horse battery", "mira"), false);
  });
});

describe("an account with an id that is there already", () => {
  it("is registered with another one, and not refused for its name or address", async () => {
    const nowMs = Date.now();
    await using frozen = new TestHost({ environment: { now: () => nowMs } });
    await frozen.add(authPlugin);
    const register = (username: string) =>
      frozen.client(auth).register({ username, password: "sesame", email: `${username}@example.org` }, callOf());
    const { userId } = await register("first");
    // While the clock stands, ids follow each other. Another process made the next one.
    await sql`
      INSERT INTO credentials (user_id, username, name_key, password_hash, role, created_at_ms)
      VALUES (${userId + 1}, 'other', 'other', '', 'user', 0)`.execute(frozen.database("auth"));
    assert.equal((await register("second")).userId, userId + 2);
    await assert.rejects(register("second"), { code: "auth.name_taken" });
  });
});

const service = callOf(undefined, { caller: "test" });
const host = new TestHost();
const client = host.client(auth);
const publishedEvents: string[] = [];
const listener = plugin({
  contract: contract("listener", 1, {}),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {},
    subscriptions: [
      on(
        userRegistered,
        async (_, { userId, username }) => void publishedEvents.push(`registered:${userId}:${username}`),
      ),
      on(userDeleted, async (_, { userId }) => void publishedEvents.push(`deleted:${userId}`)),
      on(demoRequested, async () => void publishedEvents.push("demo")),
    ],
  }),
});
