import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Call } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { auth } from "../contract.ts";
import { authPlugin } from "../plugin.ts";
import type { Tables } from "../store.ts";

describe("an invitation to sign up", () => {
  before(() => host.add(authPlugin));
  beforeEach(async () => {
    await host.clear();
    await host
      .database<Tables>("auth")
      .insertInto("auth.instance")
      .values({ claimed_at_ms: null, demo_requested_at_ms: null })
      .execute();
    clockMs = Date.UTC(2026, 10, 20);
    const { userId } = await client.ensure({ username: "lena", password, role: "moderator" }, service);
    lena = callOf(userId, { role: "moderator" });
  });
  after(() => host[Symbol.asyncDispose]());

  it("makes as many accounts as it has uses, where nobody signs up without one", async () => {
    const { code, url, id } = await client.invite({ uses: 2, note: "Bring the films" }, lena);
    assert.equal(Buffer.from(code, "base64url").length, 16);
    assert.equal(url, `https://films.example/signup?invitation=${code}`);
    await setRules({ registration: "invitation" });
    await assert.rejects(join("mina"), { code: "auth.invitation_needed", http: 403 });
    await assert.rejects(join("mina", "no such code"), { code: "auth.invitation_needed" });
    const mina = await join("mina", code);
    const noor = await join("noor", code);
    await assert.rejects(join("omar", code), { code: "auth.invitation_needed" });
    const { items } = await client.invitations({}, lena);
    assert.deepEqual(
      items.map((one) => [one.id, one.userId, one.note, one.uses, one.used, one.accountIds]),
      [[id, lena.userId, "Bring the films", 2, 2, [mina.userId, noor.userId]]],
    );
    assert.ok(!JSON.stringify(items).includes(code));
  });

  it("gives its last use to exactly one of 20 sign-ups at once", async () => {
    const { code } = await client.invite({}, lena);
    await setRules({ registration: "invitation" });
    const attempts = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => join(`guest${n}`, code)));
    assert.equal(attempts.filter(({ status }) => status === "fulfilled").length, 1);
    for (const one of attempts)
      if (one.status === "rejected") assert.equal(one.reason.code, "auth.invitation_needed", String(one.reason));
    const [item] = (await client.invitations({}, lena)).items;
    assert.deepEqual([item?.used, item?.accountIds.length], [1, 1]);
  });

  it("keeps its use where the sign-up fails", async () => {
    const { code } = await client.invite({}, lena);
    await setRules({ registration: "invitation" });
    await assert.rejects(join("lena", code), { code: "auth.name_taken" });
    await join("mina", code);
  });

  it("makes an active account where approval is needed, if a moderator let it, and a pending one else", async () => {
    const skipping = await client.invite({ skipsApproval: true }, lena);
    const usual = await client.invite({}, lena);
    await setRules({ registration: "approval" });
    await join("mina", skipping.code);
    await assert.rejects(join("noor", usual.code), { code: "auth.awaiting_approval" });
    const { items } = await client.accounts({ state: "pending" }, lena);
    assert.deepEqual(
      items.map(({ username }) => username),
      ["noor"],
    );
  });

  it("skips no approval once its maker is no moderator any more, and is void once they are banned", async () => {
    const { code } = await client.invite({ uses: 5, skipsApproval: true }, lena);
    await setRules({ registration: "approval", usersInvite: true });
    await client.setRole({ id: lena.userId ?? 0, role: "user" }, admin);
    await assert.rejects(join("mina", code), { code: "auth.awaiting_approval" });
    await host.database<Tables>("auth").updateTable("auth.credentials").set({ state: "banned" }).execute();
    await assert.rejects(join("noor", code), { code: "auth.bad_invitation", http: 400 });
  });

  it("is one answer for a spent, a late, an ended and an unknown code", async () => {
    const spent = await client.invite({}, lena);
    await join("mina", spent.code);
    const ended = await client.invite({}, lena);
    await client.endInvitation({ id: ended.id }, lena);
    const late = await client.invite({ expiresInDays: 1 }, lena);
    clockMs += 24 * 3_600_000;
    const answer = { valid: false, instance: "Kinora", note: "", userId: null };
    for (const [name, code] of Object.entries({ spent: spent.code, ended: ended.code, late: late.code, no: "x" })) {
      assert.deepEqual(await client.checkInvitation({ code }, callOf()), answer, name);
      await assert.rejects(join("noor", code), { code: "auth.bad_invitation", http: 400 }, name);
    }
  });

  it("names the inviter to a holder of its code", async () => {
    const { code } = await client.invite({ note: "Hello" }, lena);
    assert.deepEqual(await client.checkInvitation({ code }, callOf()), {
      valid: true,
      instance: "Kinora",
      note: "Hello",
      userId: lena.userId,
    });
  });

  it("for one address makes an account with no other", async () => {
    const { code } = await client.invite({ email: "mina@post.example" }, lena);
    for (const email of [undefined, "other@post.example"])
      await assert.rejects(join("mina", code, email), { code: "auth.bad_invitation" });
    await join("mina", code, "Mina@Post.example");
  });

  it("is made by users where they may invite, is their own, and ends when they no longer may", async () => {
    const mina = callOf((await join("mina")).userId);
    const noor = callOf((await join("noor")).userId);
    const denied = { code: "auth.inviting_denied", http: 403 };
    await assert.rejects(client.invite({}, mina), denied);
    await setRules({ usersInvite: true });
    await assert.rejects(client.invite({ skipsApproval: true }, mina), denied);
    const { id, code } = await client.invite({}, mina);
    assert.equal((await client.invitations({}, mina)).items.length, 1);
    assert.equal((await client.invitations({}, noor)).items.length, 0);
    assert.equal((await client.invitations({}, lena)).items.length, 1);
    await assert.rejects(client.endInvitation({ id }, noor), { code: "auth.invitation_not_found", http: 404 });
    await setRules({ usersInvite: false });
    await assert.rejects(join("omar", code), { code: "auth.bad_invitation" });
    await setRules({ usersInvite: true });
    await join("omar", code);
  });

  it("opens no closed instance, and compatible APIs are closed where one is needed", async () => {
    const { code } = await client.invite({}, lena);
    await setRules({ registration: "closed" });
    await assert.rejects(join("mina", code), { code: "auth.registration_closed" });
    for (const rules of [{ registration: "invitation" }, { registration: "open", workBits: 4 }] as const) {
      await setRules(rules);
      const foreign = { family: "douyin" as const, username: "mina", password };
      await assert.rejects(client.registerFor(foreign, callOf()), { code: "auth.registration_closed" });
    }
  });
});

const password = "correct horse";
let clockMs = 0;
let lena: Call;
const host = new TestHost({
  environment: { now: () => clockMs },
  settings: { auth: { address: "https://films.example" } },
});
const client = host.client(auth);
const service = callOf(undefined, { caller: "test" });
const admin = callOf(9, { role: "admin" });
const setRules = (rules: Parameters<typeof client.setRegistration>[0]) => client.setRegistration(rules, admin);
const join = (username: string, invitation?: string, email?: string) =>
  client.register(
    { username, password, ...(invitation !== undefined && { invitation }), ...(email !== undefined && { email }) },
    callOf(),
  );
