import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { accountSwept } from "#events/moderation";
import { callOf } from "#kernel/host/testing";
import fc from "fast-check";
import { mentionsIn, mentionsMax } from "./mentions.ts";
import type { Tables } from "../store.ts";
import { owner, Stand, service } from "../testing.ts";

describe("comments", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => stand.host[Symbol.asyncDispose]());

  it("stores a comment verbatim, counts it and publishes it once, with the users it mentions", async () => {
    const said = "  <script>alert(1)</script> 你好\r\ne\u0301 @user8, @user8. @nobody mail@user9 “@User7” 🎬 ";
    const comment = await client.say({ id: 1, content: said }, callOf(7));
    assert.equal(comment.content, said);
    assert.deepEqual([comment.rootId, comment.parentId, comment.isMine, comment.isByOwner], [null, null, true, false]);
    assert.equal(await count(1), 1);
    await stand.host.drain();
    assert.deepEqual(stand.publishedEvents, ["said:7:0:8+7"]);
    await assert.rejects(client.say({ id: 1, content: "   " }, callOf(7)), { http: 400 });
    await assert.rejects(client.say({ id: 1, content: "x".repeat(1_001) }, callOf(7)), { http: 400 });
  });

  it("puts every reply under the top of its thread, with the user it replies to", async () => {
    const top = await client.say({ id: 1, content: "top" }, callOf(7));
    const first = await client.say({ id: 1, content: "first", parentId: top.id }, callOf(8));
    const second = await client.say({ id: 1, content: "second", parentId: first.id }, callOf(9));
    assert.deepEqual([second.rootId, second.parentId, second.replyToUserId], [top.id, first.id, 8]);
    const { items } = await client.replies({ id: top.id }, callOf());
    assert.deepEqual(
      items.map(({ content }) => content),
      ["first", "second"],
    );
    const { items: tops } = await client.comments({ id: 1 }, callOf());
    assert.deepEqual(
      tops.map(({ id, replyCount }) => [id, replyCount]),
      [[top.id, 2]],
    );
    assert.equal(await count(1), 3);
    await assert.rejects(client.say({ id: 2, content: "elsewhere", parentId: top.id }, callOf(7)), { http: 404 });
  });

  it("lets only the author and the owner of the video delete a comment with its thread", async () => {
    const top = await client.say({ id: 1, content: "top" }, callOf(7));
    const reply = await client.say({ id: 1, content: "reply", parentId: top.id }, callOf(8));
    await client.likeComment({ id: reply.id }, callOf(9));
    await assert.rejects(client.unsay({ id: top.id }, callOf(8)), { code: "comment.not_yours", http: 403 });
    await client.unsay({ id: reply.id }, callOf(8));
    assert.equal(await count(1), 1);
    await client.say({ id: 1, content: "again", parentId: top.id }, callOf(8));
    await client.unsay({ id: top.id }, callOf(owner));
    assert.equal(await count(1), 0);
    await assert.rejects(client.unsay({ id: top.id }, callOf(7)), { code: "comment.not_found", http: 404 });
    assert.deepEqual(await drift(), []);
  });

  it("loses the likes of an account whose acts are taken back, and those of nobody else", async () => {
    const { id } = await client.say({ id: 1, content: "c" }, callOf(7));
    for (const by of [8, 9]) {
      await client.likeComment({ id }, callOf(by));
      for (const videoId of [1, 2]) await client.like({ id: videoId }, callOf(by));
    }
    for (let n = 0; n < 2; n++) await stand.decide(accountSwept, 8, { userId: 8, sweepId: 5, atMs: 1 });
    const { items } = await client.comments({ id: 1 }, callOf());
    assert.equal(items[0]?.likeCount, 1);
    const states = (await client.states({ videoIds: [1, 2] }, callOf(8, { caller: "test" }))).items;
    assert.deepEqual(
      states.map(({ likeCount, isLiked }) => [likeCount, isLiked]),
      [
        [1, false],
        [1, false],
      ],
    );
    assert.deepEqual(await drift(), []);
  });

  it("counts a like of a comment once, and marks it for the user who gave it", async () => {
    const { id } = await client.say({ id: 1, content: "c" }, callOf(7));
    await Promise.all(Array.from({ length: 30 }, (_, n) => client.likeComment({ id }, callOf(10 + (n % 10)))));
    assert.deepEqual(await client.unlikeComment({ id }, callOf(10)), { liked: false, likeCount: 9 });
    assert.equal((await client.comment({ id }, callOf(11))).isLiked, true);
    assert.equal((await client.comment({ id }, callOf(10))).isLiked, false);
    assert.deepEqual(await drift(), []);
  });

  it("lists the pinned comment first, then those with the most likes, or the newest", async () => {
    const ids: number[] = [];
    for (const n of [0, 1, 2, 3]) ids.push((await client.say({ id: 1, content: `c${n}` }, callOf(7))).id);
    const [a = 0, b = 0, c = 0, d = 0] = ids;
    await client.likeComment({ id: b }, callOf(8));
    await client.likeComment({ id: b }, callOf(9));
    await client.likeComment({ id: c }, callOf(8));
    const order = async (sort: "new" | "hot") =>
      (await client.comments({ id: 1, sort }, callOf())).items.map(({ id }) => id);
    assert.deepEqual(await order("hot"), [b, c, d, a]);
    assert.deepEqual(await order("new"), [d, c, b, a]);
    await assert.rejects(client.pin({ id: a }, callOf(7)), { http: 403 });
    await client.pin({ id: a }, callOf(owner));
    assert.deepEqual(await order("hot"), [a, b, c, d]);
    await client.pin({ id: c }, callOf(owner));
    assert.deepEqual(await order("new"), [c, d, b, a]);
    await client.unpin({ id: c }, callOf(owner));
    assert.deepEqual(await order("new"), [d, c, b, a]);
  });

  it("refuses comments when they are switched off, and answers 404 under a video that the caller may not see", async () => {
    await assert.rejects(client.say({ id: 55, content: "c" }, callOf(7)), {
      code: "comment.switched_off",
      http: 403,
    });
    await assert.rejects(client.say({ id: 404, content: "c" }, callOf(7)), { code: "video.not_found" });
    const { id } = await client.say({ id: 77, content: "mine" }, callOf(owner));
    for (const act of [
      () => client.comment({ id }, callOf(7)),
      () => client.replies({ id }, callOf(7)),
      () => client.likeComment({ id }, callOf(7)),
      () => client.unsay({ id }, callOf(7)),
      () => client.pin({ id }, callOf(7)),
    ])
      await assert.rejects(act, { code: "comment.not_found", http: 404 });
    await assert.rejects(client.comments({ id: 77 }, callOf(7)), { code: "video.not_found" });
  });

  it("refuses replies and hides comments between users who block each other, either way", async () => {
    const { id } = await client.say({ id: 1, content: "by seven" }, callOf(7));
    await client.sayAt({ id: 1, positionMs: 1, content: "flies by" }, callOf(7));
    for (const [pair, code] of [
      ["8:7", "relation.you_block_them"],
      ["7:8", "relation.they_block_you"],
    ] as const) {
      stand.blocks.clear();
      stand.blocks.add(pair);
      assert.deepEqual((await client.comments({ id: 1, count: true }, callOf(8))).total, 0);
      assert.deepEqual((await client.danmaku({ id: 1, bucket: 0 }, callOf(8))).items, []);
      assert.equal((await client.comments({ id: 1 }, callOf(9))).items.length, 1);
      await assert.rejects(client.say({ id: 1, content: "r", parentId: id }, callOf(8)), { code, http: 403 });
    }
    stand.blocks.clear();
    stand.blocks.add(`${owner}:8`);
    await assert.rejects(client.say({ id: 1, content: "c" }, callOf(8)), { http: 403 });
    await assert.rejects(client.sayAt({ id: 1, positionMs: 1, content: "c" }, callOf(8)), { http: 403 });
    stand.blocks.clear();
  });

  it("pages without gap or repeat while comments are added and deleted", async () => {
    const ids: number[] = [];
    for (let n = 0; n < 25; n++) ids.push((await client.say({ id: 1, content: `c${n}` }, callOf(7))).id);
    const seen: number[] = [];
    let cursor: string | undefined;
    for (let n = 0; ; n++) {
      const { items, next } = await client.comments(
        { id: 1, limit: 4, ...(cursor !== undefined && { cursor }) },
        callOf(),
      );
      seen.push(...items.map(({ id }) => id));
      await client.say({ id: 1, content: "later" }, callOf(8));
      const read = seen[n];
      if (read !== undefined) await client.unsay({ id: read }, callOf(7));
      if (next === null) break;
      cursor = next;
    }
    assert.deepEqual(seen, ids.toReversed());
  });

  it("deletes everything of a deleted video or user, and counts the rest correctly", async () => {
    const top = await client.say({ id: 1, content: "top" }, callOf(7));
    const other = await client.say({ id: 1, content: "other" }, callOf(8));
    await client.say({ id: 1, content: "answer", parentId: top.id }, callOf(8));
    const answer = await client.say({ id: 1, content: "answer", parentId: other.id }, callOf(7));
    const answered = await client.say({ id: 1, content: "so it is", parentId: answer.id }, callOf(8));
    await client.likeComment({ id: other.id }, callOf(7));
    await stand.host.drain();
    await stand.deleteUser(7);
    await stand.host.drain();
    assert.equal(await count(1), 2);
    assert.equal((await client.comment({ id: other.id }, callOf())).likeCount, 0);
    assert.equal((await client.comment({ id: answered.id }, callOf())).replyToUserId, null);
    assert.deepEqual(await drift(), []);
    await stand.deleteVideo(1);
    await stand.host.drain();
    for (const table of ["interaction.comments", "interaction.comment_likes"] as const)
      assert.deepEqual(await db().selectFrom(table).select(db().fn.countAll<number>().as("n")).execute(), [{ n: 0 }]);
    stand.vanishing = 50;
    await assert.rejects(client.say({ id: 50, content: "late" }, callOf(8)), { code: "video.not_found" });
    stand.vanishing = 0;
  });

  it("restores a comment that a moderator removed, with its thread and its likes", async () => {
    const top = await client.say({ id: 1, content: "top" }, callOf(7));
    const answer = await client.say({ id: 1, content: "answer", parentId: top.id }, callOf(8));
    const late = await client.say({ id: 1, content: "late", parentId: top.id }, callOf(9));
    for (const by of [7, 9]) await client.likeComment({ id: answer.id }, callOf(by));
    const commentIds = async () => (await client.batch({ kind: "comment" }, service)).items.map(({ id }) => id);
    const thread = async () => [
      await client.comment({ id: top.id }, callOf(9)),
      ...(await client.replies({ id: top.id }, callOf(9))).items,
    ];
    const before = await thread();
    await judge("taken", answer.id);
    assert.deepEqual([await count(1), (await client.comment({ id: top.id }, callOf())).replyCount], [2, 1]);
    await judge("taken", top.id);
    assert.equal(await count(1), 0);
    for (const { id } of [top, answer, late])
      for (const by of [callOf(7), callOf(50, { role: "moderator" })])
        await assert.rejects(client.comment({ id }, by), { code: "comment.not_found" });
    assert.deepEqual(await commentIds(), [top.id, answer.id, late.id], "moderators go on knowing whose they are");
    assert.deepEqual(await drift(), []);
    // Its top is away: it comes with that.
    await judge("given", answer.id);
    assert.equal(await count(1), 0);
    await judge("given", top.id);
    await judge("given", top.id);
    assert.deepEqual([await count(1), await thread()], [3, before]);
    assert.deepEqual(await drift(), []);
    await judge("taken", answer.id);
    await stand.deleteUser(9);
    await judge("given", answer.id);
    assert.equal((await client.comment({ id: answer.id }, callOf())).likeCount, 1);
    assert.deepEqual([await count(1), await drift()], [2, []]);
  });

  it("deletes a removed comment with its author, its thread or its video", async () => {
    const left = async () =>
      (await db().selectFrom("interaction.removed_comments").select("id").execute()).length +
      (await db().selectFrom("interaction.removed_danmaku").select("id").execute()).length +
      (await db().selectFrom("interaction.comment_likes").select("user_id").execute()).length;
    const top = await client.say({ id: 1, content: "top" }, callOf(7));
    const answer = await client.say({ id: 1, content: "answer", parentId: top.id }, callOf(8));
    await client.likeComment({ id: answer.id }, callOf(9));
    await judge("taken", answer.id);
    await client.unsay({ id: top.id }, callOf(7));
    assert.equal(await left(), 0);
    const other = await client.say({ id: 1, content: "other" }, callOf(7));
    await client.say({ id: 1, content: "answer", parentId: other.id }, callOf(8));
    await client.likeComment({ id: other.id }, callOf(9));
    await judge("taken", other.id);
    await stand.deleteUser(7);
    await stand.host.drain();
    assert.equal(await left(), 0);
    const last = await client.say({ id: 1, content: "last" }, callOf(8));
    await client.likeComment({ id: last.id }, callOf(9));
    await judge("taken", last.id);
    const { id } = await client.sayAt({ id: 1, positionMs: 5, content: "ha", color: 0, mode: "scroll" }, callOf(8));
    await stand.judge("taken", { kind: "danmaku", id });
    assert.equal(await left(), 3);
    await stand.deleteVideo(1);
    await stand.host.drain();
    assert.equal(await left(), 0);
    await judge("given", last.id);
    assert.equal(await count(1), 0);
  });

  it("agrees with a naive model under any comments, replies, likes and deletions", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(4), fc.nat(3), fc.nat(11)), { maxLength: 40 }), async (acts) => {
        await stand.clear();
        const model = new Map<number, { root: number | null; likes: Set<number>; by: number }>();
        for (const [what, who, which] of acts) {
          const [id, one] = [...model][which % Math.max(1, model.size)] ?? [];
          const call = callOf(10 + who);
          if (what === 0 || id === undefined || one === undefined) {
            const comment = await client.say({ id: 1, content: "c" }, call);
            model.set(comment.id, { root: null, likes: new Set(), by: 10 + who });
          } else if (what === 1) {
            const reply = await client.say({ id: 1, content: "r", parentId: id }, call);
            model.set(reply.id, { root: one.root ?? id, likes: new Set(), by: 10 + who });
          } else if (what === 2) {
            await client.likeComment({ id }, call);
            one.likes.add(10 + who);
          } else if (what === 3) {
            await client.unlikeComment({ id }, call);
            one.likes.delete(10 + who);
          } else {
            await client.unsay({ id }, callOf(one.by));
            for (const [each, { root }] of model) if (each === id || root === id) model.delete(each);
          }
        }
        const rows = await db()
          .selectFrom("interaction.comments")
          .select(["id", "like_count", "reply_count"])
          .execute();
        assert.deepEqual(
          rows.toSorted((a, b) => a.id - b.id).map(({ id, like_count, reply_count }) => [id, like_count, reply_count]),
          [...model].map(([id, { likes }]) => [
            id,
            likes.size,
            [...model.values()].filter(({ root }) => root === id).length,
          ]),
        );
        assert.equal(await count(1), model.size);
        assert.deepEqual(await drift(), []);
      }),
      { numRuns: 12 },
    );
  });

  it("finds user names after an at sign, each once, and not in e-mail addresses", () => {
    assert.deepEqual(mentionsIn("@anna hi @Anna @bob-2. (@小明同) a@carl @ab @"), ["Anna", "bob-2", "小明同"]);
    const written = "谢谢@alice ありがとう@mira 🎉@noor ❤️@carl hello,@dora ＠emil";
    assert.deepEqual(mentionsIn(written), ["alice", "mira", "noor", "carl", "dora", "emil"]);
    assert.deepEqual(mentionsIn("me.@host x/@path ?a=@b3c a&@d3f #@tag @@bob"), []);
    assert.equal(mentionsIn(Array.from({ length: 30 }, (_, n) => `@user${n}`).join(" ")).length, mentionsMax);
    fc.assert(
      fc.property(fc.string({ maxLength: 500 }), (text) => mentionsIn(text).every((name) => text.includes(name))),
    );
  });
});

const stand = new Stand();
const judge = (what: Parameters<Stand["judge"]>[0], id: number) => stand.judge(what, { kind: "comment", id });
const { client } = stand;
const db = () => stand.host.database<Tables>("interaction");
const drift = () => stand.host.findings("interaction");
const count = async (id: number) => (await client.states({ videoIds: [id] }, service)).items[0]?.commentCount;
