import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { accountAlerted, userDeleted, userRegistered } from "#events/auth";
import { commentCreated, commentDeleted, commentLiked, videoLiked } from "#events/interaction";
import { liveDeleted, liveUpdated } from "#events/live";
import { Outcome, decisionMade } from "#events/moderation";
import { userBlocked, userFollowed } from "#events/relation";
import { videoDeleted, videoPublished, videoUpdated } from "#events/video";
import { callOf } from "#kernel/host/testing";
import fc from "fast-check";
import type { z } from "zod";
import { kindsOf, type PostedComment, commentedOf } from "./facts.ts";
import { owner, roomState, Stand } from "../testing.ts";

describe("notifications", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => stand.host[Symbol.asyncDispose]());

  it("are created for likes, comments, replies, mentions, follows and likes of comments, each for its recipient", async () => {
    await like(2);
    await say(3, { mentions: [4] });
    await say(5, { parentId: 30, rootId: 30, replyToUserId: 3, commentId: 31 });
    await stand.publishEvent(commentLiked, 30, { commentId: 30, videoId: 7, userId: 6, authorId: 3, atMs: 1 });
    await stand.publishEvent(userFollowed, 2, { userId: 2, targetId: 3, atMs: 1 });
    assert.deepEqual(await kinds(owner), ["comment 5", "comment 3", "like 2"]);
    assert.deepEqual(await kinds(3), ["follow 2", "comment_like 6", "reply 5"]);
    assert.deepEqual(await kinds(4), ["mention 3"]);
    const [mention] = await listOf(4);
    assert.deepEqual(
      [mention?.type, mention?.videoId, mention?.commentId, mention?.relatedId, mention?.content, mention?.isRead],
      [4, 7, 30, 30, "nice", false],
    );
    assert.deepEqual(
      stand.publishedEvents.toSorted(),
      [
        "notified 1000 1",
        "notified 1000 2",
        "notified 1000 2",
        "notified 3 1",
        "notified 3 2",
        "notified 3 3",
        "notified 4 4",
      ].toSorted(),
    );
    const { items, unreadCount } = await client.notifications({ type: 2 }, callOf(3));
    assert.deepEqual([items.map(({ kind }) => kind), unreadCount], [["reply"], 3]);
  });

  it("are created once for repeated acts and redelivered events, and never for one's own acts", async () => {
    for (let n = 0; n < 3; n++) await like(2);
    await Promise.all([like(3), like(3), like(3)]);
    await like(owner);
    await say(owner, { mentions: [owner], replyToUserId: owner, parentId: 1, rootId: 1 });
    await say(3);
    await say(3);
    assert.deepEqual((await kinds(owner)).toSorted(), ["comment 3", "like 2", "like 3"]);
    assert.equal(stand.publishedEvents.length, 3);
    // The same event again, as a bus may bring it.
    const event = {
      eventId: "00000000-0000-7000-8000-000000000001",
      type: videoLiked.name,
      source: "interaction",
      key: 7,
      traceId: "0".repeat(32),
    };
    const payload = JSON.stringify({ videoId: 7, userId: 9, authorId: owner, atMs: 1 });
    const host = await stand.host.host();
    for (let n = 0; n < 2; n++) await host.deliver("message", [{ ...event, payload }]);
    await stand.host.drain();
    assert.equal((await kinds(owner)).filter((one) => one === "like 9").length, 1);
  });

  it("are created for all events of a batch, with many for one user and some without a recipient", async () => {
    await stand.publishEvent(userDeleted, 5, { userId: 5 });
    stand.blocks.add(`${owner}:6`);
    const host = await stand.host.host();
    const likes = [7, 8].flatMap((videoId) => [2, 3, 4, 5, 6, owner].map((userId) => ({ videoId, userId })));
    await Promise.all(
      [...likes, { videoId: 7, userId: 2 }].map((one, n) =>
        host.deliver("message", [
          {
            eventId: `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`,
            type: videoLiked.name,
            source: "interaction",
            key: one.videoId,
            traceId: "0".repeat(32),
            payload: JSON.stringify({ ...one, authorId: owner, atMs: 1 }),
          },
        ]),
      ),
    );
    await stand.host.drain();
    assert.deepEqual((await kinds(owner)).toSorted(), ["like 2", "like 2", "like 3", "like 3", "like 4", "like 4"]);
    const { items } = await client.updates({ after: 0 }, callOf(owner));
    assert.deepEqual(
      items.map(({ seq }) => seq),
      [1, 2, 3, 4, 5, 6],
    );
    const { items: merged } = await client.notifications({ merged: true }, callOf(owner));
    assert.deepEqual(
      merged.map(({ videoId, senderCount, count }) => `${videoId}: ${senderCount}, ${count}`).toSorted(),
      ["7: 3, 3", "8: 3, 3"],
    );
  });

  it("are not created between users of whom one blocks the other, and are deleted by a block", async () => {
    stand.blocks.add(`${owner}:2`);
    await like(2);
    stand.blocks.add("3:4");
    await say(3, { mentions: [4] });
    assert.deepEqual([await kinds(owner), await kinds(4)], [["comment 3"], []]);
    await stand.publishEvent(userBlocked, 3, { userId: 3, targetId: owner, atMs: 1 });
    assert.deepEqual(await kinds(owner), []);
    assert.deepEqual((await client.updates({ after: 0 }, callOf(owner))).items.at(-1)?.type, "notifications");
  });

  it("are not created for videos that their recipient may not see", async () => {
    await say(owner, { videoId: 77, mentions: [4] });
    assert.deepEqual(await kinds(4), []);
  });

  it("are deleted with their subject, and not created after its deletion", async () => {
    await like(2);
    await say(3, { mentions: [4] });
    await say(5, { parentId: 30, rootId: 30, replyToUserId: 3, commentId: 31 });
    await stand.publishEvent(commentDeleted, 7, { commentId: 30, videoId: 7, userId: 3, parentId: null, removed: 2 });
    assert.deepEqual([await kinds(owner), await kinds(3), await kinds(4)], [["like 2"], [], []]);
    await say(6, { parentId: 30, rootId: 30, replyToUserId: 3, commentId: 32 });
    assert.deepEqual(await kinds(3), []);
    await stand.publishEvent(videoDeleted, 7, { videoId: 7, userId: owner, mediaId: 1, isLastOfMedia: true });
    assert.deepEqual(await kinds(owner), []);
    await like(8);
    assert.deepEqual(await kinds(owner), []);
    await stand.publishEvent(userFollowed, 2, { userId: 2, targetId: 3, atMs: 1 });
    await stand.publishEvent(userDeleted, 2, { userId: 2 });
    assert.deepEqual(await kinds(3), []);
    await stand.publishEvent(userFollowed, 2, { userId: 2, targetId: 3, atMs: 2 });
    assert.deepEqual(await kinds(3), []);
  });

  it("notify followers of a publication that they may see, in batches, and no other user", async () => {
    for (let n = 0; n < 1_203; n++) stand.follows.add(`${10_000 + n}:${owner}`);
    await publish(7);
    await publish(7);
    const rows = await stand.db.selectFrom("message.notifications").select("user_id").execute();
    assert.equal(rows.length, 1_203);
    assert.equal(new Set(rows.map((row) => row.user_id)).size, 1_203);
    const [one] = await listOf(10_000);
    assert.deepEqual(
      [one?.kind, one?.type, one?.senderId, one?.videoId, one?.title],
      ["published", 5, owner, 7, "Sea"],
    );
    await publish(8, "unlisted");
    await publish(9, "private");
    assert.equal((await listOf(10_000)).length, 1);
    await stand.publishEvent(videoUpdated, 7, {
      videoId: 7,
      userId: owner,
      changed: ["visibility"],
      title: "Sea",
      hashtags: [],
      visibility: "private",
      publishedAtMs: 1,
      generation: 2,
      version: 2,
    });
    assert.deepEqual(await listOf(10_000), [], "a private video's name is no longer shown");
  });

  it("notify followers of a live room that starts, once and while it is live", async () => {
    for (const follower of [2, 3]) stand.follows.add(`${follower}:${owner}`);
    await stand.startRoom(70);
    await stand.startRoom(70);
    const [one, ...others] = await listOf(2);
    assert.deepEqual(
      [one?.kind, one?.type, one?.senderId, one?.liveId, one?.relatedId, one?.videoId, one?.title],
      ["live", 7, owner, 70, 70, null, "Sea"],
    );
    assert.equal(others.length, 0, "one notification of one room");
    assert.equal((await listOf(3)).length, 1);
    assert.deepEqual(await listOf(4), [], "who does not follow gets none");
    assert.equal((await client.notifications({ type: 7 }, callOf(2))).items.length, 1);
  });

  it("notify nobody of a live room that is hidden, has ended, or whose owner wants no notification", async () => {
    stand.follows.add(`2:${owner}`);
    await stand.startRoom(70, { visibility: "unlisted" });
    await stand.startRoom(71, { visibility: "private" });
    await stand.startRoom(72, { status: "ended" });
    await stand.startRoom(73, { notifiesFollowers: false });
    await client.setSettings({ live: false }, callOf(3));
    stand.follows.add(`3:${owner}`);
    await stand.startRoom(74);
    assert.deepEqual([(await listOf(2)).map((row) => row.liveId), await listOf(3)], [[74], []]);
  });

  it("about a live room are deleted with it, and when it is hidden", async () => {
    stand.follows.add(`2:${owner}`);
    await stand.startRoom(70);
    await stand.startRoom(71);
    await stand.startRoom(72);
    await stand.publishEvent(liveDeleted, 70, { liveId: 70, ownerId: owner, version: 2 });
    await stand.publishEvent(liveUpdated, 71, { ...roomState(71), visibility: "private" });
    await stand.publishEvent(liveUpdated, 72, { ...roomState(72), status: "paused" });
    assert.deepEqual(
      (await listOf(2)).map((row) => row.liveId),
      [72],
    );
    await stand.startRoom(70);
    assert.deepEqual(
      (await listOf(2)).map((row) => row.liveId),
      [72],
      "a late event of a deleted room notifies nobody",
    );
  });

  it("welcome a new user", async () => {
    await stand.publishEvent(userRegistered, 5, { userId: 5, username: "five" });
    const [one] = await listOf(5);
    assert.deepEqual([one?.type, one?.kind, one?.senderId], [5, "welcome", null]);
  });

  it("report decisions of moderators about a user, each once, whatever kinds are switched off", async () => {
    const publishDecision = (caseId: number, outcome: z.output<typeof Outcome>, note: string) =>
      stand.publishEvent(decisionMade, 5, { caseId, userId: 5, outcome, note, atMs: stand.clockMs });
    for (const outcome of Outcome.options) await publishDecision(90, outcome, "be kind");
    await publishDecision(90, "warned", "be kind");
    await publishDecision(91, "warned", "again");
    const notifications = await listOf(5);
    assert.deepEqual(
      notifications.map(({ type, kind, senderId, content }) => [type, kind, senderId, content]),
      [[5, "warned", null, "again"], ...Outcome.options.toReversed().map((kind) => [5, kind, null, "be kind"])],
    );
    assert.ok(notifications.every(({ title }) => title !== ""));
    const merged = await client.notifications({ merged: true }, callOf(5));
    assert.equal(merged.items.length, notifications.length, "no two of them are shown as one");
  });

  it("name each alert of an account once, whatever is switched off, by its kind and its client or token", async () => {
    const publishAlert = (alertId: number, parts: { kind: string; agent?: string; name?: string }) =>
      stand.publishEvent(accountAlerted, 5, { userId: 5, alertId, agent: "", name: "", atMs: 1, ...parts });
    await publishAlert(60, { kind: "new_device", agent: "Phone 1" });
    await publishAlert(60, { kind: "new_device", agent: "Phone 1" });
    await publishAlert(61, { kind: "token_made", agent: "curl/8", name: "Nightly upload" });
    await publishAlert(62, { kind: "of_a_later_version" });
    const notifications = await client.notifications({ merged: true }, callOf(5)).then(({ items }) => items);
    assert.deepEqual(
      notifications.map(({ type, kind, alert, title, content }) => [type, kind, alert, title, content]),
      [
        [5, "alerted", null, "of_a_later_version", ""],
        [5, "alerted", "token_made", "New access token for your account", "Nightly upload"],
        [5, "alerted", "new_device", "New sign-in to your account", "Phone 1"],
      ],
    );
  });

  it("about one subject within a day are merged, with the latest senders and their number", async () => {
    for (const by of [2, 3, 4, 5]) await like(by);
    await like(6, 8);
    const merged = () => client.notifications({ merged: true }, callOf(owner)).then(({ items }) => items);
    const [other, sea] = await merged();
    assert.deepEqual([other?.videoId, other?.senderCount], [8, 1]);
    assert.deepEqual([sea?.videoId, sea?.senderIds, sea?.senderCount, sea?.count], [7, [5, 4, 3], 4, 4]);
    assert.equal((await listOf(owner)).length, 5, "and one by one where nobody asked for that");
    const read = await client.readNotification({ id: sea?.id ?? 0, merged: true }, callOf(owner));
    assert.deepEqual([read.isRead, read.senderCount], [true, 4]);
    assert.equal((await client.unread({}, callOf(owner))).notificationCount, 1);
    await like(9);
    assert.deepEqual(
      (await merged()).map((one) => [one.videoId, one.senderCount]),
      [
        [7, 1],
        [8, 1],
        [7, 4],
      ],
    );
    stand.clockMs += 25 * 3_600_000;
    await like(10);
    assert.deepEqual(
      (await merged()).map((one) => one.senderCount),
      [1, 1, 1, 4],
      "a day later it is news again",
    );
  });

  it("are read one by one or all, by their reader alone", async () => {
    for (const by of [2, 3, 4]) await like(by);
    const [first] = await listOf(owner);
    const id = first?.id ?? 0;
    await assert.rejects(client.readNotification({ id }, callOf(5)), { code: "notification.not_found", http: 404 });
    for (let n = 0; n < 2; n++) assert.equal((await client.readNotification({ id }, callOf(owner))).isRead, true);
    const left = await client.notifications({ unread: true }, callOf(owner));
    assert.deepEqual([left.items.length, left.unreadCount], [2, 2]);
    assert.deepEqual(await client.readAll({}, callOf(owner)), { count: 2 });
    assert.deepEqual(await client.readAll({}, callOf(owner)), { count: 0 });
    assert.equal((await client.unread({}, callOf(owner))).notificationCount, 0);
  });

  it("are created only of the kinds a user has switched on", async () => {
    const all = {
      like: true,
      comment: true,
      reply: true,
      mention: true,
      commentLike: true,
      follow: true,
      published: true,
      live: true,
    };
    const settings = async () => {
      const { mail: _, push: __, ...site } = await client.settings({}, callOf(owner));
      return site;
    };
    assert.deepEqual(await settings(), all);
    assert.equal((await client.setSettings({ like: false }, callOf(owner))).like, false);
    assert.deepEqual(await settings(), { ...all, like: false });
    await Promise.all([
      client.setSettings({ comment: false }, callOf(owner)),
      client.setSettings({ follow: false }, callOf(owner)),
    ]);
    assert.deepEqual(await settings(), { ...all, like: false, comment: false, follow: false });
    await like(2);
    await say(3);
    assert.deepEqual(await kinds(owner), []);
    await client.setSettings(all, callOf(owner));
    await like(4);
    assert.deepEqual(await kinds(owner), ["like 4"]);
  });

  it("are stored up to a maximum, and paged while others arrive", async () => {
    await stand.db.tx((tx) =>
      tx
        .insertInto("message.notifications")
        .values(
          Array.from({ length: 1_000 }, (_, n) => ({
            user_id: owner,
            seq: n + 1,
            id: n + 1,
            kind: "like",
            sender_id: n + 1,
            fact_id: 7,
            subject_id: 7,
            group_id: 1,
            video_id: 7,
            comment_id: null,
            root_id: null,
            title: "",
            content: "",
            created_at_ms: 1,
          })),
        )
        .execute(),
    );
    await stand.db.tx((tx) => tx.insertInto("message.inboxes").values({ user_id: owner, seq: 1_000 }).execute());
    for (const by of [5_001, 5_002]) await like(by);
    const kept = await stand.db.selectFrom("message.notifications").select("seq").orderBy("seq").execute();
    assert.deepEqual([kept.length, kept[0]?.seq, kept.at(-1)?.seq], [1_000, 3, 1_002]);
    const met: number[] = [];
    for (let next: string | null | undefined; next !== null; ) {
      const page = await client.notifications({ limit: 100, ...(next && { cursor: next }) }, callOf(owner));
      met.push(...page.items.map(({ senderId }) => senderId ?? 0));
      next = page.next;
      await like(6_000 + met.length);
    }
    assert.equal(new Set(met).size, met.length);
    assert.deepEqual(met.slice(0, 3), [5_002, 5_001, 1_000]);
    assert.ok(met.every((by) => by < 6_000));
  });

  it("of a comment are one per recipient, never for its author", () => {
    const person = fc.integer({ min: 1, max: 4 });
    const said: fc.Arbitrary<PostedComment> = fc.record({
      commentId: fc.constant(9),
      videoId: fc.constant(7),
      authorId: person,
      userId: person,
      parentId: fc.constant(8),
      rootId: fc.constant(8),
      replyToUserId: fc.option(person),
      mentions: fc.array(person, { maxLength: 5 }),
      content: fc.string({ maxLength: 400, unit: "binary" }),
    });
    fc.assert(
      fc.property(said, (comment) => {
        const facts = commentedOf(comment);
        const concerned = new Set([
          comment.authorId,
          ...comment.mentions,
          ...(comment.replyToUserId ? [comment.replyToUserId] : []),
        ]);
        concerned.delete(comment.userId);
        assert.deepEqual(new Set(facts.map(({ userId }) => userId)), concerned);
        assert.equal(facts.length, concerned.size);
        assert.ok(facts.every(({ content }) => [...content].length <= 200 && content.isWellFormed()));
      }),
    );
    assert.deepEqual(kindsOf(2), ["comment", "reply"]);
  });
});

const stand = new Stand();
const { client } = stand;
const like = (userId: number, videoId = 7) =>
  stand.publishEvent(videoLiked, videoId, { videoId, userId, authorId: owner, atMs: 1 });
const say = (userId: number, changes: Partial<PostedComment> = {}) =>
  stand.publishEvent(commentCreated, 7, {
    commentId: 30,
    videoId: 7,
    authorId: owner,
    userId,
    parentId: null,
    rootId: null,
    replyToUserId: null,
    mentions: [],
    content: "nice",
    ...changes,
    atMs: 1,
  });
const publish = (videoId: number, visibility: "public" | "unlisted" | "private" = "public") =>
  stand.publishEvent(videoPublished, videoId, {
    videoId,
    userId: owner,
    title: "Sea",
    hashtags: [],
    visibility,
    publishedAtMs: 1,
    version: 1,
  });
const listOf = async (userId: number) => (await client.notifications({ limit: 100 }, callOf(userId))).items;
const kinds = async (userId: number) => (await listOf(userId)).map(({ kind, senderId }) => `${kind} ${senderId}`);
