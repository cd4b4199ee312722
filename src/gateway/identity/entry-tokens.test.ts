import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { auth, type EntryDirection, entryLifeMs } from "#services/auth/contract";
import { authPlugin } from "#services/auth/plugin";
import { signEntry, signingKey } from "#services/auth/tokens";
import { userPlugin } from "#services/user/plugin";
import { soon } from "#test/until";
import { TestGateway } from "../testing.ts";
import { Viewers } from "./viewers.ts";

describe("an entry token", () => {
  before(async () => void (await edge.app));
  after(() => edge[Symbol.asyncDispose]());

  it("is good for its direction alone, and for ten minutes", async () => {
    const account = await join();
    const viewers = new Viewers((await edge.host.host()).client(auth, "gateway"));
    for (const [direction, other] of [
      ["upload", "download"],
      ["download", "upload"],
    ] as const) {
      const { token, expiresAtMs } = await entryOf(account, direction);
      assert.ok(Math.abs(expiresAtMs - Date.now() - entryLifeMs) < 60_000);
      // It is accepted first, so that nothing is refused for being unknown.
      assert.equal((await viewers.of(token, callOf(), { direction })).userId, account.userId);
      await assert.rejects(viewers.of(token, callOf(), { direction: other }), { code: "auth.bad_token" });
      await assert.rejects(viewers.of(token, callOf()), { code: "auth.bad_token" });
      assert.equal((await edge.ask("/api/v1/users/me", { token })).status, 401);
    }
  });

  it("is refused when it is expired, altered, made for longer, or of another type", async () => {
    const { userId, sessionId } = await join();
    const viewers = new Viewers((await edge.host.host()).client(auth, "gateway"));
    const key = signingKey((await edge.host.key("auth", "signing")).current);
    const nowMs = Date.now();
    const claims = { userId, sessionId, direction: "upload", nowMs, expiresAtMs: nowMs + entryLifeMs };
    const signed = (changes: object) => signEntry(key, { ...claims, ...changes });
    const token = await signed({});
    const [header = "", , signature = ""] = token.split(".");
    const foreign = Buffer.from(JSON.stringify({ sid: "x", aud: "upload", sub: "1" })).toString("base64url");
    assert.equal((await viewers.of(token, callOf(), { direction: "upload" })).userId, userId);
    const past = { nowMs: nowMs - entryLifeMs - 60_000, expiresAtMs: nowMs - 60_000 };
    await assert.rejects(viewers.of(await signed(past), callOf(), { direction: "upload" }), {
      code: "auth.token_expired",
    });
    for (const refused of [
      `${header}.${foreign}.${signature}`,
      `${token.slice(0, -4)}AAAA`,
      await signed({ expiresAtMs: nowMs + 2 * entryLifeMs }),
      await signed({ direction: "access" }),
    ])
      await assert.rejects(viewers.of(refused, callOf(), { direction: "upload" }), { code: "auth.bad_token" });
  });

  it("ends with the session that it was made for, and is made for nobody without one", async () => {
    const account = await join();
    const viewers = new Viewers((await edge.host.host()).client(auth, "gateway"));
    const { token } = await entryOf(account, "download");
    const isGood = () => viewers.of(token, callOf(), { direction: "download" }).then(Boolean, () => false);
    assert.equal(await isGood(), true);
    await edge.ask("/api/v1/users/logout", { method: "POST", token: account.token, body: {} });
    await soon(10_000, async () => !(await isGood()));
    await assert.rejects(edge.host.client(auth).signEntry({ direction: "upload" }, callOf(account.userId)), {
      code: "gateway.sign_in_first",
    });
  });
});

const edge = new TestGateway(async (host) => {
  await host.add(authPlugin);
  await host.add(userPlugin);
});
const service = callOf(undefined, { caller: "gateway" });
let accounts = 0;

interface Account {
  readonly userId: number;
  readonly token: string;
  readonly sessionId: string;
}

/** An account with a session of the cloud-files API, whose token is opaque. */
async function join(): Promise<Account> {
  accounts += 1;
  const account = { family: "cloudfiles", username: `mira_${accounts}`, password: "blue bicycle" } as const;
  const { userId } = await edge.host.client(auth).registerFor(account, service);
  const { token } = await edge.host.client(auth).loginFor(account, service);
  return { userId, token, sessionId: token.slice(0, 22) };
}

const entryOf = ({ userId, sessionId }: Account, direction: EntryDirection) =>
  edge.host.client(auth).signEntry({ direction }, callOf(userId, { sessionId }));
