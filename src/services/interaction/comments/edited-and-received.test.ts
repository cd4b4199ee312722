import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { blocklistChanged, userMuted } from "#events/moderation";
import { callOf } from "#kernel/host/testing";
import { usualRules } from "#policy/copies/blocklist";
import { owner, service, Stand } from "../testing.ts";

describe("comments", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => host[Symbol.asyncDispose]());

  it("are edited by their author for five minutes", async () => {
    const { id } = await say(7, "first");
    stand.clockMs += 5 * 60_000;
    const edited = await client.editComment({ id, content: "second" }, callOf(7));
    assert.deepEqual([edited.content, edited.editedAtMs], ["second", stand.clockMs]);
    assert.equal((await client.comment({ id }, callOf())).content, "second");
    const { items } = await client.batch({ kind: "comment" }, service);
    assert.deepEqual(items, [{ id, videoId: 1, userId: 7, content: "second", version: 2 }]);
    stand.clockMs += 1;
    await assert.rejects(edit(id, 7), { code: "comment.too_late_to_edit", http: 409 });
  });

  it("are not edited by others, nor where they are not there", async () => {
    const { id } = await say(7, "first");
    for (const call of [callOf(8), callOf(owner), callOf(8, { role: "admin" })])
      await assert.rejects(client.editComment({ id, content: "x" }, call), {
        code: "comment.not_yours_to_edit",
        http: 403,
      });
    await assert.rejects(edit(5, 7), { code: "comment.not_found", http: 404 });
    await assert.rejects(client.editComment({ id, content: "x" }, callOf()), { http: 401 });
    assert.equal((await client.comment({ id }, callOf())).editedAtMs, null);
  });

  it("pass the filter again when they are edited, and are not edited by muted or blocked users", async () => {
    const { id } = await say(7, "first");
    await decideTerms();
    await assert.rejects(client.editComment({ id, content: "so nasty" }, callOf(7)), {
      code: "comment.edit_needs_review",
      http: 409,
    });
    await assert.rejects(client.editComment({ id, content: "so vile" }, callOf(7)), { http: 400 });
    stand.blocks.add(`${owner}:7`);
    await assert.rejects(edit(id, 7), { http: 403 });
    stand.blocks.clear();
    await stand.decide(userMuted, 7, { userId: 7, untilMs: null, reason: "r", atMs: 1 });
    await assert.rejects(edit(id, 7), { http: 403 });
    assert.equal((await client.comment({ id }, callOf())).content, "first");
  });

  it("are in the list of the owner of the video: all, unanswered, held, and by text", async () => {
    const first = await say(7, "Where is this?");
    const second = await say(8, "lovely");
    const reply = await say(owner, "By the sea", first.id);
    await decideTerms();
    const held = await say(9, "nasty");
    assert.deepEqual(await received({}), [reply.id, second.id, first.id]);
    assert.deepEqual(await received({ filter: "unanswered" }), [second.id]);
    assert.deepEqual(await received({ filter: "held" }), [held.id]);
    assert.deepEqual(await received({ q: "THIS" }), [first.id]);
    assert.deepEqual(await received({ q: "%" }), []);
    await client.unsay({ id: reply.id }, callOf(owner));
    assert.deepEqual(await received({ filter: "unanswered" }), [second.id, first.id]);
    stand.blocks.add(`${owner}:8`);
    assert.deepEqual(await received({}), [first.id]);
    assert.deepEqual((await client.receivedComments({}, callOf(7))).items, []);
  });

  it("are in the list of their author alone, with those that are held, by pages", async () => {
    await decideTerms();
    const ids: number[] = [];
    for (const content of ["first", "nasty", "third"]) ids.unshift((await say(7, content)).id);
    await say(8, "of another user");
    const one = await client.ownComments({ limit: 2 }, callOf(7));
    const two = await client.ownComments({ limit: 2, cursor: one.next ?? "" }, callOf(7));
    assert.deepEqual(
      [...one.items, ...two.items].map(({ id, content, isHeld }) => [id, content, isHeld]),
      [
        [ids[0], "third", false],
        [ids[1], "nasty", true],
        [ids[2], "first", false],
      ],
    );
    await assert.rejects(client.ownComments({}, callOf()), { http: 401 });
  });

  it("are paged in the list of the owner", async () => {
    const ids: number[] = [];
    for (let n = 0; n < 5; n++) ids.unshift((await say(20 + n, `c${n}`)).id);
    const one = await client.receivedComments({ limit: 3, count: true }, callOf(owner));
    assert.equal(one.total, 5);
    const two = await client.receivedComments({ limit: 3, cursor: one.next ?? "" }, callOf(owner));
    assert.deepEqual(
      [...one.items, ...two.items].map(({ id }) => id),
      ids,
    );
  });
});

const stand = new Stand();
const { host, client } = stand;
const say = (by: number, content: string, parentId?: number) =>
  client.say({ id: 1, content, ...(parentId !== undefined && { parentId }) }, callOf(by));
const edit = (id: number, by: number) => client.editComment({ id, content: "x" }, callOf(by));
const received = async (input: { filter?: "all" | "unanswered" | "held"; q?: string }) =>
  (await client.receivedComments(input, callOf(owner))).items.map(({ id }) => id);
const decideTerms = () =>
  stand.decide(blocklistChanged, 1, {
    version: 1,
    words: [
      { pattern: "nasty", action: "hold" },
      { pattern: "vile", action: "refuse" },
    ],
    rules: { ...usualRules, days: 0 },
  });
