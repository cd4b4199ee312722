import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf, TestHost } from "#kernel/host/testing";
import { auth, Family } from "../contract.ts";
import { authPlugin } from "../plugin.ts";

const dayMs = 24 * 3_600_000;

describe("a personal token in the password field of a compatible API", () => {
  before(() => host.add(authPlugin));
  beforeEach(async () => {
    await host.clear();
    clockMs = Date.UTC(2026, 10, 20);
  });
  after(() => host[Symbol.asyncDispose]());

  for (const family of Family.options) {
    it(`opens ${family} for its own account alone`, async () => {
      const token = await tokenOf("mira", family);
      await tokenOf("noor", family);
      assert.ok((await enter(family, "mira", token)).token);
      await assert.rejects(enter(family, "noor", token), refusal);
      await assert.rejects(enter(family, "nobody", token), refusal);
    });

    it(`is refused by ${family} with a secret that is not its own`, async () => {
      const token = await tokenOf("mira", family);
      const other = token.endsWith("A") ? "B" : "A";
      await assert.rejects(enter(family, "mira", token.slice(0, -1) + other), refusal);
      await assert.rejects(enter(family, "mira", `kpt_${"A".repeat(22)}${token.slice(26)}`), refusal);
    });

    it(`is refused by ${family} after its end, which is that of its session too`, async () => {
      const token = await tokenOf("mira", family);
      clockMs += dayMs - 1;
      const { expiresAtMs } = await enter(family, "mira", token);
      assert.equal(expiresAtMs, clockMs + 1);
      clockMs += 1;
      await assert.rejects(enter(family, "mira", token), refusal);
    });
  }
});

const password = "correct horse";
const refusal = { code: "auth.bad_credentials", message: "the name or the password is wrong" };
let clockMs = 0;
const host = new TestHost({ environment: { now: () => clockMs } });
const client = host.client(auth);
const service = callOf(undefined, { caller: "test" });

const enter = (family: Family, username: string, token: string) =>
  client.loginFor({ family, username, password: token }, service);

/** A token for a day, of a new account. */
async function tokenOf(username: string, family: Family): Promise<string> {
  const { userId } = await client.register({ username, password }, callOf());
  return (await client.makeToken({ name: "app", scopes: [family], expiresInDays: 1 }, callOf(userId))).token;
}
