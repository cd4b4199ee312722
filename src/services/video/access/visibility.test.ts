import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { KinoraError } from "#kernel";
import { callOf } from "#kernel/host/testing";
import { mira, noor, notFound, VideoFixture } from "../testing.ts";

describe("the visibility of a video", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("hides unlisted videos from lists, and answers 404 for private ones to other users (S2.4)", async () => {
    const cases = [
      ["public", noor, true],
      ["public", undefined, true],
      ["unlisted", noor, true],
      ["unlisted", undefined, true],
      ["private", noor, false],
      ["private", undefined, false],
      ["private", mira, true],
    ] as const;
    for (const [visibility, viewer, isSeen] of cases) {
      const { id } = await fixture.publish({ visibility });
      const request = client.get({ id }, callOf(viewer));
      if (isSeen) assert.equal((await request).id, id);
      else await assert.rejects(request, notFound);
      const listed = (await client.ofUser({ id: mira, limit: 100 }, callOf(viewer))).items.some(
        (item) => item.id === id,
      );
      assert.equal(listed, viewer === mira || visibility === "public", `${visibility} in the list of ${viewer}`);
      assert.equal(
        (await client.visible({ ids: [id, 7] }, callOf(viewer, { caller: "test" }))).items.length,
        isSeen ? 1 : 0,
      );
      if (!isSeen) {
        await assert.rejects(client.update({ id, title: "x" }, callOf(noor)), notFound);
        await assert.rejects(client.remove({ id }, callOf(noor)), notFound);
      }
    }
  });

  it("hides a video from lists across a block in either direction, but not its page", async () => {
    const shown = await fixture.publish({});
    const ids = [shown.id];
    const met = async (by?: number) => (await client.visible({ ids }, callOf(by, { caller: "test" }))).items.length;
    for (const relationship of [{ isBlocked: true }, { isBlocking: true }]) {
      relationships.set(noor, relationship);
      assert.deepEqual([await met(noor), await met(mira), await met()], [0, 1, 1]);
      assert.deepEqual(await client.ofUser({ id: mira, count: true }, callOf(noor)), {
        items: [],
        next: null,
        total: 0,
      });
      assert.equal((await client.get({ id: shown.id }, callOf(noor))).id, shown.id);
    }
    relationships.clear();
    assert.equal(await met(noor), 1);
  });

  it("admits followers and moderators to a followers-only video and its place in the owner's list", async () => {
    const { id } = await fixture.publish({ visibility: "followers" });
    const listed = async (by?: number) => (await client.ofUser({ id: mira }, callOf(by))).items.length;
    await assert.rejects(client.get({ id }, callOf(noor)), notFound);
    assert.deepEqual([await listed(noor), await listed(), await listed(mira)], [0, 0, 1]);
    relationships.set(noor, { isFollowed: true });
    const seen = await client.get({ id }, callOf(noor));
    assert.deepEqual([seen.visibility, seen.isGranted, seen.isPublic], ["followers", false, false]);
    assert.equal(await listed(noor), 1);
    await assert.rejects(client.update({ id, title: "x" }, callOf(noor)), { code: "video.not_yours" });
    for (const role of ["moderator", "admin"] as const)
      assert.equal((await client.get({ id }, callOf(99, { role }))).visibility, "followers");
  });

  it("shows only public videos while the relation service is unavailable", async () => {
    const [open, close] = [await fixture.publish({}), await fixture.publish({ visibility: "followers" })];
    relationships.set(noor, { isFollowed: true });
    fixture.areTiesDown = true;
    const { items } = await client.visible({ ids: [open.id, close.id] }, callOf(noor, { caller: "test" }));
    assert.deepEqual(
      items.map(({ id }) => id),
      [open.id],
    );
    await assert.rejects(client.get({ id: close.id }, callOf(noor)), notFound);
    assert.equal((await client.ofUser({ id: mira }, callOf(noor))).items.length, 1);
  });

  it("requires a password for password-protected videos, and ignores one for others", async () => {
    const missing = { code: "video.password_missing", http: 400 };
    await assert.rejects(fixture.publish({ visibility: "password" }), missing);
    const { id, generation } = await fixture.publish({});
    await assert.rejects(client.update({ id, visibility: "password" }, callOf(mira)), missing);
    const change = (given: object) => client.update({ id, ...given }, callOf(mira));
    assert.equal((await change({ password: "not asked for" })).generation, generation);
    await assert.rejects(client.unlock({ id, password: "not asked for" }, callOf(noor)), {
      code: "video.no_password",
      http: 409,
    });
    const locked = await change({ visibility: "password", password: "open sesame" });
    assert.equal(locked.generation, generation + 1);
    assert.ok(!("password" in locked) && !("passwordHash" in locked));
    await assert.rejects(client.get({ id }, callOf(noor)), { code: "video.password_required", http: 403 });
    const { unlock } = await client.unlock({ id, password: "open sesame" }, callOf(noor));
    assert.equal((await client.get({ id }, callOf(noor, { unlock }))).isGranted, true);
    assert.equal((await change({ title: "Other" })).generation, generation + 1, "the password stays");
    assert.equal((await client.get({ id }, callOf(noor, { unlock }))).title, "Other");
    assert.equal((await change({ password: "open sesame" })).generation, generation + 2, "it is a new one");
    await assert.rejects(client.get({ id }, callOf(noor, { unlock })), { code: "video.password_required" });
    await change({ visibility: "public" });
    await assert.rejects(change({ visibility: "password" }), missing);
    const hidden = await fixture.publish({ visibility: "private" });
    await assert.rejects(client.unlock({ id: hidden.id, password: "x" }, callOf(noor)), notFound);
    await assert.rejects(client.unlock({ id: 7, password: "x" }, callOf(noor)), notFound);
  });

  it("refuses a wrong password, and all after ten by one account or address until one is right (S3.4)", async () => {
    const { id } = await fixture.publish({ visibility: "password", password: "open sesame" });
    const tried = async (password: string, by: number | undefined, source: string) => {
      const unlocking = client.unlock({ id, password }, callOf(by, { source }));
      return unlocking.then(
        () => "open",
        (error: KinoraError) => error.code,
      );
    };
    const wrongly = async (times: number, by: number | undefined, sourceOf: (n: number) => string) => {
      for (let n = 0; n < times; n++) assert.equal(await tried("sesame", by, sourceOf(n)), "video.wrong_password");
    };
    await wrongly(9, noor, () => "a");
    assert.equal(await tried("open sesame", noor, "a"), "open");
    await wrongly(10, noor, (n) => `a${n}`);
    assert.equal(await tried("open sesame", noor, "b"), "video.too_many_tries", "by the account");
    await wrongly(10, undefined, () => "c");
    assert.equal(await tried("open sesame", undefined, "c"), "video.too_many_tries", "by the address");
    assert.equal(await tried("open sesame", undefined, "d"), "open", "others are not hindered");
  });
});

const fixture = new VideoFixture();
const { client, relationships } = fixture;
