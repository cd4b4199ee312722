import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { instanceChanged } from "#events/instance";
import { userUpdated } from "#events/user";
import type { Host } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { TestMailer } from "#kernel/mail/testing";
import { until } from "#test/until";
import { auth } from "../contract.ts";
import { authPlugin } from "../plugin.ts";
import type { Tables } from "../store.ts";

describe("mails of accounts", () => {
  before(async () => {
    await host.add(authPlugin);
    neighbour = await host.addNeighbour();
  });
  beforeEach(async () => {
    await host.clear();
    await host
      .database<Tables>("auth")
      .insertInto("auth.instance")
      .values({ claimed_at_ms: null, demo_requested_at_ms: null })
      .execute();
    mailer.mails.length = 0;
    mailer.answer = undefined;
    cases += 1;
    mira = `mira${cases}@example.org`;
  });
  after(() => host[Symbol.asyncDispose]());

  it("verify an address, which then signs in its account", async () => {
    const { call } = await join();
    assert.deepEqual(await client.email({}, call), { email: mira, isVerified: false });
    await assert.rejects(login(mira), { code: "auth.bad_credentials" });
    const token = mailer.tokenTo(mira);
    await client.verifyEmail({ token }, callOf());
    assert.deepEqual(await client.email({}, call), { email: mira, isVerified: true });
    await login(mira.toUpperCase());
    await assert.rejects(client.verifyEmail({ token }, callOf()), { code: "auth.bad_verification", http: 400 });
  });

  it("count sign-ins by the name and by the address of an account together", async () => {
    await join({ isVerified: true });
    for (let n = 0; n < 5; n++) {
      await assert.rejects(login(mira, "wrong"), { code: "auth.bad_credentials" });
      await assert.rejects(login(name(), "wrong"), { code: "auth.bad_credentials" });
    }
    await assert.rejects(login(mira), { code: "auth.too_many_attempts" });
  });

  it("verify no address with a link that is two days old, or that was sent to another one", async () => {
    const { userId } = await join();
    const old = mailer.tokenTo(mira);
    clockMs += 48 * 3_600_000;
    await assert.rejects(client.verifyEmail({ token: old }, callOf()), { code: "auth.bad_verification" });
    await resend(userId);
    const before = mailer.tokenTo(mira);
    await change(userId, "");
    await assert.rejects(client.verifyEmail({ token: before }, callOf()), { code: "auth.bad_verification" });
    await change(userId, `other${cases}@example.org`);
    await assert.rejects(client.verifyEmail({ token: before }, callOf()), { code: "auth.bad_verification" });
    await assert.rejects(client.verifyEmail({ token: "" }, callOf()), { code: "auth.bad_verification" });
  });

  it("notify a verified address that is replaced, and verify the new one", async () => {
    const { userId, call } = await join({ isVerified: true });
    await client.forgotPassword({ email: mira }, callOf());
    await host.drain();
    const reset = mailer.tokenTo(mira);
    const other = `other${cases}@example.org`;
    await change(userId, other);
    const [notice, verification] = mailer.mails.slice(-2).toSorted((a) => (a.to === mira ? -1 : 1));
    assert.deepEqual([notice?.to, verification?.to], [mira, other]);
    assert.match(notice?.subject ?? "", /was changed/);
    assert.deepEqual(await client.email({}, call), { email: other, isVerified: false });
    await assert.rejects(login(other), { code: "auth.bad_credentials" });
    await assert.rejects(login(mira), { code: "auth.bad_credentials" });
    await assert.rejects(client.resetPassword({ token: reset, password: "a better one" }, callOf()), {
      code: "auth.bad_reset",
    });
  });

  it("send nothing where an address stays, and no notice to one that was never verified", async () => {
    const { userId } = await join();
    mailer.mails.length = 0;
    await change(userId, mira);
    assert.equal(mailer.mails.length, 0);
    await change(userId, "");
    assert.equal(mailer.mails.length, 0);
  });

  it("reset a password once, which ends all sessions", async () => {
    const { sessionId } = await join({ isVerified: true });
    await client.forgotPassword({ email: mira }, callOf());
    await host.drain();
    const token = mailer.tokenTo(mira);
    assert.equal(Buffer.from(token, "base64url").length, 24);
    await assert.rejects(client.resetPassword({ token, password: "12345678" }, callOf()), {
      code: "auth.weak_password",
    });
    await client.resetPassword({ token, password: "a better one" }, callOf());
    assert.equal((await client.session({ sessionId }, service)).alive, false);
    await assert.rejects(client.resetPassword({ token, password: "another good one" }, callOf()), {
      code: "auth.bad_reset",
      http: 400,
    });
    await login(mira, "a better one");
  });

  it("answer the same for an address without an account, or that is not verified, and send nothing", async () => {
    await join();
    mailer.mails.length = 0;
    for (const email of [mira, "nobody@example.org"])
      assert.deepEqual(await client.forgotPassword({ email }, callOf()), {});
    await host.drain();
    assert.equal(mailer.mails.length, 0);
  });

  it("are limited for each address, whether an account has it or none", async () => {
    await join({ isVerified: true });
    for (const email of [mira, `nobody${cases}@example.org`]) {
      for (let n = 0; n < 5; n++) await client.forgotPassword({ email }, callOf());
      await assert.rejects(client.forgotPassword({ email }, callOf()), { code: "auth.too_many_attempts" });
    }
  });

  it("store no token that could be used, neither in tables nor in jobs", async () => {
    await join({ isVerified: true });
    await client.forgotPassword({ email: mira }, callOf());
    await host.drain();
    const token = mailer.tokenTo(mira);
    const db = host.database<Tables & { jobs: { payload: string } }>("auth");
    const rows = [
      await db.selectFrom("jobs").select("payload").execute(),
      await db.selectFrom("auth.resets").selectAll().execute(),
    ];
    assert.equal(JSON.stringify(rows).includes(token), false);
    assert.equal(rows[1]?.length, 1);
  });

  it("are sent again while the mail server refuses them", async () => {
    mailer.answer = "451 try later";
    await client.register({ username: name(), password, email: mira }, callOf());
    await until(async () => (await jobs())[0]?.attempt === 1 && (await jobs())[0]?.state === "queued");
    assert.match((await jobs())[0]?.last_error ?? "", /451 try later/);
    mailer.answer = undefined;
    await until(() => mailer.mails.length === 1);
  });

  it("have the name and the accent of the instance, and the language of the last sign-in", async () => {
    const theme = { dark: { accent: "#aaaaaa", ink: "#1b0a07" }, light: { accent: "#7f56d9", ink: "#ffffff" } };
    await neighbour.db.tx((tx) => neighbour.emit(tx, instanceChanged, 1, { name: "夜猫", theme }));
    await host.drain();
    await client.register({ username: name(), password, email: mira }, callOf(undefined, { language: "zh" }));
    await host.drain();
    const [mail] = mailer.mails;
    assert.deepEqual([mail?.senderName, mail?.subject], ["夜猫", "确认你在 夜猫 的邮箱地址"]);
    assert.match(mail?.html ?? "", /background:#7f56d9/);
    assert.match(mail?.text ?? "", /https:\/\/films\.example\/verify-email#/);
  });

  it("are refused with a clear error on an instance without a mail server", async () => {
    await using bare = new TestHost();
    await bare.add(authPlugin);
    const other = bare.client(auth);
    const { userId } = await other.register({ username: "mira", password, email: mira }, callOf());
    await assert.rejects(other.forgotPassword({ email: mira }, callOf()), { code: "auth.mail_off", http: 403 });
    await assert.rejects(other.sendVerification({}, callOf(userId)), { code: "auth.mail_off" });
    const db = bare.database<{ jobs: { payload: string } }>("auth");
    assert.deepEqual(await db.selectFrom("jobs").select("payload").execute(), []);
  });
});

const mailer = new TestMailer();
let clockMs = Date.UTC(2026, 10, 20);
const host = new TestHost({
  environment: { now: () => clockMs },
  settings: { auth: { address: "https://films.example" } },
  parts: { mail: mailer },
});
const client = host.client(auth);
const service = callOf(undefined, { caller: "test" });
const password = "correct horse";
let neighbour: Host;
let cases = 0;
let mira = "";
const name = () => `mira${cases}`;

async function join({ isVerified = false } = {}) {
  const { userId, refreshToken } = await client.register({ username: name(), password, email: mira }, callOf());
  await host.drain();
  if (isVerified) await client.verifyEmail({ token: mailer.tokenTo(mira) }, callOf());
  return { userId, sessionId: refreshToken.split(".")[0] ?? "", call: callOf(userId) };
}
const login = (username: string, secret = password) => client.login({ username, password: secret }, callOf());
async function resend(userId: number): Promise<void> {
  await client.sendVerification({}, callOf(userId));
  await host.drain();
}
async function change(userId: number, email: string): Promise<void> {
  const payload = { userId, version: 2, username: name(), nickname: "Mira", avatar: "", email };
  await neighbour.db.tx((tx) => neighbour.emit(tx, userUpdated, userId, payload));
  await host.drain();
}
const jobs = () =>
  host
    .database<{ jobs: { state: string; attempt: number; last_error: string | null } }>("auth")
    .selectFrom("jobs")
    .select(["state", "attempt", "last_error"])
    .execute();
