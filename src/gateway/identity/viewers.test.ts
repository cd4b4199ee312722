import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { after, before, beforeEach, describe, it } from "node:test";
import { ClockSteps } from "#kernel/environment/clock-steps";
import { callOf } from "#kernel/host/testing";
import { auth, Family } from "#services/auth/contract";
import { authPlugin } from "#services/auth/plugin";
import { signingKey } from "#services/auth/tokens";
import { userPlugin } from "#services/user/plugin";
import { soon } from "#test/until";
import { decodeJwt, SignJWT } from "jose";
import { sql } from "kysely";
import { TestGateway } from "../testing.ts";
import { Viewers } from "./viewers.ts";

/** S3.2: a session that ended is over everywhere within this time. */
const withinMs = 10_000;

describe("a token of a compatible API", () => {
  before(async () => void (await edge.app));
  beforeEach(() => edge.host.clear());
  after(() => edge[Symbol.asyncDispose]());

  it("is accepted by the native API, and refused by every process after its log-out", async () => {
    const elsewhere = await viewersBy();
    const ended = families.map(async (family) => {
      const { token, userId } = await join(family);
      const { token: other } = await join(family, "login");
      const { status, data } = await me(token);
      assert.deepEqual([status, data["id"]], [200, userId]);
      const change = await edge.ask("/api/v1/users/me", { method: "PUT", token, body: { bio: "x" } });
      assert.equal(change.status, 200);
      assert.equal((await elsewhere.of(token, callOf())).userId, userId);
      assert.equal((await edge.ask("/api/v1/users/logout", { method: "POST", token, body: {} })).status, 200);
      await refused([token]);
      const isOver = async () => (await Promise.allSettled([elsewhere.of(token, callOf())]))[0].status === "rejected";
      await soon(withinMs, isOver, { said: () => "it outlived its session in another process" });
      assert.equal((await me(other)).status, 200);
    });
    await Promise.all(ended);
  });

  it("ends when its account is removed, and when it expires", async () => {
    const ended = families.map(async (family) => {
      const { token, userId } = await join(family);
      const { token: old, userId: other } = await join(family, "register", `${family}_old`);
      assert.deepEqual([(await me(token)).status, (await me(old)).status], [200, 200]);
      await edge.host.client(auth).remove({ userIds: [userId] }, service);
      const database = edge.host.database("auth");
      await sql`UPDATE sessions SET expires_at_ms = ${Date.now()} WHERE user_id = ${other}`.execute(database);
      await Promise.all([over(token), over(old)]);
    });
    await Promise.all(ended);
  });

  it("ends immediately when its owner deletes the account with another token", async () => {
    const joined = await Promise.all(families.map((family) => join(family)));
    const [one, ...others] = await Promise.all(
      joined.map(async ({ token, username }) => [token, (await login(username)).token]),
    );
    for (const token of [one, ...others].flat()) assert.equal((await me(token ?? "")).status, 200);
    const [token = "", asking = ""] = one ?? [];
    const deletion = { method: "POST", token: asking, body: { password } } as const;
    assert.equal((await edge.ask("/api/v1/auth/delete-account", deletion)).status, 200);
    await refused([token, asking]);
    for (const other of others.flat()) assert.equal((await me(other)).status, 200);
  });

  it("is refused as a refresh token, whole or in part", async () => {
    for (const family of families) {
      const { token } = await join(family);
      const id = token.includes(".") ? String(decodeJwt(token)["sid"]) : token.slice(0, 22);
      for (const one of [token, `${id}.${token.slice(22)}`, `${id}.${token}`, `${id}.`, id]) {
        const request = { method: "POST", body: { refresh_token: one } } as const;
        assert.equal((await edge.ask("/api/v1/auth/refresh", request)).status, 401);
      }
      assert.equal((await me(token)).status, 200);
    }
  });

  it("is refused when it is unsigned, stripped, altered or signed with another key (S3.2)", async () => {
    const { token } = await join("resumable");
    const key = await keyInUse();
    const [header = "", payload = "", signature = ""] = token.split(".");
    const stranger = generateKeyPairSync("ed25519");
    const jwk = stranger.publicKey.export({ format: "jwk" });
    const publicKey = createPublicKey(key.key);
    const hmac = (secret: Uint8Array) => sign({ alg: "HS256" }, {}, secret, token);
    const flip = (text: string, at: number) => {
      const bytes = Buffer.from(text, "base64url");
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return bytes.toString("base64url");
    };
    const renamed = (changes: object, part: string) =>
      Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(part, "base64url").toString()), ...changes })).toString(
        "base64url",
      );
    await refused([
      `${renamed({ alg: "none" }, header)}.${payload}.`,
      `${renamed({ alg: "none" }, header)}.${payload}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
      `${header}.${payload}.${flip(signature, 0)}`,
      `${header}.${payload}.${flip(signature, 63)}`,
      `${header}.${renamed({ user_id: 1, sub: "1" }, payload)}.${signature}`,
      `${header}.${renamed({ exp: 4_000_000_000 }, payload)}.${signature}`,
      `${renamed({ typ: "at+jwt" }, header)}.${payload}.${signature}`,
      await sign({}, {}, stranger.privateKey, token),
      await sign({ jwk }, {}, stranger.privateKey, token),
      await sign({ jwk, kid: "stranger" }, {}, stranger.privateKey, token),
      await sign({ jku: "https://keys.test/" }, {}, stranger.privateKey, token),
      await hmac(publicKey.export({ format: "der", type: "spki" })),
      await hmac(Buffer.from(String(publicKey.export({ format: "pem", type: "spki" })))),
      await hmac(Buffer.from(key.x, "base64url")),
      await hmac(Buffer.from(key.x)),
      await hmac(Buffer.from("secret")),
      await hmac(Buffer.from("kinora")),
    ]);
    assert.equal((await me(token)).status, 200);
    assert.equal((await me(await sign({}, {}, key.key, token))).status, 200, "what is signed here would be taken");
  });

  it("is refused as expired where its time alone is over, and as bad where it is forged too", async () => {
    const key = await keyInUse();
    const { token } = await join("resumable");
    const stranger = generateKeyPairSync("ed25519");
    const over = { exp: Math.floor(Date.now() / 1_000) - 60 };
    for (const [sent, code] of [
      [await sign({}, over, key.key, token), "auth.token_expired"],
      [await sign({}, over, stranger.privateKey, token), "auth.bad_token"],
    ] as const) {
      const { status, body, headers } = await me(sent);
      assert.deepEqual([status, body["error"]], [401, code]);
      assert.match(String(headers["www-authenticate"]), /^Bearer realm="kinora", error="invalid_token", error_desc/);
    }
    const { headers } = await edge.ask("/api/v1/users/me");
    assert.equal(headers["www-authenticate"], 'Bearer realm="kinora"');
  });

  it("stands when the clock is set an hour on or back, and expires in its time (D7)", async () => {
    const username = "jumper";
    const native = await edge.ask("/api/v1/users/register", { method: "POST", body: { username, password } });
    const tokens = [String(native.data["token"]), (await join("resumable")).token];
    const clock = { wall: Date.now(), monotonic: 0 };
    const clocks = { wall: () => clock.wall, monotonic: () => clock.monotonic };
    const at = (token: string, viewers: Viewers) => viewers.of(token, callOf());
    for (const token of tokens) {
      const early = new ClockSteps(3_600_000, clocks);
      clock.wall += 3_600_000;
      await at(token, await viewersBy(early));
      clock.wall -= 2 * 3_600_000;
      await at(token, await viewersBy(early));
      // A process that started after the step.
      await at(token, await viewersBy(new ClockSteps(3_600_000, clocks)));
      clock.wall += 3_600_000;
    }
    const steps = new ClockSteps(3_600_000, clocks);
    clock.wall += 16 * 60_000;
    clock.monotonic += 16 * 60_000;
    await assert.rejects(at(tokens[0] ?? "", await viewersBy(steps)), { code: "auth.token_expired" });
  });

  it("is refused as another kind of token, even when our own key signed it (S3.2)", async () => {
    const key = await keyInUse();
    const { token: long } = await join("resumable");
    const { token: opaque } = await join("douyin");
    const native = await edge.ask("/api/v1/users/register", { method: "POST", body: { username: "native", password } });
    const short = String(native.data["token"]);
    const nowS = Math.floor(Date.now() / 1_000);
    const own = (header: object, changes: object, from: string) => sign(header, changes, key.key, from);
    assert.equal((await me(await own({ typ: "at+jwt" }, {}, short))).status, 200, "what is signed here would be taken");
    await refused([
      // One kind's name on the other's claims, and on the other's session.
      await own({ typ: "session+jwt" }, {}, short),
      await own({ typ: "at+jwt" }, {}, long),
      await own({ typ: "session+jwt" }, { aud: "session" }, short),
      await own({ typ: "at+jwt" }, { aud: "access", exp: nowS + 600 }, long),
      await own({}, { aud: ["session", "access"] }, long),
      await own({ typ: "JWT" }, {}, long),
      await own({ typ: undefined }, {}, long),
      // A short one that is good for as long as a long one, and one that outlives every session.
      await own({ typ: "at+jwt" }, { exp: nowS + 30 * 86_400 }, short),
      await own({ typ: "at+jwt" }, { exp: nowS + 2 * 3_600 }, short),
      await own({}, { exp: nowS + 31 * 86_400 }, long),
      // Over, not yet good, of nobody's making, or without saying so.
      await own({}, { nbf: nowS + 60 }, long),
      await own({}, { iss: "another" }, long),
      ...(await Promise.all(
        ["exp", "iat", "nbf", "aud", "iss", "sub", "sid"].map((claim) => own({}, { [claim]: undefined }, long)),
      )),
      // A session that an opaque token holds.
      await own({}, { sid: opaque.slice(0, 22) }, long),
      await own({ typ: "at+jwt" }, { sid: opaque.slice(0, 22), aud: "access", exp: nowS + 600 }, long),
    ]);
  });

  it("is refused when it is opaque and truncated, extended or mixed with another token", async () => {
    const { token } = await join("cloudfiles");
    const { token: other } = await join("douyin");
    const { token: signed } = await join("resumable");
    const native = await edge.ask("/api/v1/users/register", { method: "POST", body: { username: "native", password } });
    const refresh = String(native.data["refresh_token"]);
    const { rows } = await sql<{
      token_hash: string;
    }>`SELECT token_hash FROM sessions WHERE id = ${token.slice(0, 22)}`.execute(edge.host.database("auth"));
    const kept = rows[0]?.token_hash ?? "";
    assert.equal(kept.length, 43);
    await refused([
      token.slice(0, 64),
      `${token}x`,
      `${token.slice(0, 22)}${"A".repeat(43)}`,
      `${token.slice(0, 22)}${other.slice(22)}`,
      `${token.slice(0, 22)}${kept}`,
      `${String(decodeJwt(signed)["sid"])}${token.slice(22)}`,
      refresh.replace(".", ""),
      token.toLowerCase(),
      `${token.slice(22)}${token.slice(0, 22)}`,
    ]);
    assert.equal((await me(token)).status, 200);
  });
});

const families = Family.options;
const password = "sesame";
const service = callOf(undefined, { caller: "gateway" });
const edge = new TestGateway(async (host) => {
  await host.add(authPlugin);
  await host.add(userPlugin);
});
const keyInUse = async () => signingKey((await edge.host.key("auth", "signing")).current);

const join = (family: Family, way: "register" | "login" = "register", username: string = `mira_${family}`) =>
  edge.host.client(auth)[way === "register" ? "registerFor" : "loginFor"]({ family, username, password }, service);
const login = (username: string) => edge.host.client(auth).login({ username, password }, service);
const me = (token: string) => edge.ask("/api/v1/users/me", { token });
async function refused(tokens: readonly string[]): Promise<void> {
  for (const token of tokens) {
    const { status, body } = await me(token);
    assert.deepEqual([status, body["error"]], [401, "auth.bad_token"], token);
  }
}
const over = (token: string) =>
  soon(withinMs, async () => (await me(token)).status === 401, { said: () => "it outlived its session" });

/** The claims and header of a token, with changes, signed anew. */
function sign(header: object, changes: object, by: Parameters<SignJWT["sign"]>[0], from: string): Promise<string> {
  const [head = ""] = from.split(".");
  const same = JSON.parse(Buffer.from(head, "base64url").toString()) as { alg: string }; // We signed it.
  return new SignJWT({ ...decodeJwt(from), ...changes }).setProtectedHeader({ ...same, ...header }).sign(by);
}

const viewersBy = async (steps?: ClockSteps) => new Viewers((await edge.host.host()).client(auth, "gateway"), steps);
