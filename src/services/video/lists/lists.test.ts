import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { contentRemoved, contentRestored } from "#events/moderation";
import { callOf } from "#kernel/host/testing";
import { mira, noor, service, VideoFixture } from "../testing.ts";

describe("a video in lists", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("has an existing category", async () => {
    const { items } = await client.categories({}, callOf());
    assert.ok(items.length >= 15);
    assert.equal(new Set(items.map(({ id }) => id)).size, items.length);
    for (const { names } of items) assert.ok(names.en !== "" && names.zh !== "");
    const { id } = await fixture.publish({});
    assert.equal((await client.update({ id, categoryId: 2 }, callOf(mira))).categoryId, 2);
    await assert.rejects(client.update({ id, categoryId: 99 }, callOf(mira)), { code: "video.unknown_category" });
    assert.equal((await client.update({ id, title: "Sea" }, callOf(mira))).categoryId, 2, "what is left out stays");
    assert.equal((await client.update({ id, categoryId: null }, callOf(mira))).categoryId, null);
    assert.deepEqual((await client.ofCategory({ id: 2 }, callOf())).items, []);
    assert.equal((await client.update({ id, categoryId: null }, callOf(mira))).categoryId, null);
  });

  it("is listed in its category only while it is public and published", async () => {
    const listed = async (by?: number) =>
      (await client.ofCategory({ id: 2, limit: 100 }, callOf(by))).items.map(({ id }) => id);
    const { id: shown } = await fixture.publish({ categoryId: 2 });
    await fixture.publish({ categoryId: 3 });
    await fixture.publish({});
    for (const visibility of ["unlisted", "private", "followers"] as const)
      await fixture.publish({ visibility, categoryId: 2 });
    await fixture.publish({ visibility: "password", password: "open sesame", categoryId: 2 });
    await fixture.publish({ categoryId: 2, draft: true });
    await fixture.publish({ categoryId: 2, publishAtMs: Date.now() + 3_600_000 });
    fixture.object(7, mira, "processing");
    await client.create({ title: "Sea", mediaId: 7, categoryId: 2 }, callOf(mira));
    const down = await fixture.publish({ categoryId: 2 });
    await fixture.emit(contentRemoved, down.id, { kind: "video", id: down.id, reason: "no", atMs: Date.now() });
    await client.remove({ id: (await fixture.publish({ categoryId: 2 })).id }, callOf(mira));
    await host.drain();
    relationships.set(noor, { isFollowed: true });
    for (const by of [undefined, noor, mira]) assert.deepEqual(await listed(by), [shown], `to ${by}`);
    const counted = await client.ofCategory({ id: 2, count: true }, callOf(noor));
    assert.equal(counted.total, 1, "hidden videos are counted");
    for (const relationship of [{ isBlocked: true }, { isBlocking: true }]) {
      relationships.set(noor, relationship);
      assert.deepEqual([await listed(noor), await listed(mira), await listed()], [[], [shown], [shown]]);
    }
    relationships.clear();
    await client.update({ id: shown, categoryId: 3 }, callOf(mira));
    assert.deepEqual(await listed(), []);
    await assert.rejects(client.ofCategory({ id: 99 }, callOf()), { code: "video.category_not_found", http: 404 });
  });

  it("pages through a category, the latest published first, without gap or repeat while others are added and removed", async () => {
    const draft = await fixture.publish({ categoryId: 2, draft: true });
    const ids: number[] = [];
    for (let n = 0; n < 9; n++) ids.push((await fixture.publish({ categoryId: 2 })).id);
    // The video that is published last comes first, however early it was made.
    await client.publish({ id: draft.id }, callOf(mira));
    ids.push(draft.id);
    const expected = ids.toReversed();
    const first = await client.ofCategory({ id: 2, limit: 2, count: true }, callOf());
    assert.equal(first.total, 10);
    const seen = first.items.map(({ id }) => id);
    for (let { next } = first; next !== null; ) {
      await fixture.publish({ categoryId: 2 });
      const doomed = expected.findLast((id) => !seen.includes(id));
      if (doomed !== undefined && expected.length > 8) {
        await client.remove({ id: doomed }, callOf(mira));
        expected.splice(expected.indexOf(doomed), 1);
      }
      await client.remove({ id: seen.at(-1) ?? 0 }, callOf(mira));
      const page = await client.ofCategory({ id: 2, limit: 2, cursor: next }, callOf());
      seen.push(...page.items.map(({ id }) => id));
      next = page.next;
    }
    assert.deepEqual(seen, expected);
    const second = await client.ofCategory({ id: 2, limit: 2, skip: 2, count: true }, callOf());
    assert.equal(second.items.length, 2);
  });

  it("is listed by its time of publication, not of creation", async () => {
    const draft = await fixture.publish({ draft: true });
    const others = [(await fixture.publish({})).id, (await fixture.publish({ visibility: "followers" })).id];
    await client.publish({ id: draft.id }, callOf(mira));
    await host.drain();
    const listed = async (by?: number) => (await client.ofUser({ id: mira }, callOf(by))).items.map(({ id }) => id);
    assert.deepEqual(await listed(), [draft.id, others[0]]);
    relationships.set(noor, { isFollowed: true });
    assert.deepEqual(await listed(noor), [draft.id, ...others.toReversed()]);
    assert.deepEqual(
      await listed(mira),
      [...others.toReversed(), draft.id],
      "one's own are in the order they were made",
    );
    assert.deepEqual(await fed(), [draft.id, others[0]]);
  });

  it("returns to its place after a removal and restoration by moderators", async () => {
    const ids: number[] = [];
    for (let n = 0; n < 3; n++) ids.push((await fixture.publish({})).id);
    const kept = ids[1] ?? 0;
    const about = { kind: "video" as const, id: kept, reason: "no", atMs: Date.now() };
    const listed = async () => (await client.ofUser({ id: mira }, callOf())).items.map(({ id }) => id);
    await fixture.emit(contentRemoved, kept, about);
    await host.drain();
    const others = ids.filter((id) => id !== kept).toReversed();
    assert.deepEqual([await listed(), await fed()], [others, others]);
    await fixture.emit(contentRestored, kept, about);
    await host.drain();
    assert.deepEqual([await listed(), await fed()], [ids.toReversed(), ids.toReversed()]);
  });

  for (const [viewers, by] of [
    ["everybody", undefined],
    ["followers", noor],
  ] as const)
    it(`is in its owner's list for ${viewers}, the latest published first, without gap or repeat while others are added and removed`, async () => {
      relationships.set(noor, { isFollowed: true });
      const drafts = [await fixture.publish({ draft: true })];
      const ids: number[] = [];
      for (let n = 0; n < 9; n++) {
        ids.push((await fixture.publish({ visibility: by === noor && n % 2 === 0 ? "followers" : "public" })).id);
        drafts.push(await fixture.publish({ draft: true }));
      }
      const release = async () => (await client.publish({ id: drafts.shift()?.id ?? 0 }, callOf(mira))).id;
      ids.push(await release());
      const expected = ids.toReversed();
      const first = await client.ofUser({ id: mira, limit: 2, count: true }, callOf(by));
      assert.equal(first.total, 10);
      const seen = first.items.map(({ id }) => id);
      for (let { next } = first; next !== null; ) {
        await release();
        await fixture.publish({});
        const doomed = expected.findLast((id) => !seen.includes(id));
        if (doomed !== undefined && expected.length > 8) {
          await client.remove({ id: doomed }, callOf(mira));
          expected.splice(expected.indexOf(doomed), 1);
        }
        await client.remove({ id: seen.at(-1) ?? 0 }, callOf(mira));
        const page = await client.ofUser({ id: mira, limit: 2, cursor: next }, callOf(by));
        seen.push(...page.items.map(({ id }) => id));
        next = page.next;
      }
      assert.deepEqual(seen, expected);
    });

  it("is in its owner's own list, the newest created first, without gap or repeat while others change", async () => {
    const ids: number[] = [];
    for (let n = 0; n < 9; n++) ids.push((await fixture.publish({ draft: n % 2 === 0 })).id);
    const expected = ids.toReversed();
    const first = await client.ofUser({ id: mira, limit: 2, count: true }, callOf(mira));
    assert.equal(first.total, 9);
    const seen = first.items.map(({ id }) => id);
    for (let { next } = first; next !== null; ) {
      await fixture.publish({});
      const eldest = ids.shift() ?? 0;
      if (ids.length > 6) {
        await client.remove({ id: eldest }, callOf(mira));
        expected.pop();
      } else await client.publish({ id: eldest }, callOf(mira));
      const page = await client.ofUser({ id: mira, limit: 2, cursor: next }, callOf(mira));
      seen.push(...page.items.map(({ id }) => id));
      next = page.next;
    }
    assert.deepEqual(seen, expected);
  });

  it("is found in its owner's own list by title, state and visibility, in either order", async () => {
    const published = await fixture.publish({ title: "Harbour, blue hour" });
    const hidden = await fixture.publish({ title: "The old HARBOUR", visibility: "private" });
    const draft = await fixture.publish({ title: "Draft", draft: true });
    const planned = await fixture.publish({ title: "Planned", publishAtMs: Date.now() + 3_600_000 });
    fixture.object(7, mira, "processing");
    const processing = await client.create({ title: "100%_sure", mediaId: 7 }, callOf(mira));
    fixture.object(8, mira, "processing");
    const failed = await client.create({ title: "海边的日落", mediaId: 8 }, callOf(mira));
    await fixture.fail(8);
    const down = await fixture.publish({ title: "Down", draft: true });
    await fixture.emit(contentRemoved, down.id, { kind: "video", id: down.id, reason: "no", atMs: Date.now() });
    fixture.object(9, mira, "processing");
    await client.replaceMedia({ id: draft.id, mediaId: 9 }, callOf(mira));
    await fixture.fail(9);
    await host.drain();
    const own = async (filter: Omit<Parameters<typeof client.ofUser>[0], "id">) =>
      (await client.ofUser({ id: mira, ...filter }, callOf(mira))).items.map(({ id }) => id);
    for (const [filter, expected] of [
      [{ q: "harbour" }, [hidden, published]],
      [{ q: "harbour", sort: "oldest" }, [published, hidden]],
      [{ q: " 海边 " }, [failed]],
      [{ q: "%_" }, [processing]],
      [{ q: "", visibility: "private" }, [hidden]],
      [{ q: "harbour", visibility: "public" }, [published]],
      [{ state: "published" }, [hidden, published]],
      [{ state: "processing" }, [processing]],
      [{ state: "failed" }, [failed]],
      [{ state: "scheduled" }, [planned]],
      [{ state: "draft" }, [draft]],
      [{ state: "taken_down" }, [down]],
      [{ state: "needs_action" }, [failed, draft]],
    ] as const)
      assert.deepEqual(
        await own(filter),
        expected.map(({ id }) => id),
        JSON.stringify(filter),
      );
    const counted = await client.ofUser({ id: mira, q: "HARBOUR", limit: 1, count: true }, callOf(mira));
    assert.equal(counted.total, 2);
    const rest = await client.ofUser({ id: mira, q: "HARBOUR", cursor: counted.next ?? "" }, callOf(mira));
    assert.deepEqual(
      rest.items.map(({ id }) => id),
      [published.id],
    );
    await assert.rejects(client.ofUser({ id: mira, q: "x".repeat(101) }, callOf(mira)), { http: 400 });
  });

  it("is neither filtered nor sorted in the list of another user", async () => {
    await fixture.publish({});
    for (const filter of [{ q: "sea" }, { state: "draft" }, { visibility: "public" }, { sort: "oldest" }] as const)
      for (const by of [noor, undefined])
        await assert.rejects(client.ofUser({ id: mira, ...filter }, callOf(by)), {
          code: "video.own_list_only",
          http: 400,
        });
  });

  it("counts for its author only when published, and answers user.not_found for an unknown author", async () => {
    await fixture.publish({});
    await fixture.publish({ draft: true });
    await assert.rejects(client.ofUser({ id: 99 }, callOf()), { code: "user.not_found" });
    assert.deepEqual(await client.authorCounts({ userIds: [mira, noor] }, service), {
      items: [{ userId: mira, videoCount: 1 }],
    });
  });

  it("is in the blocks of the catalogue while it is public and published", async () => {
    const shown: number[] = [];
    for (let n = 0; n < 5; n++) {
      shown.push((await fixture.publish({})).id);
      await fixture.publish({ visibility: "unlisted" });
      await fixture.publish({ draft: true });
    }
    await client.remove({ id: (await fixture.publish({})).id }, callOf(mira));
    const { firstIds } = await client.publicBlocks({ size: 2 }, service);
    assert.deepEqual(firstIds, [shown[0], shown[2], shown[4]]);
    const blocks = await Promise.all(firstIds.map((id) => client.publicFrom({ id, limit: 2 }, service)));
    assert.deepEqual(
      blocks.flatMap(({ ids }) => ids),
      shown,
    );
  });

  it("is in the feed once, the latest published first, while 100 are published and 20 deleted", async () => {
    const drafts: number[] = [];
    const early: number[] = [];
    for (let i = 0; i < 30; i++) {
      drafts.push((await fixture.publish({ draft: true })).id);
      early.push((await fixture.publish({})).id);
    }
    const release = async () => (await client.publish({ id: drafts.shift() ?? 0 }, callOf(mira))).id;
    for (let i = 0; i < 5; i++) early.push(await release());
    await host.drain();
    const late: number[] = [];
    const deleted = new Set<number>();
    const seen: number[] = [];
    for (let next: string | null | undefined; next !== null; ) {
      const page = await feed.feed({ limit: 3, ...(next !== undefined && { cursor: next }) }, callOf());
      const ids = page.items.map(({ videoId }) => videoId);
      const { items } = await client.visible({ ids }, service);
      seen.push(...items.map(({ id }) => id));
      next = page.next;
      for (let i = 0; i < 20 && late.length < 100; i++)
        late.push(i % 4 === 0 && drafts.length > 0 ? await release() : (await fixture.publish({})).id);
      for (const id of [...early, ...late].filter((one) => !deleted.has(one) && !seen.includes(one)).slice(0, 4))
        if (deleted.size < 20) {
          await client.remove({ id }, callOf(mira));
          deleted.add(id);
        }
      await host.drain();
    }
    assert.equal(new Set(seen).size, seen.length, "nothing twice");
    const missing = early.filter((id) => !seen.includes(id) && !deleted.has(id));
    assert.deepEqual([missing, late.length, deleted.size], [[], 100, 20]);
    const inOrder = [...early, ...late].toReversed();
    assert.deepEqual(
      seen,
      inOrder.filter((id) => seen.includes(id)),
    );
    await assert.rejects(feed.feed({ cursor: "bm8" }, callOf()), { code: "kernel.bad_cursor", http: 400 });
  });

  it("leaves the feed when it is unlisted, and returns when it is public again", async () => {
    const { id } = await fixture.publish({});
    await host.drain();
    assert.deepEqual(await fed(), [id]);
    await client.update({ id, visibility: "unlisted" }, callOf(mira));
    await host.drain();
    assert.deepEqual(await fed(), []);
    await client.update({ id, isPublic: true }, callOf(mira));
    await host.drain();
    assert.deepEqual(await fed(), [id]);
  });
});

const fixture = new VideoFixture();
const { host, client, feed, relationships } = fixture;
const fed = async () => (await feed.feed({}, callOf())).items.map(({ videoId }) => videoId);
