import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { auth } from "#services/auth/contract";
import { authPlugin } from "#services/auth/plugin";
import { userPlugin } from "#services/user/plugin";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { sql } from "kysely";
import { TestGateway } from "../testing.ts";

before(async () => void (await edge.app));
beforeEach(() => edge.host.clear());
after(() => edge[Symbol.asyncDispose]());

describe("a fresh sign-in", () => {
  it("is needed for another address, a deletion and an export, and a password renews it", async () => {
    const { token } = await join();
    await age();
    const acts = [
      () => edge.ask("/api/v1/auth/email", { method: "PUT", token, body: { email: "a@example.org" } }),
      () => edge.ask("/api/v1/users/me", { method: "PUT", token, body: { email: "a@example.org" } }),
      () => edge.ask("/api/v1/auth/delete-account", { method: "POST", token, body: { password } }),
      () => edge.ask("/api/v1/users/me/export", { token }),
    ];
    for (const act of acts) {
      const { status, body } = await act();
      assert.deepEqual(
        [status, body["error"], body["details"]],
        [401, "auth.sign_in_again", { methods: ["password"] }],
      );
    }
    assert.equal((await edge.ask("/api/v1/users/me", { method: "PUT", token, body: { bio: "x" } })).status, 200);
    const confirm = (body: object) => edge.ask("/api/v1/auth/fresh", { method: "POST", token, body });
    assert.deepEqual(
      [(await confirm({ password: "wrong" })).body["error"], (await confirm({})).body["error"]],
      ["auth.wrong_password", "auth.no_proof"],
    );
    const { data } = await confirm({ password });
    const leftMs = Date.parse(String(data["until"])) - Date.now();
    assert.ok(leftMs > 200_000 && leftMs <= 300_000, `${leftMs} ms`);
    assert.equal((await acts[0]?.())?.status, 200);
  });

  it("is not made by a clock that was set back", async () => {
    const { token } = await join();
    await age(-3_600_000);
    const { status } = await edge.ask("/api/v1/auth/email", { method: "PUT", token, body: { email: "a@example.org" } });
    assert.equal(status, 401);
  });

  it("is of its own session alone, and a compatible API's session has it too", async () => {
    const { token } = await join();
    const { token: other } = await signIn();
    await age();
    await edge.ask("/api/v1/auth/fresh", { method: "POST", token, body: { password } });
    const change = (asking: string) =>
      edge.ask("/api/v1/auth/email", { method: "PUT", token: asking, body: { email: "a@example.org" } });
    assert.equal((await change(other)).status, 401);
    assert.equal((await change(token)).status, 200);
  });
});

describe("an access token", () => {
  it("is verified by anybody with the published keys, and says what was proven and when (S3.3)", async () => {
    const { token } = await join();
    const answer = await edge.ask("/.well-known/jwks.json");
    assert.equal(answer.headers["cache-control"], "public, max-age=300");
    const keys = answer.body as unknown as JSONWebKeySet; // A set of keys has no envelope.
    const [key] = keys.keys;
    assert.deepEqual(
      [key?.kty, key?.crv, key?.alg, key?.use, key?.["d"]],
      ["OKP", "Ed25519", "EdDSA", "sig", undefined],
    );
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), { issuer: "kinora", audience: "access" });
    assert.deepEqual(payload["amr"], ["registration"]);
    assert.ok(Math.abs(Number(payload["auth_time"]) - Date.now() / 1_000) < 60);
    const { data } = await edge.ask("/api/v1/auth/verify", { method: "POST", token, body: {} });
    assert.deepEqual(
      [data["valid"], data["username"], data["scopes"], data["methods"], Date.parse(String(data["expires_at"]))],
      [true, username, null, ["registration"], 1_000 * Number(payload.exp)],
    );
    await edge.ask("/api/v1/auth/logout", { method: "POST", token, body: {} });
    assert.equal((await edge.ask("/api/v1/auth/verify", { method: "POST", token, body: {} })).status, 401);
  });

  it("is verified beyond the rotation of its key, and the set has the next one before it signs", async () => {
    const { token } = await join();
    const keysBefore = (await edge.ask("/.well-known/jwks.json")).body["keys"] as unknown[];
    await edge.host.tick("auth.signing_key");
    const keys = (await edge.ask("/.well-known/jwks.json")).body["keys"] as unknown[];
    assert.equal(keys.length, keysBefore.length + 1);
    assert.equal((await edge.ask("/api/v1/auth/verify", { method: "POST", token, body: {} })).status, 200);
    // A key that is young stays.
    await edge.host.tick("auth.signing_key");
    assert.deepEqual((await edge.ask("/.well-known/jwks.json")).body["keys"], keys);
  });
});

const username = "mira";
const password = "correct horse";
const edge = new TestGateway(async (host) => {
  await host.add(authPlugin);
  await host.add(userPlugin);
});

type Opened = { readonly token: string };
const join = async (): Promise<Opened> => {
  const { data } = await edge.ask("/api/v1/users/register", { method: "POST", body: { username, password } });
  await edge.host.drain();
  return { token: String(data["token"]) };
};
const signIn = async (): Promise<Opened> => {
  const { data } = await edge.ask("/api/v1/users/login", { method: "POST", body: { username, password } });
  return { token: String(data["token"]) };
};
/** All sessions were opened so long ago. */
const age = (ms = 6 * 60_000) =>
  sql`UPDATE sessions SET authenticated_at_ms = ${Date.now() - ms}`.execute(edge.host.database(auth.name));
