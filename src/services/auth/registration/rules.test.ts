import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Call } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { TestMailer } from "#kernel/mail/testing";
import { auth } from "../contract.ts";
import { authPlugin } from "../plugin.ts";
import type { Tables } from "../store.ts";

describe("the rules of signing up", () => {
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
    const { userId } = await client.ensure({ username: "lena", password, role: "moderator" }, service);
    lena = callOf(userId, { role: "moderator" });
  });
  after(() => host[Symbol.asyncDispose]());

  it("stay as they are where a change leaves them out", async () => {
    const before = await client.setRegistration({ domainsDenied: [" Spam.Example "], workBits: 3 }, admin);
    assert.deepEqual(before.domainsDenied, ["spam.example"]);
    const after = await client.setRegistration({ registration: "approval" }, admin);
    assert.deepEqual(after, { ...before, registration: "approval" });
    assert.deepEqual(await client.registration({}, admin), after);
    for (const wrong of [{ workBits: 23 }, { domainsAllowed: ["no domain"] }])
      await assert.rejects(client.setRegistration(wrong, admin), { http: 400 });
    await assert.rejects(client.setRegistration({}, lena), { http: 403 });
  });

  it("take addresses of the allowed domains alone, and none of the denied, with those below them", async () => {
    await setRules({ domainsAllowed: ["school.example"], domainsDenied: ["old.school.example"] });
    const denied = { code: "auth.domain_denied", http: 403 };
    for (const email of ["a@post.example", "a@myschool.example", "a@old.school.example", "a@x.old.school.example"])
      await assert.rejects(join("mina", email), denied, email);
    await join("mina", "a@School.Example");
    await join("noor", "a@art.school.example");
  });

  it("demand an address where it is required, which needs a mail server", async () => {
    await setRules({ email: "required" });
    await assert.rejects(join("mina"), { code: "auth.email_missing", http: 400 });
    await join("mina", "mina@post.example");
    await using mailless = new TestHost();
    await mailless.add(authPlugin);
    await assert.rejects(mailless.client(auth).setRegistration({ email: "required" }, admin), {
      code: "auth.mail_off",
      http: 403,
    });
  });

  it("let a moderator reject an application with a message, which is mailed to its address", async () => {
    await setRules({ registration: "approval" });
    const apply = async (username: string) => {
      await assert.rejects(join(username, `${username}@post.example`), { code: "auth.awaiting_approval" });
      return (await client.accounts({ q: username }, lena)).items[0]?.id ?? 0;
    };
    const [mina, noor] = [await apply("mina"), await apply("noor")];
    await host.drain();
    mailer.mails.length = 0;
    await client.reject({ id: mina, message: "Tell us <b>more</b>, please." }, lena);
    await client.reject({ id: noor }, lena);
    await host.drain();
    assert.deepEqual(
      mailer.mails.map(({ to, subject }) => [to, subject]),
      [["mina@post.example", "Your application to Kinora"]],
    );
    assert.match(mailer.mails[0]?.text ?? "", /Tell us <b>more<\/b>, please\./);
    assert.match(mailer.mails[0]?.html ?? "", /&lt;b&gt;more/);
    await assert.rejects(client.reject({ id: 5, message: "x".repeat(1_001) }, lena), { http: 400 });
  });
});

const password = "correct horse";
let clockMs = 0;
let lena: Call;
const mailer = new TestMailer();
const host = new TestHost({
  environment: { now: () => clockMs },
  settings: { auth: { address: "https://films.example" } },
  parts: { mail: mailer },
});
const client = host.client(auth);
const service = callOf(undefined, { caller: "test" });
const admin = callOf(9, { role: "admin" });
const setRules = (rules: Parameters<typeof client.setRegistration>[0]) => client.setRegistration(rules, admin);
const join = (username: string, email?: string) =>
  client.register({ username, password, ...(email !== undefined && { email }) }, callOf());
