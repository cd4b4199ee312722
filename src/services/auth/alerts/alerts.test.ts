import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf, TestHost } from "#kernel/host/testing";
import { TestMailer } from "#kernel/mail/testing";
import type { Call } from "#kernel";
import { auth } from "../contract.ts";
import { authPlugin } from "../plugin.ts";

describe("alerts of an account", () => {
  before(() => host.add(authPlugin));
  beforeEach(async () => {
    await host.clear();
    mailer.mails.length = 0;
    clockMs = Date.UTC(2026, 10, 20, 9, 30);
    count += 1;
  });
  after(() => host[Symbol.asyncDispose]());

  it("name a sign-in from a device that was not seen before, and no other", async () => {
    const own = await join({ device: "laptop" });
    await signIn({ device: "laptop" });
    assert.deepEqual(await kinds(own), []);
    await signIn({ device: "phone", agent: "Phone 1" });
    await signIn({ device: "phone", agent: "Phone 2" });
    const { items } = await client.alerts({}, own);
    assert.deepEqual(
      items.map(({ kind, agent, atMs }) => [kind, agent, atMs]),
      [["new_device", "Phone 1", clockMs]],
    );
    const sessions = await client.sessions({}, own);
    assert.deepEqual(
      items.map(({ sessionId }) => sessionId),
      sessions.items.filter(({ agent }) => agent === "Phone 1").map(({ id }) => id),
    );
    assert.deepEqual(
      sessions.items.filter(({ isNewDevice }) => isNewDevice).map(({ agent }) => agent),
      ["Phone 1"],
    );
    assert.ok(sessions.items.every(({ methods }) => methods.length === 1));
  });

  it("name a client without cookies once for its user agent in 30 days", async () => {
    const own = await join({ agent: "curl/8" });
    for (let day = 0; day < 40; day += 20) {
      await signIn({ agent: "curl/8" });
      clockMs += 20 * dayMs;
    }
    assert.deepEqual(await kinds(own), []);
    await signIn({ agent: "rclone" });
    clockMs += 31 * dayMs;
    await signIn({ agent: "rclone" });
    assert.deepEqual(await kinds(own), ["new_device"]);
    await signIn({ agent: "curl/8" });
    assert.deepEqual(await kinds(own), ["new_device", "new_device"]);
  });

  it("are mailed to a verified address with agent and time, and never name a place", async () => {
    await join({ device: "laptop" }, "mira@example.org");
    await host.drain();
    await client.verifyEmail({ token: mailer.tokenTo("mira@example.org") }, callOf());
    mailer.mails.length = 0;
    await signIn({ device: "phone", agent: "Phone 1", source: "203.0.113.9" });
    await host.drain();
    const [mail] = mailer.mails;
    assert.deepEqual([mail?.to, mailer.mails.length], ["mira@example.org", 1]);
    assert.match(mail?.text ?? "", /Device: Phone 1\n[^]*Time: 2026-11-20 09:30 UTC/);
    assert.doesNotMatch(mail?.text ?? "", /203\.0/);
  });

  it("say the name of a token that was made, and the session it was made in", async () => {
    const own = await join({ device: "laptop" });
    await client.makeToken({ name: "Nightly upload", scopes: ["videos:write"], expiresInDays: 90 }, own);
    const { items } = await client.alerts({}, own);
    assert.deepEqual(
      items.map(({ kind, name: made, sessionId }) => [kind, made, sessionId]),
      [["token_made", "Nightly upload", own.sessionId]],
    );
  });

  it("are of their own account alone, name a changed password, and end after 90 days", async () => {
    const own = await join({ device: "laptop" });
    await client.changePassword({ oldPassword: password, password: "another good one" }, own);
    assert.deepEqual(await kinds(own), ["factor_changed"]);
    assert.equal((await client.factors({}, own)).passwordChangedAtMs, clockMs);
    count += 1;
    const other = await join({});
    assert.deepEqual(await kinds(other), []);
    assert.equal((await client.factors({}, other)).passwordChangedAtMs, null);
    clockMs += 91 * dayMs;
    await host.tick("auth.sessions");
    assert.deepEqual(await kinds(own), []);
  });
});

const dayMs = 24 * 3_600_000;
const password = "correct horse";
let clockMs = 0;
let count = 0;
const mailer = new TestMailer();
const host = new TestHost({ environment: { now: () => clockMs }, parts: { mail: mailer } });
const client = host.client(auth);
const name = () => `mira${count}`;

async function join(parts: Partial<Call>, email?: string): Promise<Call> {
  const account = { username: name(), password, ...(email !== undefined && { email }) };
  const { userId, refreshToken } = await client.register(account, callOf(undefined, parts));
  return callOf(userId, { sessionId: refreshToken.split(".")[0] ?? "" });
}
const signIn = (parts: Partial<Call>) => client.login({ username: name(), password }, callOf(undefined, parts));
const kinds = async (call: Call) => (await client.alerts({}, call)).items.map(({ kind }) => kind);
