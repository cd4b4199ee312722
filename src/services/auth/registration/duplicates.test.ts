import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf, TestHost } from "#kernel/host/testing";
import { TestMailer } from "#kernel/mail/testing";
import { auth } from "../contract.ts";
import { authPlugin } from "../plugin.ts";
import type { Tables } from "../store.ts";
import { verifiedWithinMs } from "./new-accounts.ts";

describe("an address that two accounts have", () => {
  before(() => host.add(authPlugin));
  beforeEach(async () => {
    await host.clear();
    await host
      .database<Tables>("auth")
      .insertInto("auth.instance")
      .values({ claimed_at_ms: null, demo_requested_at_ms: null })
      .execute();
    mailer.mails.length = 0;
    clockMs = Date.UTC(2026, 10, 20);
  });
  after(() => host[Symbol.asyncDispose]());

  it("is of whom verifies it first, and blocks nobody before", async () => {
    await join("thief");
    const first = mailer.tokenTo(post);
    await join("mina");
    await verify();
    await assert.rejects(client.verifyEmail({ token: first }, callOf()), { code: "auth.bad_verification" });
    await assert.rejects(join("noor"), { code: "auth.email_taken", http: 409 });
    const omar = await join("omar", "omar@post.example");
    await assert.rejects(client.setEmail({ email: post }, { ...omar.call, isFresh: true }), {
      code: "auth.email_taken",
    });
    assert.equal((await client.login({ username: post, password }, callOf())).userId, (await idOf("mina")) ?? 0);
  });

  it("ends what another holder had opened once it is verified, with tokens", async () => {
    const thief = await join("thief");
    await client.makeToken({ name: "mine", scopes: ["search:read"] }, { ...thief.call, isFresh: true });
    const mina = await join("mina");
    await client.verifyEmail({ token: mailer.tokenTo(post) }, mina.call);
    assert.equal(await isAlive(thief.sessionId), false);
    assert.equal((await client.personalTokens({}, thief.call)).items.length, 0);
    assert.equal(await isAlive(mina.sessionId), true, "the owner verified it where they are signed in");
  });

  it("ends all sessions of its own account where its link is opened by a person who is not signed in to it", async () => {
    const thief = await join("thief");
    await verify();
    assert.equal(await isAlive(thief.sessionId), false);
  });

  it("answers as a free one does where addresses are required, and its owner gets a mail without a link", async () => {
    await setRules("required");
    const mina = await join("mina");
    await verify();
    mailer.mails.length = 0;
    const other = await join("other");
    assert.deepEqual(Object.keys(other.session), Object.keys(mina.session));
    assert.deepEqual(
      mailer.mails.map(({ to, subject }) => [to, subject]),
      [[post, "You have an account on Kinora"]],
    );
    assert.match(mailer.mails[0]?.text ?? "", /^Hello mina,/);
    assert.equal(mailer.tokenTo(post), "");
  });

  it("is refused to all but one without a mail server, which could verify nothing", async () => {
    await using mailless = new TestHost();
    await mailless.add(authPlugin);
    const attempts = await Promise.allSettled(
      ["a1x", "b1x", "c1x", "d1x"].map((username) =>
        mailless.client(auth).register({ username, password, email: post }, callOf()),
      ),
    );
    const codes = attempts.map((attempt) => (attempt.status === "rejected" ? attempt.reason.code : "made"));
    assert.equal(codes.filter((code) => code === "made").length, 1);
    assert.equal(codes.filter((code) => code === "auth.email_taken").length, 3);
  });

  it("that was to be verified is removed with its account after seven days, while that is still the rule", async () => {
    await setRules("required");
    await join("late", "late@post.example");
    await join("mina");
    await verify();
    clockMs += verifiedWithinMs - 1;
    await host.tick("auth.overdue");
    assert.ok(await idOf("late"));
    clockMs += 2;
    await setRules("optional");
    await host.tick("auth.overdue");
    assert.ok(await idOf("late"));
    await setRules("required");
    await host.tick("auth.overdue");
    assert.deepEqual([await idOf("late"), typeof (await idOf("mina"))], [undefined, "number"]);
  });
});

const password = "correct horse";
const post = "mina@post.example";
let clockMs = 0;
const mailer = new TestMailer();
const host = new TestHost({ environment: { now: () => clockMs }, parts: { mail: mailer } });
const client = host.client(auth);
const service = callOf(undefined, { caller: "test" });
const setRules = (email: "optional" | "required") => client.setRegistration({ email }, callOf(9, { role: "admin" }));

async function join(username: string, email = post) {
  const session = await client.register({ username, password, email }, callOf());
  await host.drain();
  const sessionId = session.refreshToken.split(".")[0] ?? "";
  return { session, sessionId, call: callOf(session.userId, { sessionId }) };
}
const verify = () => client.verifyEmail({ token: mailer.tokenTo(post) }, callOf());
const isAlive = async (sessionId: string) => (await client.session({ sessionId }, service)).alive;
const idOf = async (username: string) => (await client.account({ username }, service)).userId;
