import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { userDeleted } from "#events/auth";
import { blocklistChanged, contentRemoved, contentRestored, userMuted } from "#events/moderation";
import { callOf } from "#kernel/host/testing";
import { usualRules } from "#policy/copies/blocklist";
import { mira, noor, notFound, VideoFixture } from "../testing.ts";

describe("a video in playlists", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("has the place that its owner chose, in agreement with a naive model", async () => {
    const { id } = await client.createPlaylist({ title: "Seas" }, callOf(mira));
    const model: number[] = [];
    const ids: number[] = [];
    for (let n = 0; n < 8; n++) ids.push((await fixture.publish({})).id);
    const random = numbers(11);
    const itemOf = (n: number) => ids[n % ids.length] ?? 0;
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
    // There is always room between the same two videos.
    for (const one of ids) await client.addToPlaylist({ id, videoId: one }, callOf(mira));
    const [first = 0, second = 0, third = 0] = await contentOf(id, mira);
    for (let n = 0; n < 30; n++)
      await client.moveInPlaylist({ id, video: n % 2 === 0 ? third : second, afterId: first }, callOf(mira));
    assert.deepEqual((await contentOf(id, mira)).slice(0, 3), [first, second, third]);
  });

  it("is paged in a playlist without gap or repeat while others are added and removed", async () => {
    const { id } = await client.createPlaylist({ title: "Seas", visibility: "public" }, callOf(mira));
    const ids: number[] = [];
    for (let n = 0; n < 12; n++) {
      ids.push((await fixture.publish({})).id);
      await client.addToPlaylist({ id, videoId: ids.at(-1) ?? 0 }, callOf(mira));
    }
    const seen: number[] = [];
    for (let cursor: string | null = null, n = 0; n === 0 || cursor !== null; n++) {
      const page: { items: { id: number }[]; next: string | null } = await client.playlistItems(
        { id, limit: 5, ...(cursor !== null && { cursor }) },
        callOf(),
      );
      seen.push(...page.items.map((item) => item.id));
      cursor = page.next;
      const early = await fixture.publish({});
      await client.addToPlaylist({ id, videoId: early.id }, callOf(mira));
      await client.moveInPlaylist({ id, video: early.id }, callOf(mira));
      await client.removeFromPlaylist({ id, video: seen.at(-1) ?? 0 }, callOf(mira));
    }
    assert.deepEqual(seen, ids);
  });

  it("is hidden in playlists from viewers without access to it", async () => {
    const { id } = await client.createPlaylist({ title: "All", visibility: "public" }, callOf(mira));
    const all = new Map<string, number>();
    for (const visibility of ["public", "unlisted", "private", "followers"] as const)
      all.set(visibility, (await fixture.publish({ visibility })).id);
    const { id: locked } = await fixture.publish({});
    await client.update({ id: locked, visibility: "password", password: "open sesame" }, callOf(mira));
    for (const video of [...all.values(), locked]) await client.addToPlaylist({ id, videoId: video }, callOf(mira));
    assert.equal((await contentOf(id, mira)).length, 5);
    const open = [all.get("public"), all.get("unlisted")];
    for (const by of [noor, undefined]) assert.deepEqual(await contentOf(id, by), open);
    const counted = await client.playlistItems({ id, count: true }, callOf(noor));
    assert.equal(counted.total, 2, "hidden videos are counted");
    relationships.set(noor, { isBlocking: true });
    assert.deepEqual(await contentOf(id, noor), []);
    const none = { items: [], next: null, total: 0 };
    assert.deepEqual(await client.playlistsOf({ id: mira, count: true }, callOf(noor)), none);
    assert.equal((await client.playlistsOf({ id: mira }, callOf(mira))).items.length, 1);
    relationships.clear();
    assert.equal((await client.playlistsOf({ id: mira }, callOf(noor))).items.length, 1);
    const theirs = await client.createPlaylist({ title: "Theirs", visibility: "public" }, callOf(noor));
    for (const videoId of open) await client.addToPlaylist({ id: theirs.id, videoId: videoId ?? 0 }, callOf(noor));
    assert.deepEqual(
      await contentOf(theirs.id, undefined),
      [all.get("public")],
      "another user's unlisted video is shown",
    );
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
    await fixture.emit(userDeleted, noor, { userId: noor });
    await host.drain();
    await assert.rejects(client.playlist({ id: theirs.id }, callOf()), { code: "video.playlist_not_found" });
  });

  it("has playlists whose changes and deletion are published", async () => {
    const { id } = await client.createPlaylist({ title: "Seas", visibility: "public" }, callOf(mira));
    await client.updatePlaylist({ id, description: "of mine" }, callOf(mira));
    const batch = await client.playlistBatch({}, callOf(undefined, { caller: "test" }));
    assert.deepEqual(
      batch.items.filter(({ playlistId }) => playlistId === id),
      [{ playlistId: id, userId: mira, title: "Seas", description: "of mine", visibility: "public", version: 2 }],
    );
    await client.removePlaylist({ id }, callOf(mira));
    await host.drain();
    assert.deepEqual(published, [`playlist:${id}:Seas::1`, `playlist:${id}:Seas:of mine:2`, `playlist deleted:${id}`]);
  });

  it("is in no public playlist with a text of a muted user or a blocklist term", async () => {
    const own = await client.createPlaylist({ title: "nasty", visibility: "private" }, callOf(mira));
    const open = await client.createPlaylist({ title: "Seas", visibility: "public" }, callOf(mira));
    const words = [
      { pattern: "nasty", action: "refuse" as const },
      { pattern: "odd", action: "hold" as const },
    ];
    await fixture.emit(blocklistChanged, 1, { version: 1, words, rules: usualRules });
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
      published.filter((one) => one.startsWith("flagged")),
      [`flagged:playlist:${open.id}:Seas\nodd`],
    );
    await fixture.emit(userMuted, mira, { userId: mira, reason: "loud", untilMs: null, atMs: 1 });
    await host.drain();
    const muted = { code: "moderation.muted", http: 403 };
    await assert.rejects(client.createPlaylist({ title: "More", visibility: "public" }, callOf(mira)), muted);
    await assert.rejects(client.updatePlaylist({ id: open.id, title: "More" }, callOf(mira)), muted);
    await client.updatePlaylist({ id: open.id, visibility: "private" }, callOf(mira));
    await client.createPlaylist({ title: "More", visibility: "private" }, callOf(mira));
  });

  it("is in a playlist again after a moderator removed and restored it", async () => {
    const film = await fixture.publish({});
    const { id } = await client.createPlaylist({ title: "Seas", visibility: "public" }, callOf(mira));
    await client.addToPlaylist({ id, videoId: film.id }, callOf(mira));
    const listed = async () => (await client.playlistsOf({ id: mira }, callOf(mira))).items.length;
    await fixture.emit(contentRemoved, id, { kind: "playlist", id, reason: "nasty", atMs: 1 });
    await host.drain();
    for (const by of [mira, noor])
      await assert.rejects(client.playlist({ id }, callOf(by)), { code: "video.playlist_not_found" });
    assert.deepEqual([await listed(), (await client.statistics({ id: film.id }, callOf(mira))).playlistCount], [0, 0]);
    await fixture.emit(contentRestored, id, { kind: "playlist", id, atMs: 2 });
    await host.drain();
    assert.deepEqual([await contentOf(id, noor), await listed()], [[film.id], 1]);
  });

  it("has playlists with a visibility of their own, which only their owners can change", async () => {
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
      const { id: videoId } = await fixture.publish({});
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
});

const fixture = new VideoFixture();
const { host, client, published, relationships } = fixture;
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
