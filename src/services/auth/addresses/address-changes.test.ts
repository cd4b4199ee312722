import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { emailChanged } from "#events/auth";
import { type Call, contract, type Host, on, plugin } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { TestMailer } from "#kernel/mail/testing";
import { auth } from "../contract.ts";
import { authPlugin } from "../plugin.ts";
import type { Tables } from "../store.ts";
import { undoMs } from "./address-changes.ts";

describe("another e-mail address", () => {
  before(async () => {
    await host.add(authPlugin);
    await host.add(listener);
  });
  beforeEach(async () => {
    await host.clear();
    await host
      .database<Tables>("auth")
      .insertInto("auth.instance")
      .defaultValues()
      .onConflict((c) => c.doNothing())
      .execute();
    mailer.mails.length = 0;
    published.length = 0;
    clockMs = Date.UTC(2026, 10, 20);
  });
  after(() => host[Symbol.asyncDispose]());

  it("is undone for seven days by the verified one before it, which ends all sessions", async () => {
    const { call, sessionId } = await join();
    await change(call, thief);
    await verify(thief);
    const token = mailer.tokenTo(mira);
    assert.deepEqual(await client.email({}, call), { email: thief, isVerified: true });
    clockMs += undoMs - 1;
    await client.undoEmail({ token }, callOf());
    await host.drain();
    assert.deepEqual(await client.email({}, call), { email: mira, isVerified: true });
    assert.equal((await client.session({ sessionId }, service)).alive, false);
    await assert.rejects(client.undoEmail({ token }, callOf()), { code: "auth.bad_undo", http: 400 });
    assert.deepEqual(published, [thief, mira]);
  });

  it("is undone to the first address after several changes in a row", async () => {
    const { call } = await join();
    await change(call, thief);
    const token = mailer.tokenTo(mira);
    await verify(thief);
    await change(call, "second@example.org");
    assert.ok(!mailer.mails.some(({ to, text }) => to === thief && text.includes("undo-email")));
    await client.undoEmail({ token }, callOf());
    assert.equal((await client.email({}, call)).email, mira);
  });

  it("is another's verified one without an error where addresses are required, and its owner gets the mail", async () => {
    await join();
    const { call } = await join(true, "noor");
    await assert.rejects(client.setEmail({ email: mira }, call), { code: "auth.email_taken", http: 409 });
    await client.setRegistration({ email: "required" }, admin);
    mailer.mails.length = 0;
    await change(call, mira);
    await change(call, "free@example.org");
    assert.deepEqual(
      mailer.mails
        .filter(({ to }) => to !== "noor@example.org")
        .map(({ to, text }) => [to, text.includes("/verify-email#")]),
      [
        [mira, false],
        ["free@example.org", true],
      ],
    );
    await assert.rejects(client.setEmail({ email: "" }, call), { code: "auth.email_missing" });
  });

  it("is of an allowed domain, as at a sign-up; the one that is there may stay, and none is allowed", async () => {
    const { call } = await join();
    await client.setRegistration({ domainsDenied: ["example.org"] }, admin);
    await assert.rejects(client.setEmail({ email: "a@Art.example.org" }, call), {
      code: "auth.domain_denied",
      http: 403,
    });
    await client.setEmail({ email: mira }, call);
    await client.setEmail({ email: "mira@other.example" }, call);
    await client.setEmail({ email: "" }, call);
    assert.deepEqual(await client.email({}, call), { email: "", isVerified: false });
  });

  it("stays after seven days, and a wrong token undoes nothing", async () => {
    const { call } = await join();
    await change(call, thief);
    const token = mailer.tokenTo(mira);
    await assert.rejects(client.undoEmail({ token: `${token}x` }, callOf()), { code: "auth.bad_undo" });
    clockMs += undoMs;
    await assert.rejects(client.undoEmail({ token }, callOf()), { code: "auth.bad_undo" });
    assert.equal((await client.email({}, call)).email, thief);
  });

  it("gets no reset link while the change can be undone, and reads from which day on", async () => {
    const { call } = await join();
    await change(call, thief);
    await verify(thief);
    mailer.mails.length = 0;
    const ask = async () => {
      await client.forgotPassword({ email: thief }, callOf());
      await host.drain();
      return mailer.mails.at(-1)?.text ?? "";
    };
    assert.match(await ask(), /from 2026-11-27 on/);
    assert.ok(!mailer.mails.some(({ text }) => text.includes("/reset#")));
    clockMs += undoMs;
    assert.match(await ask(), /\/reset#/);
  });

  it("needs a fresh sign-in, and is no address of another account", async () => {
    const { call } = await join();
    await assert.rejects(client.setEmail({ email: thief }, { ...call, isFresh: false }), {
      code: "auth.sign_in_again",
      http: 401,
    });
    await client.register({ username: "noor", password, email: thief }, callOf());
    await host.drain();
    await verify(thief);
    await assert.rejects(client.setEmail({ email: thief }, call), { code: "auth.email_taken" });
    assert.equal((await client.email({}, call)).email, mira);
  });

  it("leaves no undo and no token in the tables where nothing was verified", async () => {
    const { call } = await join(false);
    mailer.mails.length = 0;
    await change(call, thief);
    assert.deepEqual(
      mailer.mails.map(({ to }) => to),
      [thief],
    );
  });
});

const password = "correct horse";
const mira = "mira@example.org";
const thief = "thief@example.org";
let clockMs = 0;
const published: string[] = [];
const mailer = new TestMailer();
const host = new TestHost({
  environment: { now: () => clockMs },
  settings: { auth: { address: "https://films.example" } },
  parts: { mail: mailer },
});
const client = host.client(auth);
const admin = callOf(1, { role: "admin" });
const service = callOf(undefined, { caller: "test" });
const listener = plugin({
  contract: contract("listener", 1, {}),
  needs: [],
  migrations: [],
  start: (_: Host) => ({
    handlers: {},
    subscriptions: [on(emailChanged, async (__, { email }) => void published.push(email))],
  }),
});

async function join(
  isVerified = true,
  username = "mira",
): Promise<{ readonly call: Call; readonly sessionId: string }> {
  const { userId, refreshToken } = await client.register(
    { username, password, email: `${username}@example.org` },
    callOf(),
  );
  await host.drain();
  if (isVerified) await verify(`${username}@example.org`);
  const sessionId = refreshToken.split(".")[0] ?? "";
  return { call: callOf(userId, { sessionId }), sessionId };
}
const verify = (address: string) => client.verifyEmail({ token: mailer.tokenTo(address) }, callOf());
async function change(call: Call, email: string): Promise<void> {
  await client.setEmail({ email }, call);
  await host.drain();
}
