import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { userUpdated } from "#events/user";
import { contract, on, plugin } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { auth } from "#services/auth/contract";
import { authPlugin } from "#services/auth/plugin";
import { user } from "./contract.ts";
import { userPlugin } from "./plugin.ts";

describe("user", () => {
  before(async () => {
    await host.add(authPlugin);
    await host.add(userPlugin);
    await host.add(listener);
  });
  beforeEach(async () => {
    await host.clear();
    publishedEvents.length = 0;
  });
  after(() => host[Symbol.asyncDispose]());

  it("has a profile in the very next request, before any event arrived", async () => {
    const { userId } = await accounts.register(
      { username: "Mira", password: "sesame", nickname: "M", email: "m@example.org" },
      callOf(),
    );
    const { items: shown } = await client.privacy({ ids: [userId] }, service);
    assert.deepEqual(
      shown.map(({ id }) => id),
      [userId],
    );
    const profile = await client.get({ id: userId }, callOf(userId));
    assert.deepEqual([profile.username, profile.nickname, profile.email], ["Mira", "M", "m@example.org"]);
    await host.drain();
    assert.deepEqual(await client.get({ id: userId }, callOf(userId)), profile);
  });

  it("is named in the very next request, before any event arrived", async () => {
    const { userId } = await accounts.register({ username: "Mira", password: "sesame" }, callOf());
    const { items } = await client.briefs({ ids: [userId, 7, userId] }, service);
    assert.deepEqual([...new Set(items.map(({ username }) => username))], ["Mira"]);
  });

  it("has a profile after the registration event alone", async () => {
    const { userId } = await accounts.register({ username: "Mira", password: "sesame" }, callOf());
    await host.drain();
    assert.deepEqual(await client.briefs({ ids: [userId, 7] }, service), {
      items: [{ id: userId, username: "Mira", nickname: "Mira", avatar: "", introduction: "" }],
    });
  });

  it("has a public role among staff, and none in the briefs of others", async () => {
    const { userId } = await accounts.register({ username: "Mira", password: "sesame" }, callOf());
    const { userId: staffId } = await accounts.ensure(
      { username: "Noor", password: "sesame", role: "moderator" },
      service,
    );
    const { items } = await client.briefs({ ids: [userId, staffId] }, service);
    assert.deepEqual(
      items.map(({ id, role }) => [id, role]),
      [
        [userId, undefined],
        [staffId, "moderator"],
      ],
    );
    assert.equal((await client.get({ id: staffId }, callOf())).role, "moderator");
  });

  it("shows private fields to their owner only", async () => {
    const { userId } = await accounts.register(
      { username: "Mira", password: "sesame", email: "m@example.org", phone: "1" },
      callOf(),
    );
    for (const call of [callOf(), callOf(userId + 1)]) {
      const shown = await client.get({ id: userId }, call);
      for (const field of ["email", "phone", "birthday", "showLikes"]) assert.equal(field in shown, false, field);
    }
    assert.equal((await client.get({ id: userId }, callOf(userId))).phone, "1");
  });

  it("is found by name in any case", async () => {
    const { userId } = await accounts.register({ username: "Mira", password: "sesame" }, callOf());
    assert.equal((await client.byName({ username: "mIRA" }, callOf())).id, userId);
    await assert.rejects(client.byName({ username: "nobody" }, callOf()), { code: "user.not_found", http: 404 });
  });

  it("changes the given fields, keeps the others, and publishes the change with a version", async () => {
    const { userId } = await accounts.register({ username: "Mira", password: "sesame" }, callOf());
    const own = callOf(userId);
    await client.update({ id: userId, nickname: "M", avatar: "/api/v1/media/3/picture", showLikes: false }, own);
    const after = await client.update({ id: userId, bio: "sea", homepage: "https://example.org/" }, own);
    assert.deepEqual(
      [after.nickname, after.avatar, after.bio, after.showLikes, after.showFollowing],
      ["M", "/api/v1/media/3/picture", "sea", false, true],
    );
    await host.drain();
    assert.deepEqual(publishedEvents, ["M:2", "M:3"]);
  });

  it("shows a long text and up to five links to web pages", async () => {
    const { userId } = await accounts.register({ username: "Mira", password: "sesame" }, callOf());
    const link = { title: "Home", url: "https://example.org/" };
    const change = (input: object) => client.update({ id: userId, ...input }, callOf(userId));
    await change({ about: "a".repeat(5_000), links: [link], backgroundImage: "/api/v1/media/3/picture" });
    await change({ bio: "sea" });
    const { about, links, backgroundImage } = await client.get({ id: userId }, callOf());
    assert.deepEqual([about.length, links, backgroundImage], [5_000, [link], "/api/v1/media/3/picture"]);
    for (const wrong of [
      { about: "a".repeat(5_001) },
      { links: Array.from({ length: 6 }, () => link) },
      { links: [{ ...link, title: "" }] },
      { links: [{ ...link, title: "x".repeat(51) }] },
      { links: [{ ...link, url: "javascript:alert(1)" }] },
    ])
      await assert.rejects(change(wrong), { code: "kernel.invalid_input" });
    assert.deepEqual((await change({ links: [], about: "" })).links, []);
  });

  it("refuses to change the profile of another user", async () => {
    const { userId } = await accounts.register({ username: "Mira", password: "sesame" }, callOf());
    await assert.rejects(client.update({ id: userId, bio: "x" }, callOf(userId + 1)), {
      code: "user.not_yourself",
      http: 403,
    });
    await assert.rejects(client.update({ id: 7, bio: "x" }, callOf(7)), { code: "user.not_found", http: 404 });
    await assert.rejects(client.update({ id: userId, bio: "x" }, callOf()), { http: 401 });
  });

  it("refuses addresses other than http, https and paths of this instance", async () => {
    const { userId } = await accounts.register({ username: "Mira", password: "sesame" }, callOf());
    for (const change of [
      { avatar: "javascript:alert(1)" },
      { homepage: "data:text/html,x" },
      { avatar: "//x y" },
      { gender: 3 },
      { nickname: "" },
    ])
      await assert.rejects(client.update({ id: userId, ...change }, callOf(userId)), { code: "kernel.invalid_input" });
  });

  it("keeps e-mail addresses unique, and signs nobody in with one", async () => {
    const one = await accounts.register({ username: "one", password: "sesame", email: "a@example.org" }, callOf());
    const two = await accounts.register({ username: "two", password: "sesame" }, callOf());
    await host.drain();
    await assert.rejects(client.update({ id: two.userId, email: "A@example.org" }, callOf(two.userId)), {
      code: "auth.email_taken",
      http: 409,
    });
    await client.update({ id: one.userId, email: "b@example.org" }, callOf(one.userId));
    await host.drain();
    for (const username of ["a@example.org", "b@example.org"])
      await assert.rejects(accounts.login({ username, password: "sesame" }, callOf()), {
        code: "auth.bad_credentials",
      });
    await client.update({ id: two.userId, email: "a@example.org" }, callOf(two.userId));
  });

  it("gives an e-mail address to one of several concurrent updates", async () => {
    const ids: number[] = [];
    for (let i = 0; i < 8; i++)
      ids.push((await accounts.register({ username: `taker${i}`, password: "sesame" }, callOf())).userId);
    await host.drain();
    const taken = await Promise.allSettled(
      ids.map((id) => client.update({ id, email: "one@example.org" }, callOf(id))),
    );
    assert.equal(taken.filter(({ status }) => status === "fulfilled").length, 1);
    for (const one of taken) if (one.status === "rejected") assert.equal(one.reason.code, "auth.email_taken");
  });

  it("is deleted with the account, also where the event of its registration arrives late", async () => {
    const { userId } = await accounts.register({ username: "Mira", password: "sesame" }, callOf());
    await accounts.remove({ userIds: [userId] }, service);
    await host.drain();
    await assert.rejects(client.get({ id: userId }, callOf()), { code: "user.not_found" });
    assert.deepEqual(await client.briefs({ ids: [userId] }, service), { items: [] });
  });
});

const service = callOf(undefined, { caller: "test" });
const host = new TestHost();
const accounts = host.client(auth);
const client = host.client(user);
const publishedEvents: string[] = [];
const listener = plugin({
  contract: contract("listener", 1, {}),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {},
    subscriptions: [
      on(userUpdated, async (_, { nickname, version }) => void publishedEvents.push(`${nickname}:${version}`)),
    ],
  }),
});
