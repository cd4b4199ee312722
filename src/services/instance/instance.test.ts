import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { instanceChanged } from "#events/instance";
import { audited, contract, type Host, on, plugin } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { TestMailer } from "#kernel/mail/testing";
import { auth } from "#services/auth/contract";
import { authPlugin } from "#services/auth/plugin";
import type { Tables as AuthTables } from "#services/auth/store";
import { instance } from "./contract.ts";
import { instancePlugin } from "./plugin.ts";

describe("an instance", () => {
  before(async () => {
    await host.add(authPlugin);
    await host.add(instancePlugin);
    await host.add(listener);
  });
  beforeEach(async () => {
    await host.clear();
    await host
      .database<AuthTables>("auth")
      .insertInto("auth.instance")
      .values({ claimed_at_ms: null, demo_requested_at_ms: null })
      .execute();
    events.length = 0;
    audit.length = 0;
  });
  after(() => host[Symbol.asyncDispose]());

  it("is as configured until an administrator changes it", async () => {
    const row = await client.get({}, callOf());
    assert.deepEqual(row, {
      name: "Night Owls",
      description: "",
      rules: "",
      contact: "",
      iconUrl: row.iconUrl,
      accent: "#d9391f",
      theme: { dark: { accent: "#fe674c", ink: "#1b0a07" }, light: { accent: "#d9391f", ink: "#ffffff" } },
      languages: ["en", "zh"],
      startPage: "auto",
      firstRun: true,
      registration: "open",
      signUpEmail: "optional",
      usersInvite: false,
      demo: false,
      uploadBytesMax: 5,
      features: ["feed", "upload", "mail"],
    });
    assert.match(row.iconUrl, /^\/api\/v1\/instance\/icons\/icon\.svg\?v=[0-9a-f]{12}$/);
  });

  it("shows the version to administrators alone", async () => {
    assert.equal((await client.get({}, admin)).version, "1.2.3");
    assert.equal((await client.get({}, callOf(4))).version, undefined);
  });

  it("keeps the fields that a change leaves out", async () => {
    await client.update({ name: "Owls", accent: "#7F56D9", languages: ["zh-Hans"] }, admin);
    const row = await client.update({ description: "Films at night", startPage: "explore" }, admin);
    const { name, description, accent, languages, startPage, theme } = row;
    assert.deepEqual(
      [name, description, accent, languages, startPage, theme.light.accent],
      ["Owls", "Films at night", "#7f56d9", ["zh-Hans"], "explore", "#7f56d9"],
    );
    const reset = await client.update({ accent: "", languages: [] }, admin);
    assert.deepEqual([reset.accent, reset.languages], ["#d9391f", ["en", "zh"]]);
  });

  it("refuses an accent without contrast, with one that is accepted", async () => {
    const refused = await client.update({ accent: "#ffff00", name: "Owls" }, admin).then(
      () => assert.fail("it was accepted"),
      (error: { code: string; http: number; details: { fields: { field: string; suggestion: string }[] } }) => error,
    );
    assert.deepEqual([refused.code, refused.http], ["instance.low_contrast", 400]);
    const [problem] = refused.details.fields;
    assert.equal(problem?.field, "accent");
    assert.equal((await client.get({}, callOf())).name, "Night Owls");
    assert.equal((await client.update({ accent: problem.suggestion }, admin)).accent, problem.suggestion);
  });

  it("records who changed which fields and when, in its history and in the audit trail", async () => {
    await client.update({ name: "Owls" }, admin);
    clockMs += 1_000;
    await client.update({ rules: "Be kind", contact: "owl@example.org", registration: "closed" }, admin);
    await client.update({}, admin);
    await host.drain();
    const { items } = await client.history({}, admin);
    assert.deepEqual(
      items.map(({ actorId, fields, createdAtMs }) => [actorId, fields, createdAtMs]),
      [
        [7, ["rules", "contact", "registration"], clockMs],
        [7, ["name"], clockMs - 1_000],
      ],
    );
    // Two services publish, each in its own order.
    assert.deepEqual(audit.toSorted(), [
      "7 instance.changed name",
      "7 instance.changed rules, contact, registration",
      "7 registration.changed closed",
    ]);
    assert.deepEqual(events.at(-1), "Owls");
    assert.equal((await client.get({}, callOf())).registration, "closed");
  });

  it("refuses changes by users and moderators", async () => {
    for (const role of ["user", "moderator"] as const)
      await assert.rejects(client.update({ name: "Mine" }, callOf(5, { role })), { kind: "denied" });
    await assert.rejects(client.history({}, callOf(5, { role: "moderator" })), { kind: "denied" });
  });

  it("sends a test mail, or shows the answer of the mail server", async () => {
    assert.deepEqual((await client.get({}, callOf())).features, ["feed", "upload", "mail"]);
    await client.update({ name: "Owls" }, admin);
    await client.testMail({ to: "mira@example.org" }, { ...admin, language: "zh" });
    const [mail] = mailer.mails;
    assert.deepEqual([mail?.to, mail?.senderName, mail?.subject], ["mira@example.org", "Owls", "来自 Owls 的测试邮件"]);
    mailer.answer = "535 wrong password";
    await assert.rejects(client.testMail({ to: "mira@example.org" }, admin), {
      code: "kernel.mail_failed",
      http: 503,
      message: "the mail server did not take the mail: 535 wrong password",
    });
    await using bare = new TestHost();
    await bare.add(authPlugin);
    await bare.add(instancePlugin);
    assert.deepEqual((await bare.client(instance).get({}, callOf())).features, ["feed", "upload"]);
    await assert.rejects(bare.client(instance).testMail({ to: "mira@example.org" }, admin), { http: 503 });
  });

  it("refuses an address that is no picture here as its icon", async () => {
    for (const iconUrl of ["https://example.org/logo.png", "/api/v1/media/x/picture", "javascript:alert(1)"])
      await assert.rejects(client.update({ iconUrl }, admin), { code: "instance.icon_not_found" });
  });
});

const mailer = new TestMailer();
const events: string[] = [];
const audit: string[] = [];
let clockMs = Date.UTC(2026, 10, 20);
const host = new TestHost({
  environment: { now: () => clockMs },
  parts: { mail: mailer },
  settings: { instance: { name: "Night Owls", version: "1.2.3", uploadBytesMax: 5 } },
});
const client = host.client(instance);
const admin = callOf(7, { role: "admin" });
const listener = plugin({
  contract: contract("listener", 1, {}),
  needs: [auth],
  migrations: [],
  start: (_: Host) => ({
    handlers: {},
    subscriptions: [
      on(instanceChanged, async (__, { name }) => void events.push(name)),
      on(audited, async (__, { actorId, act, detail }) => void audit.push(`${actorId} ${act} ${detail}`)),
    ],
  }),
});
