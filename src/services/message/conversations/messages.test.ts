import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import {
  accountSwept,
  contentRemoved,
  contentRestored,
  sweepUndone,
  userBanned,
  userMuted,
  userUnbanned,
  userUnmuted,
} from "#events/moderation";
import { userDeleted } from "#events/auth";
import { userFollowed } from "#events/relation";
import { callOf } from "#kernel/host/testing";
import { Muted } from "#policy/copies/mutes";
import fc from "fast-check";
import { attachedOf } from "./attachments.ts";
import { message } from "../contract.ts";
import { nobody, service, Stand } from "../testing.ts";

describe("messages", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => stand.host[Symbol.asyncDispose]());

  it("arrive as they were written, and both users see the same", async () => {
    const sent = await stand.say(1, 2, "  <b>嗨</b> \u{1f600}\n");
    const { createdAtMs } = sent;
    assert.deepEqual(sent, {
      id: sent.id,
      conversationId: sent.conversationId,
      senderId: 1,
      receiverId: 2,
      type: 1,
      content: "  <b>嗨</b> \u{1f600}\n",
      mediaUrl: "",
      videoId: null,
      isRead: false,
      readAtMs: null,
      isMine: true,
      createdAtMs,
    });
    assert.deepEqual(await client.get({ id: sent.id }, callOf(1)), sent);
    assert.deepEqual(await client.get({ id: sent.id }, callOf(2)), { ...sent, isMine: false });
    const [theirs] = await inboxOf(2);
    assert.deepEqual([theirs?.id, theirs?.userId, theirs?.unreadCount], [sent.conversationId, 1, 1]);
    assert.deepEqual(theirs?.lastMessage, { ...sent, isMine: false });
    const [own] = await inboxOf(1);
    assert.deepEqual([own?.userId, own?.unreadCount, own?.isRequest], [2, 0, false]);
    await stand.host.drain();
    assert.deepEqual(stand.publishedEvents, ["sent 1 2"]);
  });

  it("are refused to oneself, to an unknown user, and between users of whom one blocks the other", async () => {
    await assert.rejects(stand.say(1, 1), { code: "message.yourself", http: 400 });
    await assert.rejects(stand.say(1, nobody), { code: "user.not_found", http: 404 });
    await assert.rejects(client.send({ receiverId: 2, content: "" }, callOf(1)), { http: 400 });
    await assert.rejects(client.send({ receiverId: 2, content: "x".repeat(2_001) }, callOf(1)), { http: 400 });
    await assert.rejects(client.send({ receiverId: 2, content: "x" }, callOf()), { http: 401 });
    stand.blocks.add("1:2");
    await assert.rejects(stand.say(1, 2), { code: "relation.you_block_them", http: 403 });
    await assert.rejects(stand.say(2, 1), { code: "relation.they_block_you", http: 403 });
    assert.deepEqual(await inboxOf(2), []);
  });

  it("carry only media of the sender, paths of this instance and videos the sender may see", async () => {
    const send = (mediaUrl: string | undefined, by = 1, others = {}) =>
      client.send({ receiverId: 3, type: 2, ...(mediaUrl !== undefined && { mediaUrl }), ...others }, callOf(by));
    const sent = await send("https://videos.example/api/v1/media/500/picture");
    assert.equal(sent.mediaUrl, `/api/v1/messages/${sent.id}/media`);
    assert.deepEqual(await client.attachment({ id: sent.id }, service(3)), { mediaId: 500 });
    await assert.rejects(client.attachment({ id: sent.id }, service(9)), { code: "message.not_found" });
    assert.equal((await send("/api/v1/streaming/7/g1/cover.jpg")).mediaUrl, "/api/v1/streaming/7/g1/cover.jpg");
    await assert.rejects(send("/api/v1/media/500/picture", 2), { code: "message.attachment_not_found", http: 404 });
    for (const foreign of [
      "https://elsewhere.example/a.png",
      "//elsewhere.example/a",
      "javascript:alert(1)",
      "/\\x",
      "a",
    ])
      await assert.rejects(send(foreign), { code: "message.foreign_media", http: 400 });
    await assert.rejects(send(undefined), { code: "message.attachment_missing", http: 400 });
    assert.equal((await send(undefined, 1, { videoId: 8, type: 3 })).videoId, 8);
    await assert.rejects(send(undefined, 1, { videoId: 77, type: 3 }), { code: "video.not_found", http: 404 });
  });

  it("belong to two users: all others get 404 for them and their conversation", async () => {
    const { id, conversationId } = await stand.say(1, 2);
    const asks = [
      () => client.get({ id }, callOf(3)),
      () => client.conversation({ id: conversationId }, callOf(3)),
      () => client.messages({ id: conversationId }, callOf(3)),
      () => client.readConversation({ id: conversationId }, callOf(3)),
      () => client.accept({ id: conversationId }, callOf(3)),
      () => client.removeConversation({ id: conversationId }, callOf(3)),
    ];
    for (const ask of asks) await assert.rejects(ask(), { http: 404 });
    assert.deepEqual((await client.unread({}, callOf(2))).requestCount, 1);
  });

  it("are marked as read, and their sender gets an update", async () => {
    stand.follows.add("2:1");
    const { id, conversationId } = await stand.say(1, 2);
    stand.clockMs += 5_000;
    for (let n = 0; n < 2; n++)
      assert.deepEqual(await client.readConversation({ id: conversationId }, callOf(2)), { unreadCount: 0 });
    const seen = await client.get({ id }, callOf(1));
    assert.deepEqual([seen.isRead, seen.readAtMs], [true, stand.clockMs]);
    assert.deepEqual(await client.unread({}, callOf(2)), { messageCount: 0, requestCount: 0, notificationCount: 0 });
    const ownMessage = await stand.say(1, 2);
    await client.readConversation({ id: conversationId }, callOf(1));
    assert.equal(
      (await client.get({ id: ownMessage.id }, callOf(2))).isRead,
      false,
      "one's own are not read by oneself",
    );
  });

  it("of a stranger are a request until it is accepted or answered, and the sender gets no read receipt", async () => {
    const { id, conversationId } = await stand.say(1, 2);
    assert.deepEqual([await idsOf(2, "inbox"), await idsOf(2, "requests")], [[], [conversationId]]);
    assert.deepEqual(await idsOf(1, "inbox"), [conversationId]);
    assert.deepEqual(await client.unread({}, callOf(2)), { messageCount: 0, requestCount: 1, notificationCount: 0 });
    await client.readConversation({ id: conversationId }, callOf(2));
    const seenBy = async (userId: number) => (await client.get({ id }, callOf(userId))).isRead;
    assert.deepEqual([await seenBy(2), await seenBy(1)], [true, false]);
    assert.equal(
      (await updatesOf(1)).some(({ type }) => type === "read"),
      false,
    );
    await client.accept({ id: conversationId }, callOf(2));
    assert.deepEqual([await idsOf(2, "inbox"), await seenBy(1)], [[conversationId], true]);
    const other = await stand.say(3, 2);
    await stand.say(2, 3, "who are you?");
    assert.deepEqual(await idsOf(2, "inbox"), [other.conversationId, conversationId]);
    const third = await stand.say(4, 2);
    await stand.publishEvent(userFollowed, 2, { userId: 2, targetId: 4, atMs: 1 });
    assert.equal((await idsOf(2, "inbox"))[0], third.conversationId, "whom one follows is no stranger");
  });

  it("are deleted for one side when it removes the conversation, which returns with the next message alone", async () => {
    const { id, conversationId } = await stand.say(1, 2, "one");
    await client.removeConversation({ id: conversationId }, callOf(2));
    await client.removeConversation({ id: conversationId }, callOf(2));
    assert.deepEqual(await inboxOf(2), []);
    await assert.rejects(client.get({ id }, callOf(2)), { http: 404 });
    await assert.rejects(client.messages({ id: conversationId }, callOf(2)), { http: 404 });
    assert.equal((await client.get({ id }, callOf(1))).content, "one");
    await stand.say(1, 2, "two");
    assert.deepEqual(await contentsOf(2, conversationId), ["two"]);
    assert.deepEqual(await contentsOf(1, conversationId), ["two", "one"]);
    assert.equal((await inboxOf(2))[0]?.unreadCount, 1);
    await client.removeConversation({ id: conversationId }, callOf(1));
    const left = await stand.db.selectFrom("message.messages").select("content").execute();
    assert.deepEqual(left, [{ content: "two" }], "what neither has is not kept");
  });

  it("have unique, growing times, under concurrent sends and steps of the clock", async () => {
    const sent = await Promise.all(Array.from({ length: 40 }, (_, n) => (n % 2 ? stand.say(1, 2) : stand.say(2, 1))));
    stand.clockMs -= 60_000;
    sent.push(await stand.say(1, 2));
    assert.equal(new Set(sent.map(({ createdAtMs }) => createdAtMs)).size, sent.length);
    assert.equal(new Set(sent.map(({ conversationId }) => conversationId)).size, 1);
    assert.equal(sent.at(-1)?.createdAtMs, Math.max(...sent.map(({ createdAtMs }) => createdAtMs)));
    // Polled by the last time one has, nothing is lost and nothing comes twice.
    const polled: number[] = [];
    for (let after = 0; ; ) {
      const { items } = await client.chat({ userId: 2, after, limit: 7 }, service(1));
      if (items.length === 0) break;
      polled.push(...items.map(({ id }) => id));
      after = items.at(-1)?.createdAtMs ?? 0;
    }
    assert.deepEqual(
      polled,
      sent.toSorted((a, b) => a.createdAtMs - b.createdAtMs).map(({ id }) => id),
    );
    assert.deepEqual(
      (await client.latestWith({ userIds: [2, 3] }, service(1))).items.map(({ userId }) => userId),
      [2],
    );
  });

  it("are counted correctly under concurrent sends and reads", async () => {
    await Promise.all(
      Array.from({ length: 60 }, async (_, n) => {
        const { conversationId } = await stand.say(1 + (n % 3), 9);
        if (n % 4 === 0) await client.readConversation({ id: conversationId }, callOf(9));
      }),
    );
    assert.deepEqual(await stand.host.findings("message"), []);
    const sum = (await inboxOf(9)).reduce((total, { unreadCount }) => total + unreadCount, 0);
    const unread = await stand.db.selectFrom("message.messages").select("id").where("read_at_ms", "is", null).execute();
    assert.equal(sum, unread.length);
  });

  it("are paged without gap or repeat while others arrive", async () => {
    for (let other = 10; other < 22; other++) await stand.say(other, 1);
    const before = await idsOf(1, "all");
    const met: number[] = [];
    let cursor: string | undefined;
    for (let other = 10; ; other += 1) {
      const page = await client.conversations({ limit: 3, ...(cursor !== undefined && { cursor }) }, callOf(1));
      met.push(...page.items.map(({ id }) => id));
      if (page.next === null) break;
      cursor = page.next;
      // One that was not met yet, one that was, and one that is new.
      await stand.say(other, 1);
      await stand.say(21, 1);
      await stand.say(30 + other, 1);
    }
    assert.deepEqual(met, before);
    const id = (await inboxOf(1)).find(({ userId }) => userId === 21)?.id ?? 0;
    for (let n = 0; n < 7; n++) await stand.say(1, 21, String(n));
    const said: string[] = [];
    for (let next: string | null | undefined; next !== null; ) {
      const page = await client.messages({ id, limit: 3, ...(next && { cursor: next }) }, callOf(1));
      said.push(...page.items.map(({ content }) => content));
      next = page.next;
      if (said.length < 4) await stand.say(1, 21, "late");
    }
    assert.deepEqual(said.slice(0, 7), ["6", "5", "4", "3", "2", "1", "0"]);
    assert.ok(!said.includes("late"));
  });

  it("agree with a naive model", async () => {
    const act = fc.oneof(
      fc.record({
        do: fc.constant("say" as const),
        by: fc.integer({ min: 1, max: 3 }),
        to: fc.integer({ min: 1, max: 3 }),
      }),
      fc.record({
        do: fc.constantFrom("read" as const, "clear" as const, "accept" as const),
        by: fc.integer({ min: 1, max: 3 }),
        to: fc.integer({ min: 1, max: 3 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
        await stand.clear();
        const model = new Map<string, { texts: string[]; unread: number; isRequest: boolean; id: number }>();
        let n = 0;
        for (const { do: what, by, to } of acts) {
          if (by === to) continue;
          const [own, other] = [model.get(`${by}:${to}`), model.get(`${to}:${by}`)];
          if (what === "say") {
            const text = String((n += 1));
            const { conversationId: id } = await stand.say(by, to, text);
            model.set(`${by}:${to}`, {
              texts: [text, ...(own?.texts ?? [])],
              unread: own?.unread ?? 0,
              isRequest: false,
              id,
            });
            model.set(`${to}:${by}`, {
              texts: [text, ...(other?.texts ?? [])],
              unread: (other?.unread ?? 0) + 1,
              isRequest: other?.isRequest ?? true,
              id,
            });
          } else if (own && own.texts.length > 0) {
            if (what === "read") await client.readConversation({ id: own.id }, callOf(by));
            if (what === "accept") await client.accept({ id: own.id }, callOf(by));
            if (what === "clear") await client.removeConversation({ id: own.id }, callOf(by));
            if (what !== "accept") own.unread = 0;
            if (what === "clear") own.texts = [];
            if (what === "accept") own.isRequest = false;
          }
        }
        for (const [key, { texts, unread, isRequest, id }] of model) {
          const [by = 0, to = 0] = key.split(":").map(Number);
          const shown = (await inboxOf(by)).find(({ userId }) => userId === to);
          assert.equal(shown !== undefined, texts.length > 0);
          if (!shown) continue;
          assert.deepEqual(
            [shown.unreadCount, shown.isRequest, shown.lastMessage?.content],
            [unread, isRequest, texts[0]],
          );
          assert.deepEqual(await contentsOf(by, id), texts);
        }
        assert.deepEqual(await stand.host.findings("message"), []);
      }),
      { numRuns: 25 },
    );
  });

  it("of a deleted account stay with their receivers, save requests", async () => {
    stand.follows.add("2:1");
    const kept = await stand.say(1, 2, "kept");
    await stand.say(2, 1, "answer");
    const request = await stand.say(1, 3, "request");
    await stand.publishEvent(userDeleted, 1, { userId: 1 });
    assert.deepEqual(stand.publishedEvents.at(-1), "erased 1 message");
    assert.deepEqual(await contentsOf(2, kept.conversationId), ["answer", "kept"]);
    assert.deepEqual([await inboxOf(3), await inboxOf(1)], [[], []]);
    await assert.rejects(client.get({ id: request.id }, callOf(3)), { http: 404 });
    await assert.rejects(stand.say(2, 1), { code: "user.not_found" });
    await client.removeConversation({ id: kept.conversationId }, callOf(2));
    assert.deepEqual(await stand.db.selectFrom("message.messages").select("id").execute(), []);
    assert.deepEqual(await stand.host.findings("message"), []);
  });

  it("are updates for every device in order, from its last number, with a reset where that is too old", async () => {
    stand.follows.add("2:1");
    const start = await client.updates({}, callOf(2));
    assert.deepEqual(start, { items: [], seq: 0, reset: false });
    const { conversationId } = await stand.say(1, 2, "one");
    await stand.say(1, 2, "two");
    const { items, seq } = await client.updates({ after: 0 }, callOf(2));
    assert.deepEqual(
      items.map((one) => [one.seq, one.type, one.message?.content, one.unread.messageCount]),
      [
        [1, "message", "one", 2],
        [2, "message", "two", 2],
      ],
    );
    assert.deepEqual((await client.updates({ after: 1, limit: 1 }, callOf(2))).items.length, 1);
    assert.deepEqual(await client.updates({ after: seq }, callOf(2)), { items: [], seq: 2, reset: false });
    await client.readConversation({ id: conversationId }, callOf(2));
    assert.deepEqual(
      (await updatesOf(1)).map(({ type }) => type),
      ["message", "message", "read"],
    );
    assert.deepEqual((await client.updates({ after: 99 }, callOf(2))).reset, true);
    await stand.db.tx((tx) => tx.updateTable("message.inboxes").set({ seq: 1_500 }).where("user_id", "=", 2).execute());
    assert.deepEqual(await client.updates({ after: 400 }, callOf(2)), { items: [], seq: 1_500, reset: true });
  });

  it("notify listeners of the update stream until they leave", async () => {
    const end = new AbortController();
    const seqs: number[] = [];
    const follower = (await stand.host.host()).client(message, "test");
    const listening = (async () => {
      for await (const { seq } of follower.follow({ userId: 2 }, { ...service(), signal: end.signal })) seqs.push(seq);
    })().catch(() => undefined);
    while (seqs.length < 1) await new Promise(setImmediate);
    await stand.say(1, 2);
    while (seqs.length < 2) await new Promise(setImmediate);
    assert.deepEqual(seqs, [0, 1]);
    // Commits of other processes are noticed too.
    await stand.db.tx((tx) => tx.updateTable("message.inboxes").set({ seq: 7 }).where("user_id", "=", 2).execute());
    while (seqs.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(seqs.at(-1), 7);
    end.abort();
    await listening;
  });

  it("are refused to muted and banned users until the measure ends, and are empty after a removal", async () => {
    const { id } = await stand.say(1, 2, "something nasty");
    const measure = { userId: 1, reason: "nasty", atMs: stand.clockMs };
    for (const [begin, ended] of [
      [() => stand.publishEvent(userMuted, 1, { ...measure, untilMs: stand.clockMs + 1_000 }), undefined],
      [() => stand.publishEvent(userMuted, 1, { ...measure, untilMs: null }), userUnmuted],
      [() => stand.publishEvent(userBanned, 1, { ...measure, untilMs: null, byAdmin: true }), userUnbanned],
    ] as const) {
      await begin();
      await assert.rejects(stand.say(1, 2), { code: Muted.code, http: 403 });
      await stand.say(2, 1, "others still may");
      if (ended) await stand.publishEvent(ended, 1, { userId: 1, atMs: stand.clockMs });
      else stand.clockMs += 1_001;
      await stand.say(1, 2);
    }
    await stand.publishEvent(contentRemoved, id, { kind: "message", id, reason: "nasty", atMs: stand.clockMs });
    const { type, content, mediaUrl, videoId } = await client.get({ id }, callOf(2));
    // By the first two it is known as such, since nobody can write that.
    assert.deepEqual({ type, content, mediaUrl, videoId }, { type: 1, content: "", mediaUrl: "", videoId: null });
    await assert.rejects(stand.say(1, 2, ""), { code: "kernel.invalid_input" });
    await stand.publishEvent(contentRestored, id, { kind: "message", id, atMs: stand.clockMs });
    assert.notEqual((await client.get({ id }, callOf(2))).content, "");
  });

  it("are removed with all that a spam account did, and brought back, save what a moderator had removed", async () => {
    const sent: Awaited<ReturnType<typeof stand.say>>[] = [];
    for (let n = 0; n < 5; n++) sent.push(await stand.say(1, 2 + (n % 2), `buy ${n}`));
    const answer = await stand.say(2, 1, "no");
    const [first] = sent;
    const firstId = first?.id ?? 0;
    await stand.publishEvent(contentRemoved, firstId, {
      kind: "message",
      id: firstId,
      reason: "",
      atMs: stand.clockMs,
    });
    stand.clockMs += 1_000;
    const sweep = { userId: 1, sweepId: 9, atMs: stand.clockMs };
    const texts = () =>
      Promise.all(
        sent.map(({ id, receiverId }) => client.get({ id }, callOf(receiverId)).then(({ content }) => content)),
      );
    for (let n = 0; n < 2; n++) await stand.publishEvent(accountSwept, 1, sweep);
    assert.deepEqual(await texts(), ["", "", "", "", ""]);
    assert.equal((await client.get({ id: answer.id }, callOf(1))).content, "no");
    await stand.publishEvent(sweepUndone, 1, sweep);
    assert.deepEqual(await texts(), ["", "buy 1", "buy 2", "buy 3", "buy 4"]);
    // A sweep that is delivered after its end does nothing.
    await stand.publishEvent(accountSwept, 1, { ...sweep, atMs: stand.clockMs + 1 });
    assert.deepEqual(await texts(), ["", "buy 1", "buy 2", "buy 3", "buy 4"]);
  });

  it("open the WebSocket by a ticket that is valid once", async () => {
    const { ticket } = await client.ticket({}, callOf(1, { sessionId: "s" }));
    const tries = await Promise.allSettled(Array.from({ length: 5 }, () => client.redeem({ ticket }, service())));
    assert.deepEqual(
      tries.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])),
      [{ userId: 1, sessionId: "s" }],
    );
    await assert.rejects(client.redeem({ ticket: "x" }, service()), { code: "message.bad_ticket", http: 401 });
  });

  it("distinguish own media, paths of this instance and foreign addresses", () => {
    assert.deepEqual(attachedOf("/api/v1/streaming/media/12/g0/source.mp4?token=x"), { kind: "media", mediaId: 12 });
    assert.deepEqual(attachedOf("/watch/5"), { kind: "path", path: "/watch/5" });
    fc.assert(fc.property(fc.webUrl(), (url) => !/\/api\/v1\//.test(url) && attachedOf(url).kind === "foreign"));
  });
});

const stand = new Stand();
const { client } = stand;
const inboxOf = async (userId: number) => (await client.conversations({ limit: 100 }, callOf(userId))).items;
const idsOf = async (userId: number, folder: "all" | "inbox" | "requests") =>
  (await client.conversations({ folder, limit: 100 }, callOf(userId))).items.map(({ id }) => id);
const contentsOf = async (userId: number, id: number) =>
  (await client.messages({ id, limit: 100 }, callOf(userId))).items.map(({ content }) => content);
const updatesOf = async (userId: number) => (await client.updates({ after: 0 }, callOf(userId))).items;
