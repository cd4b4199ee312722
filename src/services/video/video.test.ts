import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { contract, type EventType, type Host, on, plugin } from "#kernel";
import { ServiceUnavailable } from "#kernel/errors";
import { callOf, TestHost } from "#kernel/testing";
import { userDeleted } from "#services/auth/contract";
import { media, mediaFailed, mediaReady } from "#services/media/contract";
import {
  contentFlagged,
  contentRemoved,
  contentRestored,
  userBanned,
  userMuted,
  userUnbanned,
  usualRules,
  wordsChanged,
} from "#services/moderation/contract";
import { recommend } from "#services/recommend/contract";
import { recommendPlugin } from "#services/recommend/plugin";
import { relation } from "#services/relation/contract";
import { user } from "#services/user/contract";
import { sql } from "kysely";
import type { z } from "zod";
import {
  playlistDeleted,
  playlistUpdated,
  video,
  videoDeleted,
  videoMediaReleased,
  videoMediaReplaced,
  videoPublished,
  videoUpdated,
} from "./contract.ts";
import { migrations } from "./migrations.ts";
import { videoPlugin } from "./plugin.ts";

describe("video", () => {
  before(async () => {
    await host.add(mediaStand);
    await host.add(userStand);
    await host.add(relationStand);
    await host.add(videoPlugin);
    await host.add(recommendPlugin);
    await host.add(listener);
  });
  beforeEach(async () => {
    await host.clear();
    told.length = 0;
    objects.clear();
    ties.clear();
    areTiesDown = false;
  });
  after(() => host[Symbol.asyncDispose]());

  it("is processing until its media is ready, then published and told once", async () => {
    object(5, mira, "processing");
    const made = await client.create({ title: "Sea", mediaId: 5 }, callOf(mira));
    assert.deepEqual([made.status, made.publishedAtMs, made.isMine, made.visibility], [0, null, true, "public"]);
    await assert.rejects(client.get({ id: made.id }, callOf(noor)), notFound);
    await ready(5);
    await ready(5);
    const shown = await client.get({ id: made.id }, callOf());
    assert.deepEqual([shown.status, shown.width, shown.durationMs, shown.isMine], [1, 640, 6_000, false]);
    assert.deepEqual(told, [`published:${made.id}:public`]);
  });

  it("is published at once when its media is ready already, whichever news came first", async () => {
    object(5, mira, "ready");
    const first = await client.create({ title: "Sea", mediaId: 5 }, callOf(mira));
    assert.equal(first.status, 1);
    object(6, mira, "processing");
    await ready(6);
    // The media service still answers what it knew a moment ago: the news is older than the answer, and wins.
    const second = await client.create({ title: "Sea", mediaId: 6 }, callOf(mira));
    assert.equal(second.status, 1);
  });

  it("is published however the making of it and the news of its media cross", async () => {
    const ids = Array.from({ length: 20 }, (_, i) => i + 100);
    for (const id of ids) object(id, mira, "processing");
    await Promise.all(ids.flatMap((id) => [client.create({ title: `v${id}`, mediaId: id }, callOf(mira)), ready(id)]));
    await host.drain();
    const { items } = await client.ofUser({ id: mira, limit: 100 }, callOf());
    assert.deepEqual([items.length, told.length], [20, 20]);
  });

  it("is shown to its owner with what is theirs alone, and to others without it, whoever looks first", async () => {
    object(5, mira, "ready");
    const { id } = await client.create({ title: "Sea", mediaId: 5 }, callOf(mira));
    object(6, mira, "processing");
    await client.replaceMedia({ id, mediaId: 6 }, callOf(mira));
    for (const [viewer, isMine] of [
      [noor, false],
      [mira, true],
      [noor, false],
      [mira, true],
    ] as const) {
      const shown = await client.get({ id }, callOf(viewer));
      assert.deepEqual([shown.isMine, shown.replacement?.mediaId], [isMine, isMine ? 6 : undefined]);
      const { items } = await client.visible({ ids: [id] }, { ...callOf(viewer), caller: "test" });
      assert.deepEqual([items[0]?.isMine, items[0]?.replacement?.mediaId], [isMine, isMine ? 6 : undefined]);
    }
  });

  it("says why its media could not be processed, to its owner", async () => {
    object(5, mira, "processing");
    const { id } = await client.create({ title: "Sea", mediaId: 5 }, callOf(mira));
    await fail(5);
    const shown = await client.get({ id }, callOf(mira));
    assert.deepEqual(
      [shown.status, shown.statusReason],
      [2, { error: "media.unreadable", message: "it ends in the middle" }],
    );
    await assert.rejects(client.get({ id }, callOf(noor)), notFound);
    assert.deepEqual((await client.ofUser({ id: mira }, callOf(noor))).items, []);
  });

  it("takes only one's own media, and only what can be played", async () => {
    object(5, noor, "ready");
    object(6, mira, "ready", "image");
    await assert.rejects(client.create({ title: "x", mediaId: 5 }, callOf(mira)), {
      code: "video.media_not_found",
      http: 404,
    });
    await assert.rejects(client.create({ title: "x", mediaId: 6 }, callOf(mira)), {
      code: "video.not_a_video",
      http: 415,
    });
    await assert.rejects(client.create({ title: "x", mediaId: 7 }, callOf(mira)), { code: "video.media_not_found" });
    await assert.rejects(client.create({ title: "x" }, callOf(mira)), { code: "video.nothing_to_publish", http: 400 });
    await assert.rejects(client.create({ title: " ", mediaId: 5 }, callOf(mira)), { code: "kernel.invalid_input" });
  });

  it("is seen by whom its visibility allows, and is otherwise not there (S2.4)", async () => {
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
      const { id } = await publish({ visibility });
      const asked = client.get({ id }, callOf(viewer));
      if (isSeen) assert.equal((await asked).id, id);
      else await assert.rejects(asked, notFound);
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

  it("is not met in lists by whom a block parts from its owner, either way, yet has its page", async () => {
    const shown = await publish({});
    const ids = [shown.id];
    const met = async (by?: number) => (await client.visible({ ids }, callOf(by, { caller: "test" }))).items.length;
    for (const tie of [{ isBlocked: true }, { isBlocking: true }]) {
      ties.set(noor, tie);
      assert.deepEqual([await met(noor), await met(mira), await met()], [0, 1, 1]);
      assert.deepEqual(await client.ofUser({ id: mira, count: true }, callOf(noor)), {
        items: [],
        next: null,
        total: 0,
      });
      assert.equal((await client.get({ id: shown.id }, callOf(noor))).id, shown.id);
    }
    ties.clear();
    assert.equal(await met(noor), 1);
  });

  it("is for followers in its page, in lists by id and in its owner's own list", async () => {
    const { id } = await publish({ visibility: "followers" });
    const listed = async (by?: number) => (await client.ofUser({ id: mira }, callOf(by))).items.length;
    await assert.rejects(client.get({ id }, callOf(noor)), notFound);
    assert.deepEqual([await listed(noor), await listed(), await listed(mira)], [0, 0, 1]);
    ties.set(noor, { isFollowed: true });
    const seen = await client.get({ id }, callOf(noor));
    assert.deepEqual([seen.visibility, seen.isGranted, seen.isPublic], ["followers", false, false]);
    assert.equal(await listed(noor), 1);
    await assert.rejects(client.update({ id, title: "x" }, callOf(noor)), { code: "video.not_yours" });
    for (const role of ["moderator", "admin"] as const)
      assert.equal((await client.get({ id }, callOf(99, { role }))).isGranted, true);
  });

  it("shows what is for everybody, and nothing more, while nobody knows who follows whom", async () => {
    const [open, close] = [await publish({}), await publish({ visibility: "followers" })];
    ties.set(noor, { isFollowed: true });
    areTiesDown = true;
    const { items } = await client.visible({ ids: [open.id, close.id] }, callOf(noor, { caller: "test" }));
    assert.deepEqual(
      items.map(({ id }) => id),
      [open.id],
    );
    await assert.rejects(client.get({ id: close.id }, callOf(noor)), notFound);
    assert.equal((await client.ofUser({ id: mira }, callOf(noor))).items.length, 1);
  });

  it("has a password where its visibility says so and nowhere else", async () => {
    const missing = { code: "video.password_missing", http: 400 };
    await assert.rejects(publish({ visibility: "password" }), missing);
    const { id, generation } = await publish({});
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
    const hidden = await publish({ visibility: "private" });
    await assert.rejects(client.unlock({ id: hidden.id, password: "x" }, callOf(noor)), notFound);
    await assert.rejects(client.unlock({ id: 7, password: "x" }, callOf(noor)), notFound);
  });

  it("is held back as a draft until its owner publishes it, ready or not", async () => {
    object(5, mira, "ready");
    object(6, mira, "processing");
    const made = await client.create({ title: "Sea", mediaId: 5, draft: true }, callOf(mira));
    assert.deepEqual([made.status, made.isDraft, made.publishedAtMs, made.publishAtMs], [4, true, null, null]);
    const early = await client.create({ title: "Lake", mediaId: 6, draft: true }, callOf(mira));
    for (const by of [noor, undefined]) {
      await assert.rejects(client.get({ id: made.id }, callOf(by)), notFound);
      assert.deepEqual((await client.ofUser({ id: mira }, callOf(by))).items, []);
    }
    await assert.rejects(client.publish({ id: made.id }, callOf(noor)), notFound);
    await host.drain();
    assert.deepEqual(told, []);
    for (let n = 0; n < 2; n++) {
      const shown = await client.publish({ id: made.id }, callOf(mira));
      assert.deepEqual([shown.status, shown.isDraft], [1, false]);
      assert.ok(shown.publishedAtMs);
    }
    await assert.rejects(client.publish({ id: made.id }, callOf(noor)), { code: "video.not_yours" });
    assert.equal((await client.publish({ id: early.id }, callOf(mira))).status, 0);
    await ready(6);
    assert.equal((await client.get({ id: early.id }, callOf())).status, 1);
    assert.deepEqual(told, [`published:${made.id}:public`, `published:${early.id}:public`]);
    object(7, mira, "processing");
    const late = await client.create({ title: "River", mediaId: 7, draft: true }, callOf(mira));
    await ready(7);
    const held = await client.get({ id: late.id }, callOf(mira));
    assert.deepEqual([held.status, held.publishedAtMs], [4, null]);
    assert.equal(told.length, 2, "nobody is told of what is held back");
    await verified();
  });

  it("stays held back when it is given another file", async () => {
    object(5, mira, "ready");
    object(6, mira, "ready");
    const { id } = await client.create({ title: "Sea", mediaId: 5, draft: true }, callOf(mira));
    const shown = await client.replaceMedia({ id, mediaId: 6 }, callOf(mira));
    assert.deepEqual([shown.mediaId, shown.status, shown.publishedAtMs], [6, 4, null]);
    await host.drain();
    assert.ok(!told.some((one) => one.startsWith("published")), told.join());
  });

  it("publishes itself at its time, as it was planned last", async () => {
    object(5, mira, "ready");
    const make = (publishAtMs: number) => client.create({ title: "Sea", mediaId: 5, publishAtMs }, callOf(mira));
    const past = await make(Date.now() - 1_000);
    assert.deepEqual([past.status, past.isDraft], [1, false]);
    const [soonMs, laterMs] = [Date.now() + hourMs, Date.now() + 2 * hourMs];
    const soon = await make(soonMs);
    assert.deepEqual([soon.status, soon.isDraft, soon.publishAtMs], [4, true, soonMs]);
    const moved = await make(soonMs);
    assert.equal((await client.update({ id: moved.id, publishAtMs: laterMs }, callOf(mira))).publishAtMs, laterMs);
    const given = await make(soonMs);
    assert.equal((await client.update({ id: given.id, draft: true }, callOf(mira))).publishAtMs, null);
    const brought = await make(laterMs);
    await client.update({ id: brought.id, publishAtMs: soonMs }, callOf(mira));
    const statuses = () =>
      Promise.all([soon, brought, moved, given].map(async ({ id }) => (await client.get({ id }, callOf(mira))).status));
    await passes(0);
    assert.deepEqual(await statuses(), [4, 4, 4, 4], "it is not time yet");
    await passes(hourMs);
    assert.deepEqual(await statuses(), [1, 1, 4, 4]);
    const shown = await client.get({ id: soon.id }, callOf());
    assert.deepEqual([shown.isDraft, shown.publishAtMs], [false, null]);
    assert.ok(shown.publishedAtMs);
    await assert.rejects(client.update({ id: soon.id, publishAtMs: laterMs }, callOf(mira)), {
      code: "video.published_already",
      http: 409,
    });
    await assert.rejects(make(Date.now() + 400 * 24 * 3_600_000), { code: "video.too_far_ahead", http: 400 });
    await verified();
  });

  it("is of a category there is", async () => {
    const { items } = await client.categories({}, callOf());
    assert.ok(items.length >= 15);
    assert.equal(new Set(items.map(({ id }) => id)).size, items.length);
    for (const { names } of items) assert.ok(names.en !== "" && names.zh !== "");
    const { id } = await publish({});
    assert.equal((await client.update({ id, categoryId: 2 }, callOf(mira))).categoryId, 2);
    await assert.rejects(client.update({ id, categoryId: 99 }, callOf(mira)), { code: "video.unknown_category" });
  });

  it("is found in its category by everybody while it is public and published, and by nobody otherwise", async () => {
    const listed = async (by?: number) =>
      (await client.ofCategory({ id: 2, limit: 100 }, callOf(by))).items.map(({ id }) => id);
    const { id: shown } = await publish({ categoryId: 2 });
    await publish({ categoryId: 3 });
    await publish({});
    for (const visibility of ["unlisted", "private", "followers"] as const)
      await publish({ visibility, categoryId: 2 });
    await publish({ visibility: "password", password: "open sesame", categoryId: 2 });
    await publish({ categoryId: 2, draft: true });
    await publish({ categoryId: 2, publishAtMs: Date.now() + 3_600_000 });
    object(7, mira, "processing");
    await client.create({ title: "Sea", mediaId: 7, categoryId: 2 }, callOf(mira));
    const down = await publish({ categoryId: 2 });
    await tell(contentRemoved, down.id, { kind: "video", id: down.id, reason: "no", atMs: Date.now() });
    await client.remove({ id: (await publish({ categoryId: 2 })).id }, callOf(mira));
    await host.drain();
    ties.set(noor, { isFollowed: true });
    for (const by of [undefined, noor, mira]) assert.deepEqual(await listed(by), [shown], `to ${by}`);
    const counted = await client.ofCategory({ id: 2, count: true }, callOf(noor));
    assert.equal(counted.total, 1, "how many are hidden is not told");
    for (const tie of [{ isBlocked: true }, { isBlocking: true }]) {
      ties.set(noor, tie);
      assert.deepEqual([await listed(noor), await listed(mira), await listed()], [[], [shown], [shown]]);
    }
    ties.clear();
    await client.update({ id: shown, categoryId: 3 }, callOf(mira));
    assert.deepEqual(await listed(), []);
    await assert.rejects(client.ofCategory({ id: 99 }, callOf()), { code: "video.category_not_found", http: 404 });
  });

  it("pages through a category, the latest published first, without gap or repeat while others come and go", async () => {
    const held = await publish({ categoryId: 2, draft: true });
    const made: number[] = [];
    for (let n = 0; n < 9; n++) made.push((await publish({ categoryId: 2 })).id);
    // What is published last comes first, however early it was made.
    await client.publish({ id: held.id }, callOf(mira));
    made.push(held.id);
    const expected = made.toReversed();
    const first = await client.ofCategory({ id: 2, limit: 2, count: true }, callOf());
    assert.equal(first.total, 10);
    const seen = first.items.map(({ id }) => id);
    for (let { next } = first; next !== null; ) {
      await publish({ categoryId: 2 });
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

  it("stands in playlists in the order its makers gave, which agrees with a naive model", async () => {
    const { id } = await client.createPlaylist({ title: "Seas" }, callOf(mira));
    const model: number[] = [];
    const made: number[] = [];
    for (let n = 0; n < 8; n++) made.push((await publish({})).id);
    const random = numbers(11);
    const itemOf = (n: number) => made[n % made.length] ?? 0;
    for (let step = 0; step < 150; step++) {
      const video = itemOf(random(100));
      const kind = random(10);
      if (kind < 3) {
        const { added } = await client.addToPlaylist({ id, videoId: video }, callOf(mira));
        assert.equal(added, !model.includes(video));
        if (added) model.push(video);
      } else if (kind < 4) {
        await client.removeFromPlaylist({ id, video }, callOf(mira));
        if (model.includes(video)) model.splice(model.indexOf(video), 1);
      } else {
        const afterId = random(4) === 0 ? undefined : itemOf(random(100));
        const moved = client.moveInPlaylist({ id, video, ...(afterId !== undefined && { afterId }) }, callOf(mira));
        if (!model.includes(video) || (afterId !== undefined && !model.includes(afterId)))
          await assert.rejects(moved, { code: "video.not_in_playlist", http: 404 });
        else {
          await moved;
          if (afterId === video) continue;
          model.splice(model.indexOf(video), 1);
          model.splice(afterId === undefined ? 0 : model.indexOf(afterId) + 1, 0, video);
        }
      }
      if (step % 15 === 0) assert.deepEqual(await contentOf(id, mira), model);
    }
    assert.deepEqual(await contentOf(id, mira), model);
    // Between the same two again and again there is room for ever.
    for (const one of made) await client.addToPlaylist({ id, videoId: one }, callOf(mira));
    const [first = 0, second = 0, third = 0] = await contentOf(id, mira);
    for (let n = 0; n < 30; n++)
      await client.moveInPlaylist({ id, video: n % 2 === 0 ? third : second, afterId: first }, callOf(mira));
    assert.deepEqual((await contentOf(id, mira)).slice(0, 3), [first, second, third]);
  });

  it("is paged in a playlist without gap or repeat while others come and go", async () => {
    const { id } = await client.createPlaylist({ title: "Seas", visibility: "public" }, callOf(mira));
    const made: number[] = [];
    for (let n = 0; n < 12; n++) {
      made.push((await publish({})).id);
      await client.addToPlaylist({ id, videoId: made.at(-1) ?? 0 }, callOf(mira));
    }
    const seen: number[] = [];
    for (let cursor: string | null = null, n = 0; n === 0 || cursor !== null; n++) {
      const page: { items: { id: number }[]; next: string | null } = await client.playlistItems(
        { id, limit: 5, ...(cursor !== null && { cursor }) },
        callOf(),
      );
      seen.push(...page.items.map((item) => item.id));
      cursor = page.next;
      const early = await publish({});
      await client.addToPlaylist({ id, videoId: early.id }, callOf(mira));
      await client.moveInPlaylist({ id, video: early.id }, callOf(mira));
      await client.removeFromPlaylist({ id, video: seen.at(-1) ?? 0 }, callOf(mira));
    }
    assert.deepEqual(seen, made);
  });

  it("is left out of playlists by whoever may not meet it there", async () => {
    const { id } = await client.createPlaylist({ title: "All", visibility: "public" }, callOf(mira));
    const all = new Map<string, number>();
    for (const visibility of ["public", "unlisted", "private", "followers"] as const)
      all.set(visibility, (await publish({ visibility })).id);
    const { id: locked } = await publish({});
    await client.update({ id: locked, visibility: "password", password: "open sesame" }, callOf(mira));
    for (const video of [...all.values(), locked]) await client.addToPlaylist({ id, videoId: video }, callOf(mira));
    assert.equal((await contentOf(id, mira)).length, 5);
    const open = [all.get("public"), all.get("unlisted")];
    for (const by of [noor, undefined]) assert.deepEqual(await contentOf(id, by), open);
    const counted = await client.playlistItems({ id, count: true }, callOf(noor));
    assert.equal(counted.total, 2, "how many are hidden is not told");
    ties.set(noor, { isBlocking: true });
    assert.deepEqual(await contentOf(id, noor), []);
    ties.clear();
    const theirs = await client.createPlaylist({ title: "Theirs", visibility: "public" }, callOf(noor));
    for (const videoId of open) await client.addToPlaylist({ id: theirs.id, videoId: videoId ?? 0 }, callOf(noor));
    assert.deepEqual(await contentOf(theirs.id, undefined), [all.get("public")], "another's unlisted one stays so");
    const add = (videoId: number) => client.addToPlaylist({ id: theirs.id, videoId }, callOf(noor));
    await assert.rejects(add(all.get("private") ?? 0), notFound);
    await assert.rejects(add(locked), { code: "video.password_required" });
    await assert.rejects(client.addToPlaylist({ id, videoId: locked }, callOf(noor)), { http: 403 });
    await client.remove({ id: all.get("public") ?? 0 }, callOf(mira));
    assert.deepEqual(await contentOf(id, noor), [all.get("unlisted")]);
    const { items } = await client.playlistsOf({ id: noor }, callOf());
    assert.deepEqual(
      items.map((one) => [one.id, one.isMine]),
      [[theirs.id, false]],
    );
    await tell(userDeleted, noor, { userId: noor });
    await host.drain();
    await assert.rejects(client.playlist({ id: theirs.id }, callOf()), { code: "video.playlist_not_found" });
  });

  it("tells what playlists say of themselves, and when they go", async () => {
    const { id } = await client.createPlaylist({ title: "Seas", visibility: "public" }, callOf(mira));
    await client.updatePlaylist({ id, description: "of mine" }, callOf(mira));
    const batch = await client.playlistBatch({}, callOf(undefined, { caller: "test" }));
    assert.deepEqual(
      batch.items.filter(({ playlistId }) => playlistId === id),
      [{ playlistId: id, userId: mira, title: "Seas", description: "of mine", visibility: "public", version: 2 }],
    );
    await client.removePlaylist({ id }, callOf(mira));
    await host.drain();
    assert.deepEqual(told, [`playlist:${id}:Seas::1`, `playlist:${id}:Seas:of mine:2`, `playlist gone:${id}`]);
  });

  it("has no playlists with words of whoever may say nothing, or that are watched", async () => {
    const own = await client.createPlaylist({ title: "nasty", visibility: "private" }, callOf(mira));
    const open = await client.createPlaylist({ title: "Seas", visibility: "public" }, callOf(mira));
    const words = [
      { pattern: "nasty", action: "refuse" as const },
      { pattern: "odd", action: "hold" as const },
    ];
    await tell(wordsChanged, 1, { version: 1, words, rules: usualRules });
    await host.drain();
    const refused = { code: "moderation.words_refused", http: 400 };
    await assert.rejects(client.createPlaylist({ title: "nasty", visibility: "public" }, callOf(mira)), refused);
    await assert.rejects(client.updatePlaylist({ id: own.id, visibility: "unlisted" }, callOf(mira)), refused);
    await assert.rejects(client.updatePlaylist({ id: open.id, description: "so nasty" }, callOf(mira)), refused);
    await client.createPlaylist({ title: "odd", visibility: "private" }, callOf(mira));
    await client.updatePlaylist({ id: open.id, description: "odd" }, callOf(mira));
    await client.updatePlaylist({ id: open.id, description: "odd" }, callOf(mira));
    await host.drain();
    assert.deepEqual(
      told.filter((one) => one.startsWith("flagged")),
      [`flagged:playlist:${open.id}:Seas\nodd`],
    );
    await tell(userMuted, mira, { userId: mira, reason: "loud", untilMs: null, atMs: 1 });
    await host.drain();
    const muted = { code: "moderation.muted", http: 403 };
    await assert.rejects(client.createPlaylist({ title: "More", visibility: "public" }, callOf(mira)), muted);
    await assert.rejects(client.updatePlaylist({ id: open.id, title: "More" }, callOf(mira)), muted);
    await client.updatePlaylist({ id: open.id, visibility: "private" }, callOf(mira));
    await client.createPlaylist({ title: "More", visibility: "private" }, callOf(mira));
  });

  it("does not publish itself for somebody who may say nothing by then, but when they may", async () => {
    object(5, mira, "ready");
    const made = await client.create({ title: "Sea", mediaId: 5, publishAtMs: Date.now() + hourMs }, callOf(mira));
    const untilMs = Date.now() + 300_000;
    await tell(userBanned, mira, { userId: mira, reason: "", untilMs, byAdmin: false, atMs: 1 });
    await host.drain();
    await passes(hourMs);
    const statusOf = async () => (await client.get({ id: made.id }, callOf(mira))).status;
    const { rows } = await sql<{ isSoon: boolean }>`SELECT due_ms - now_ms() <= 300000 AS "isSoon" FROM jobs WHERE
      kind = 'publish' AND state = 'queued' AND last_error LIKE '%say nothing%'`.execute(host.database("video"));
    assert.deepEqual(rows, [{ isSoon: true }], "the job was not put off, or for longer than that lasts");
    assert.equal(await statusOf(), 4);
    assert.deepEqual(told, []);
    await tell(userUnbanned, mira, { userId: mira, atMs: 2 });
    await host.drain();
    await passes(0);
    assert.equal(await statusOf(), 1);
  });

  it("gives back a playlist that a moderator took away, with what is in it", async () => {
    const film = await publish({});
    const { id } = await client.createPlaylist({ title: "Seas", visibility: "public" }, callOf(mira));
    await client.addToPlaylist({ id, videoId: film.id }, callOf(mira));
    const listed = async () => (await client.playlistsOf({ id: mira }, callOf(mira))).items.length;
    await tell(contentRemoved, id, { kind: "playlist", id, reason: "nasty", atMs: 1 });
    await host.drain();
    for (const by of [mira, noor])
      await assert.rejects(client.playlist({ id }, callOf(by)), { code: "video.playlist_not_found" });
    assert.deepEqual([await listed(), (await client.statistics({ id: film.id }, callOf(mira))).playlistCount], [0, 0]);
    await tell(contentRestored, id, { kind: "playlist", id, atMs: 2 });
    await host.drain();
    assert.deepEqual([await contentOf(id, noor), await listed()], [[film.id], 1]);
  });

  it("has playlists that are seen by whom their visibility allows and changed by their makers", async () => {
    const missing = { code: "video.playlist_not_found", http: 404 };
    for (const visibility of ["public", "unlisted", "private"] as const) {
      const { id } = await client.createPlaylist({ title: "Seas", visibility }, callOf(mira));
      const isSeen = visibility !== "private";
      const refused = isSeen ? { code: "video.not_your_playlist", http: 403 } : missing;
      if (isSeen) assert.equal((await client.playlist({ id }, callOf(noor))).title, "Seas");
      else
        for (const ask of [client.playlist, client.playlistItems])
          await assert.rejects(ask({ id }, callOf(noor)), missing);
      const listed = (await client.playlistsOf({ id: mira }, callOf(noor))).items.some((one) => one.id === id);
      assert.equal(listed, visibility === "public");
      const { id: videoId } = await publish({});
      for (const act of [
        () => client.updatePlaylist({ id, title: "x" }, callOf(noor)),
        () => client.removePlaylist({ id }, callOf(noor)),
        () => client.addToPlaylist({ id, videoId }, callOf(noor)),
        () => client.removeFromPlaylist({ id, video: videoId }, callOf(noor)),
        () => client.moveInPlaylist({ id, video: videoId }, callOf(noor)),
      ])
        await assert.rejects(act(), refused);
      const renamed = await client.updatePlaylist({ id, title: "Lakes" }, callOf(mira));
      assert.deepEqual([renamed.title, renamed.visibility, renamed.isMine], ["Lakes", visibility, true]);
      await client.removePlaylist({ id }, callOf(mira));
      await assert.rejects(client.playlist({ id }, callOf(mira)), missing);
    }
  });

  it("tells its owner alone how it does", async () => {
    const { id } = await publish({});
    const list = await client.createPlaylist({ title: "Seas" }, callOf(noor));
    await client.addToPlaylist({ id: list.id, videoId: id }, callOf(noor));
    const told = await client.statistics({ id }, callOf(mira));
    assert.deepEqual([told.id, told.playlistCount, told.durationMs > 0], [id, 1, true]);
    await assert.rejects(client.statistics({ id }, callOf(noor)), { code: "video.not_yours", http: 403 });
    const hidden = await publish({ visibility: "private" });
    await assert.rejects(client.statistics({ id: hidden.id }, callOf(noor)), notFound);
  });

  it("is changed by its owner alone", async () => {
    const { id } = await publish({});
    await assert.rejects(client.update({ id, title: "x" }, callOf(noor)), { code: "video.not_yours", http: 403 });
    await assert.rejects(client.remove({ id }, callOf(noor)), { code: "video.not_yours", http: 403 });
    await assert.rejects(client.update({ id, title: "x" }, callOf()), { http: 401 });
  });

  it("tells what changed, and a new generation when who may see it changed", async () => {
    const { id, generation } = await publish({});
    await client.update({ id, title: "Sea" }, callOf(mira));
    const renamed = await client.update({ id, title: "Lake", tags: ["a"] }, callOf(mira));
    assert.deepEqual([renamed.title, renamed.generation], ["Lake", generation]);
    const hidden = await client.update({ id, isPublic: false }, callOf(mira));
    assert.deepEqual([hidden.visibility, hidden.isPublic, hidden.generation], ["private", false, generation + 1]);
    await host.drain();
    assert.deepEqual(told.slice(1), [`updated:${id}:title,tags`, `updated:${id}:visibility`]);
  });

  it("keeps a picture of one's own as its cover, and an address elsewhere as it is", async () => {
    object(5, mira, "ready", "image");
    object(6, noor, "ready", "image");
    object(7, mira, "ready");
    const own = "/api/v1/media/5/picture";
    const { id, mediaId } = await publish({});
    const made = await client.create({ title: "Sea", mediaId, coverUrl: own }, callOf(mira));
    assert.deepEqual([made.coverMediaId, made.coverUrl], [5, ""]);
    const change = async (coverUrl: string) => {
      const changed = await client.update({ id, coverUrl }, callOf(mira));
      return [changed.coverMediaId, changed.coverUrl];
    };
    const [none, elsewhere] = [[null, ""], "https://pictures.example/a.jpg"];
    assert.deepEqual(await change(`http://localhost:8080${own}?x=1`), [5, ""]);
    // What an answer says, sent back as it was, changes nothing.
    assert.deepEqual(await change(`https://v.example/api/v1/streaming/${id}/g1/cover-5.webp?token=v.1`), [5, ""]);
    assert.deepEqual(await change(elsewhere), [null, elsewhere]);
    assert.deepEqual(await change(own), [5, ""]);
    assert.deepEqual(await change(""), none);
    for (const other of [6, 7, 8, 0, 9_999_999_999_999_999n])
      await assert.rejects(change(`/api/v1/media/${other}/picture`), { code: "video.media_not_found", http: 404 });
    const foreign = "https://other.example/api/v1/media/6/picture";
    assert.deepEqual(await change(foreign), [null, foreign]);
    const playable = await client.playable({ id: made.id }, callOf(noor, { caller: "test" }));
    assert.equal(playable.coverMediaId, 5);
    await host.drain();
    // Of two videos news may come in any order.
    const updates = told.filter((line) => line.startsWith("updated"));
    assert.deepEqual(new Set(updates), new Set([`updated:${id}:coverUrl`]));
  });

  it("takes the covers chosen before they were kept by their id for what they are", async () => {
    const { id } = await publish({});
    const other = await publish({});
    const database = host.database("video");
    const step = migrations.find((text) => text.includes("cover_media_id"))?.split(";")[1] ?? "";
    for (const [url, expected] of [
      ["/api/v1/media/5/picture", [5, ""]],
      ["https://v.example/api/v1/media/5/picture?x", [5, ""]],
      ["https://v.example/a?b=/api/v1/media/5/picture", [null, "https://v.example/a?b=/api/v1/media/5/picture"]],
      ["/api/v1/media/9999999999999999/picture", [null, "/api/v1/media/9999999999999999/picture"]],
    ] as const) {
      await sql`UPDATE videos SET cover_url = ${url}, cover_media_id = NULL WHERE id = ${id}`.execute(database);
      await sql.raw(step).execute(database);
      const { coverMediaId, coverUrl } = await client.get({ id }, callOf());
      assert.deepEqual([coverMediaId, coverUrl], expected);
    }
    assert.equal((await client.get({ id: other.id }, callOf())).coverMediaId, null);
  });

  it("is hidden at once when deleted, and says when nothing shows its media any more", async () => {
    const first = await publish({});
    const second = await client.create({ title: "again", mediaId: first.mediaId }, callOf(mira));
    await client.remove({ id: first.id }, callOf(mira));
    await assert.rejects(client.get({ id: first.id }, callOf(mira)), notFound);
    await assert.rejects(client.remove({ id: first.id }, callOf(mira)), notFound);
    await client.remove({ id: second.id }, callOf(mira));
    await host.drain();
    assert.deepEqual(
      told.filter((line) => line.startsWith("deleted")),
      [`deleted:${first.id}:false`, `deleted:${second.id}:true`],
    );
  });

  it("is not made of media whose last video is deleted meanwhile", async () => {
    const last = await publish({});
    // Media still answers for it: the news of the deletion has not come there yet.
    meanwhile = () => client.remove({ id: last.id }, callOf(mira));
    await assert.rejects(client.create({ title: "again", mediaId: last.mediaId }, callOf(mira)), {
      code: "video.media_not_found",
      http: 404,
    });
    const first = await publish({});
    const second = await client.create({ title: "again", mediaId: first.mediaId }, callOf(mira));
    meanwhile = () => client.remove({ id: first.id }, callOf(mira));
    const third = await client.create({ title: "once more", mediaId: first.mediaId }, callOf(mira));
    await host.drain();
    const deleted = told.filter((line) => line.startsWith("deleted"));
    assert.deepEqual(deleted, [`deleted:${last.id}:true`, `deleted:${first.id}:false`]);
    assert.deepEqual([second.status, third.status], [1, 1]);
  });

  it("is either made of its media or releases it, however making and deleting cross", async () => {
    const before = await Promise.all(Array.from({ length: 20 }, () => publish({})));
    const outcomes = await Promise.allSettled(
      before.flatMap(({ id, mediaId }) => [
        client.create({ title: "again", mediaId }, callOf(mira)),
        client.remove({ id }, callOf(mira)),
      ]),
    );
    await host.drain();
    for (const [n, { id }] of before.entries()) {
      const isMade = outcomes[2 * n]?.status === "fulfilled";
      assert.ok(told.includes(`deleted:${id}:${!isMade}`), `${id}, made again: ${isMade}`);
    }
  });

  it("plays its old file until the new one can be played, then the new one alone, as the same video", async () => {
    const before = await publish({});
    await host.drain();
    told.length = 0;
    object(5, mira, "processing");
    const waiting = await client.replaceMedia({ id: before.id, mediaId: 5 }, callOf(mira));
    assert.deepEqual([waiting.mediaId, waiting.generation, waiting.status], [before.mediaId, before.generation, 1]);
    assert.deepEqual(waiting.replacement, { mediaId: 5, status: "processing", statusReason: null });
    assert.equal((await client.get({ id: before.id }, callOf(noor))).replacement, null);
    await ready(5);
    const after = await client.get({ id: before.id }, callOf(mira));
    assert.deepEqual(
      [after.mediaId, after.generation, after.status, after.publishedAtMs, after.replacement],
      [5, before.generation + 1, 1, before.publishedAtMs, null],
    );
    assert.deepEqual(told, [
      `replaced:${before.id}:${before.mediaId}>5`,
      `updated:${before.id}:media`,
      `released:${before.id}:${before.mediaId}`,
    ]);
    assert.equal((await client.replaceMedia({ id: before.id, mediaId: 5 }, callOf(mira))).generation, after.generation);
  });

  it("plays a new file at once that is ready already", async () => {
    const before = await publish({});
    object(5, mira, "ready");
    const after = await client.replaceMedia({ id: before.id, mediaId: 5 }, callOf(mira));
    assert.deepEqual([after.mediaId, after.generation, after.replacement], [5, before.generation + 1, null]);
  });

  it("is published by its new file when its own never could be", async () => {
    object(5, mira, "failed");
    const { id, status } = await client.create({ title: "Sea", mediaId: 5 }, callOf(mira));
    object(6, mira, "processing");
    await client.replaceMedia({ id, mediaId: 6 }, callOf(mira));
    await ready(6);
    const after = await client.get({ id }, callOf(noor));
    assert.deepEqual([status, after.status, after.statusReason], [2, 1, null]);
    assert.ok(told.includes(`published:${id}:public`));
  });

  it("goes on with its file when the new one fails, and says why to its owner until that is given up", async () => {
    const before = await publish({});
    object(5, mira, "processing");
    await client.replaceMedia({ id: before.id, mediaId: 5 }, callOf(mira));
    await fail(5);
    const kept = await client.get({ id: before.id }, callOf(mira));
    assert.deepEqual([kept.mediaId, kept.generation, kept.status], [before.mediaId, before.generation, 1]);
    const statusReason = { error: "media.unreadable", message: "it ends in the middle" };
    assert.deepEqual(kept.replacement, { mediaId: 5, status: "failed", statusReason });
    for (let repeat = 0; repeat < 2; repeat++)
      assert.equal((await client.keepMedia({ id: before.id }, callOf(mira))).replacement, null);
    await host.drain();
    assert.deepEqual(
      told.filter((line) => line.startsWith("released")),
      [`released:${before.id}:5`],
    );
  });

  it("takes another file only from its owner, only of theirs, and none that was let go", async () => {
    const before = await publish({});
    object(5, noor, "ready");
    object(6, mira, "ready", "image");
    for (const mediaId of [5, 7, 6]) {
      const code = mediaId === 6 ? "video.not_a_video" : "video.media_not_found";
      await assert.rejects(client.replaceMedia({ id: before.id, mediaId }, callOf(mira)), { code });
    }
    for (const ask of [client.replaceMedia, client.keepMedia])
      await assert.rejects(ask({ id: before.id, mediaId: 5 }, callOf(noor)), { code: "video.not_yours" });
    const secret = await publish({ visibility: "private" });
    for (const id of [secret.id, 99]) {
      await assert.rejects(client.replaceMedia({ id, mediaId: 5 }, callOf(noor)), notFound);
      await assert.rejects(client.keepMedia({ id }, callOf(noor)), notFound);
    }
    const last = await publish({});
    await client.remove({ id: last.id }, callOf(mira));
    await assert.rejects(client.replaceMedia({ id: before.id, mediaId: last.mediaId }, callOf(mira)), {
      code: "video.media_not_found",
    });
    const other = await publish({});
    meanwhile = () => client.remove({ id: other.id }, callOf(mira));
    await assert.rejects(client.replaceMedia({ id: before.id, mediaId: other.mediaId }, callOf(mira)), {
      code: "video.media_not_found",
    });
  });

  it("lets go of a file no other video shows, and of no other", async () => {
    const first = await publish({});
    const second = await client.create({ title: "again", mediaId: first.mediaId }, callOf(mira));
    for (const mediaId of [5, 6]) object(mediaId, mira, "ready");
    await client.replaceMedia({ id: first.id, mediaId: 5 }, callOf(mira));
    object(7, mira, "processing");
    await client.replaceMedia({ id: first.id, mediaId: 7 }, callOf(mira));
    await client.replaceMedia({ id: second.id, mediaId: 7 }, callOf(mira));
    await client.keepMedia({ id: first.id }, callOf(mira));
    await client.replaceMedia({ id: second.id, mediaId: 6 }, callOf(mira));
    await host.drain();
    // Of two videos news may come in any order.
    const released = told.filter((line) => line.startsWith("released")).toSorted();
    assert.deepEqual(released, [`released:${second.id}:${first.mediaId}`, `released:${second.id}:7`].toSorted());
    await client.replaceMedia({ id: first.id, mediaId: 6 }, callOf(mira));
    await client.remove({ id: second.id }, callOf(mira));
    await host.drain();
    assert.ok(told.includes(`released:${first.id}:5`));
    assert.ok(told.includes(`deleted:${second.id}:false`));
  });

  it("shows one of two files given at once, and lets the other go", async () => {
    for (let round = 0; round < 10; round++) {
      const { id, mediaId: old } = await publish({});
      const [one, two] = [++lastObject, ++lastObject];
      for (const mediaId of [one, two]) object(mediaId, mira, "processing");
      const give = (mediaId: number) => client.replaceMedia({ id, mediaId }, callOf(mira));
      await Promise.all([give(one), give(two), ready(one), ready(two)]);
      await host.drain();
      const { mediaId, replacement } = await client.get({ id }, callOf(mira));
      assert.ok([one, two].includes(mediaId) && replacement === null, `shows ${mediaId} of ${one}, ${two}`);
      const released = told.filter((line) => line.startsWith(`released:${id}:`)).toSorted();
      const gone = [old, mediaId === one ? two : one];
      assert.deepEqual(released, gone.map((each) => `released:${id}:${each}`).toSorted());
    }
    await verified();
  });

  it("is gone with everything of it when it is deleted while its file is replaced", async () => {
    for (let round = 0; round < 10; round++) {
      const { id, mediaId: old } = await publish({});
      const next = ++lastObject;
      object(next, mira, "processing");
      const [given] = await Promise.allSettled([
        client.replaceMedia({ id, mediaId: next }, callOf(mira)),
        client.remove({ id }, callOf(mira)),
        ready(next),
      ]);
      await host.drain();
      await assert.rejects(client.get({ id }, callOf(mira)), notFound);
      const gone = told.filter((line) => /^(?:released|deleted)/.test(line) && line.includes(`:${id}:`)).length;
      const isSwitched = told.includes(`replaced:${id}:${old}>${next}`);
      assert.equal(gone, given.status === "fulfilled" ? 2 : 1, `given ${given.status}, switched ${isSwitched}`);
    }
    await verified();
  });

  it("goes with its owner", async () => {
    const { id } = await publish({});
    await tell(userDeleted, mira, { userId: mira });
    await host.drain();
    await assert.rejects(client.get({ id }, callOf()), notFound);
  });

  it("pages through somebody's videos without gap or repeat while others come and go", async () => {
    const made: { id: number }[] = [];
    for (let i = 0; i < 9; i++) made.push(await publish({}));
    const first = await client.ofUser({ id: mira, limit: 3, count: true }, callOf());
    await publish({});
    await client.remove({ id: made[1]?.id ?? 0 }, callOf(mira));
    const seen = first.items.map(({ id }) => id);
    for (let { next } = first; next !== null; ) {
      const page = await client.ofUser({ id: mira, limit: 3, cursor: next }, callOf());
      seen.push(...page.items.map(({ id }) => id));
      next = page.next;
    }
    const expected = made
      .map(({ id }) => id)
      .toReversed()
      .filter((id) => id !== made[1]?.id);
    assert.deepEqual([seen, first.total], [expected, 9]);
    await assert.rejects(client.ofUser({ id: 99 }, callOf()), { code: "user.not_found" });
    assert.deepEqual(await client.authorCounts({ userIds: [mira, noor] }, service), {
      items: [{ userId: mira, videoCount: 9 }],
    });
  });

  it("feeds every public video once, newest first, while 100 are published and 20 deleted", async () => {
    const early: number[] = [];
    for (let i = 0; i < 30; i++) early.push((await publish({})).id);
    await host.drain();
    const late: number[] = [];
    const gone = new Set<number>();
    const seen: number[] = [];
    for (let next: string | null | undefined; next !== null; ) {
      const page = await feed.feed({ limit: 3, ...(next !== undefined && { cursor: next }) }, callOf());
      const ids = page.items.map(({ videoId }) => videoId);
      const { items } = await client.visible({ ids }, service);
      seen.push(...items.map(({ id }) => id));
      next = page.next;
      for (let i = 0; i < 20 && late.length < 100; i++) late.push((await publish({})).id);
      for (const id of [...early, ...late].filter((one) => !gone.has(one) && !seen.includes(one)).slice(0, 4))
        if (gone.size < 20) {
          await client.remove({ id }, callOf(mira));
          gone.add(id);
        }
      await host.drain();
    }
    assert.equal(new Set(seen).size, seen.length, "nothing twice");
    const missing = early.filter((id) => !seen.includes(id) && !gone.has(id));
    assert.deepEqual([missing, late.length, gone.size], [[], 100, 20]);
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => b - a),
    );
    await assert.rejects(feed.feed({ cursor: "bm8" }, callOf()), { code: "kernel.bad_cursor", http: 400 });
  });

  it("leaves the feed when it is made private and comes back when it is public again", async () => {
    const { id } = await publish({});
    await host.drain();
    const ids = async () => (await feed.feed({}, callOf())).items.map(({ videoId }) => videoId);
    assert.deepEqual(await ids(), [id]);
    await client.update({ id, visibility: "unlisted" }, callOf(mira));
    await host.drain();
    assert.deepEqual(await ids(), []);
    await client.update({ id, isPublic: true }, callOf(mira));
    await host.drain();
    assert.deepEqual(await ids(), [id]);
  });
});

const [mira, noor] = [1, 2];
const notFound = { code: "video.not_found", http: 404, message: "no such video", details: {} };
const service = callOf(undefined, { caller: "test" });
const host = new TestHost();
const client = host.client(video);
const feed = host.client(recommend);
const told: string[] = [];
let neighbour: Host;

type Brief = z.output<typeof media.methods.briefs.output>["items"][number];
const objects = new Map<number, Brief>();
function object(id: number, userId: number, status: Brief["status"], kind: Brief["kind"] = "video"): void {
  objects.set(id, {
    id,
    userId,
    kind,
    status,
    statusReason: null,
    width: 640,
    height: 360,
    durationMs: 6_000,
    sizeBytes: 1_000,
    hasCover: false,
    thumb: null,
    gainDb: 0,
    hasStoryboard: false,
    hasPreview: false,
    hasWaveform: false,
  });
}
/** What happens once between an answer of media and its use. */
let meanwhile: (() => Promise<unknown>) | undefined;
const contentOf = async (id: number, by: number | undefined) =>
  (await client.playlistItems({ id, limit: 100 }, callOf(by))).items.map((item) => item.id);
/** Numbers below a bound, the same for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
let lastObject = 1_000;
const hourMs = 3_600_000;
/** As if so much time had passed since videos were planned, and their jobs had come a little early. */
async function passes(ms: number): Promise<void> {
  const database = host.database("video");
  await sql`UPDATE videos SET publish_at_ms = publish_at_ms - ${ms}::bigint`.execute(database);
  await sql`
    UPDATE jobs SET due_ms = 0, payload = jsonb_set(payload::jsonb, '{atMs}',
      to_jsonb((payload::jsonb ->> 'atMs')::bigint - ${ms}::bigint))::text
    WHERE kind = 'publish' AND state = 'queued'`.execute(database);
  await host.drain();
}
async function verified(): Promise<void> {
  const findings: string[] = [];
  for await (const { service, finding } of (await host.host()).verify({ readsAll: false }))
    findings.push(`${service}: ${finding}`);
  assert.deepEqual(findings, []);
}
function publish(given: Partial<z.input<(typeof video)["methods"]["create"]["input"]>>) {
  object(++lastObject, mira, "ready");
  return client.create({ title: "Sea", mediaId: lastObject, ...given }, callOf(mira));
}

/** Stands where the media service is: answers for the objects of a case and tells its events. */
const mediaStand = plugin({
  contract: contract("media", 1, { briefs: media.methods.briefs }),
  needs: [],
  migrations: [],
  start(given: Host) {
    neighbour = given;
    return {
      handlers: {
        async briefs({ ids }) {
          const happens = meanwhile;
          meanwhile = undefined;
          await happens?.();
          return { items: ids.flatMap((id) => objects.get(id) ?? []) };
        },
      },
    };
  },
});
/** What somebody and everybody else are to each other, seen from them. */
const ties = new Map<number, { isFollowed?: boolean; isBlocked?: boolean; isBlocking?: boolean }>();
let areTiesDown = false;
const relationStand = plugin({
  contract: contract("relation", 1, { towards: relation.methods.towards }),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {
      async towards({ userId, otherIds }) {
        if (areTiesDown) throw ServiceUnavailable({ service: "relation" });
        const none = { isFollowed: false, isBlocked: false, isBlocking: false };
        return { items: otherIds.map((id) => ({ ...none, userId: id, ...ties.get(userId) })) };
      },
    },
  }),
});
const userStand = plugin({
  contract: contract("user", 1, { briefs: user.methods.briefs }),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {
      briefs: async ({ ids }) => ({
        items: ids
          .filter((id) => id <= noor)
          .map((id) => ({ id, username: "u", nickname: "u", avatar: "", introduction: "" })),
      }),
    },
  }),
});
const listener = plugin({
  contract: contract("listener", 1, {}),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {},
    subscriptions: [
      on(videoPublished, async (_, { videoId, visibility }) => void told.push(`published:${videoId}:${visibility}`)),
      on(videoUpdated, async (_, { videoId, changed }) => void told.push(`updated:${videoId}:${changed.join()}`)),
      on(
        videoMediaReplaced,
        async (_, { videoId, mediaId, formerMediaId }) =>
          void told.push(`replaced:${videoId}:${formerMediaId}>${mediaId}`),
      ),
      on(videoMediaReleased, async (_, { videoId, mediaId }) => void told.push(`released:${videoId}:${mediaId}`)),
      on(videoDeleted, async (_, { videoId, isLastOfMedia }) => void told.push(`deleted:${videoId}:${isLastOfMedia}`)),
      on(
        playlistUpdated,
        async (_, { playlistId, title, description, version }) =>
          void told.push(`playlist:${playlistId}:${title}:${description}:${version}`),
      ),
      on(contentFlagged, async (_, { kind, id, excerpt }) => void told.push(`flagged:${kind}:${id}:${excerpt}`)),
      on(playlistDeleted, async (_, { playlistId }) => void told.push(`playlist gone:${playlistId}`)),
    ],
  }),
});

const tell = <P extends z.ZodType>(type: EventType<P>, key: number, payload: z.input<P>) =>
  neighbour.db.tx((tx) => neighbour.emit(tx, type, key, payload));
const ready = (mediaId: number) =>
  tell(mediaReady, mediaId, {
    mediaId,
    userId: mira,
    sizeBytes: 1_000,
    hasCover: true,
    kind: "video",
    width: 640,
    height: 360,
    durationMs: 6_000,
    fps: 30,
  }).then(() => host.drain());
const fail = (mediaId: number) =>
  tell(mediaFailed, mediaId, {
    mediaId,
    userId: mira,
    error: "media.unreadable",
    message: "it ends in the middle",
  }).then(() => host.drain());
