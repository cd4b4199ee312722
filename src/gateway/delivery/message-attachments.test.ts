import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { until } from "#test/until";
import { type Account, type Answered, clip, Platform } from "#test/platform/platform";

describe("messages and notifications over HTTP", () => {
  before(() => platform.open());
  beforeEach(async () => {
    await platform.host.clear();
    [mira, noor, tess] = [await platform.join(), await platform.join(), await platform.join()];
    await platform.host.drain();
  });
  after(() => platform[Symbol.asyncDispose]());

  it("return messages, conversations and unread counts with all their fields", async () => {
    const sent = await send(mira, { receiver_id: noor.id, content: " 你好 <b>\u{1f600}" });
    assert.equal(sent.status, 200);
    const { id, conversation_id, created_at } = sent.data as {
      id: number;
      conversation_id: number;
      created_at: string;
    };
    const whole = {
      id,
      conversation_id,
      sender_id: mira.id,
      receiver_id: noor.id,
      type: 1,
      content: " 你好 <b>\u{1f600}",
      media_url: "",
      video_id: null,
      is_read: false,
      read_at: null,
      is_mine: true,
      created_at,
    };
    assert.deepEqual(sent.data, whole);
    assert.match(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual((await ask("GET", `/messages/${id}`, noor)).data, { ...whole, is_mine: false });
    const conversations = (await ask("GET", "/conversations", noor)).data;
    assert.deepEqual(conversations, {
      list: [
        {
          id: conversation_id,
          user_id: mira.id,
          last_message: { ...whole, is_mine: false },
          unread_count: 1,
          is_request: true,
          updated_at: created_at,
          username: mira.name,
          nickname: mira.name,
          avatar: "",
        },
      ],
      total: 1,
      page: 1,
      page_size: 20,
      next_cursor: null,
      has_more: false,
    });
    await send(noor, { receiver_id: mira.id, content: "answer" });
    const { data } = await ask("GET", `/conversations/${conversation_id}/messages?page_size=1`, mira);
    assert.deepEqual(
      [(data["list"] as { content: string }[])[0]?.content, data["total"], data["has_more"]],
      ["answer", 2, true],
    );
    assert.deepEqual((await ask("PUT", `/conversations/${conversation_id}/read`, noor)).data, { unread_count: 0 });
    const seen = (await ask("GET", `/messages/${id}`, mira)).data;
    assert.equal(seen["is_read"], true);
    assert.match(String(seen["read_at"]), /Z$/);
    assert.deepEqual((await ask("GET", "/updates/unread", noor)).data, {
      message_count: 0,
      request_count: 0,
      notification_count: 1,
    });
  });

  it("refuse invalid, foreign and blocked requests with the matching status and error code", async () => {
    const refused = async (asked: Promise<Answered>) => {
      const { status, body } = await asked;
      return [status, body["error"]];
    };
    const to = noor.id;
    assert.deepEqual(await refused(ask("POST", "/messages", undefined, {})), [401, "gateway.sign_in_first"]);
    assert.deepEqual(await refused(send(mira, { receiver_id: mira.id, content: "x" })), [400, "message.yourself"]);
    assert.deepEqual(await refused(send(mira, { receiver_id: 77, content: "x" })), [404, "user.not_found"]);
    for (const body of [{ content: "" }, { content: "x".repeat(2_001) }, {}, { content: 7 }, { content: "x", type: 5 }])
      assert.deepEqual(await refused(send(mira, { receiver_id: to, ...body })), [400, "kernel.invalid_input"]);
    const { data } = await send(mira, { receiver_id: to, content: "x" });
    const [id, conversation] = [Number(data["id"]), Number(data["conversation_id"])];
    assert.deepEqual(await refused(ask("GET", `/messages/${id}`, tess)), [404, "message.not_found"]);
    assert.deepEqual(await refused(ask("GET", "/messages/x", mira)), [400, "kernel.invalid_input"]);
    const own = (path: string) => `/conversations/${conversation}${path}`;
    for (const [verb, path] of [
      ["GET", own("/messages")],
      ["PUT", own("/read")],
      ["DELETE", own("")],
    ] as const)
      assert.deepEqual(await refused(ask(verb, path, tess)), [404, "message.conversation_not_found"]);
    await ask("POST", "/users/blacklist", noor, { user_id: mira.id });
    assert.deepEqual(await refused(send(mira, { receiver_id: to, content: "x" })), [403, "relation.they_block_you"]);
    assert.deepEqual(await refused(send(noor, { receiver_id: mira.id, content: "x" })), [
      403,
      "relation.you_block_them",
    ]);
    assert.equal((await ask("GET", own("/messages"), mira)).data["total"], 1, "what was said stays");
  });

  it("send a message once for repeated requests with one idempotency key", async () => {
    const once = () =>
      platform.ask("/api/v1/messages", {
        method: "POST",
        token: mira.token,
        body: { receiver_id: noor.id, content: "once" },
        headers: { "idempotency-key": "k" },
      });
    const [first, ...others] = [await once(), ...(await Promise.all([once(), once()]))];
    for (const other of others) assert.deepEqual(other.data, first?.data);
    assert.equal((await ask("GET", "/conversations", noor)).data["total"], 1);
  });

  it("serve an attachment to its sender and receiver alone", async () => {
    const response = await platform.upload(
      "/api/v1/media/upload",
      mira.token,
      { name: "a.gif", bytes: await clip("animated.gif") },
      { purpose: "picture" },
    );
    await platform.host.drain();
    const url = String(response.data["url"]);
    assert.equal((await platform.ask(new URL(url).pathname, { token: noor.token })).status, 404);
    const { data } = await send(mira, { receiver_id: noor.id, type: 2, media_url: url });
    const path = new URL(String(data["media_url"])).pathname;
    assert.equal(path, `/api/v1/messages/${Number(data["id"])}/media`);
    for (const { token } of [mira, noor]) {
      const { status, headers, bytes } = await platform.ask(path, { token });
      assert.deepEqual(
        [status, headers["content-type"], headers["cache-control"]],
        [200, "image/webp", "private, no-store"],
      );
      assert.ok(bytes.length > 20);
    }
    assert.equal((await platform.ask(path, { token: tess.token })).status, 404);
    assert.equal((await platform.ask(path)).status, 401);
    const stolen = await send(noor, { receiver_id: tess.id, type: 2, media_url: url });
    assert.deepEqual([stolen.status, stolen.body["error"]], [404, "message.attachment_not_found"]);
  });

  it("notify once of a like, a comment, a mention and a follow, and never of one's own acts", async () => {
    const response = await platform.upload(
      "/api/v1/videos",
      mira.token,
      { name: "a.mp4", bytes: await clip("one-frame.mp4") },
      { title: "Sea" },
    );
    const id = Number(response.data["id"]);
    await until(async () => {
      await platform.host.drain();
      return (await ask("GET", `/videos/${id}`, noor)).data["status"] === 1;
    });
    for (const by of [noor, noor, mira]) await ask("POST", `/videos/${id}/like`, by);
    await ask("DELETE", `/videos/${id}/like`, noor);
    await ask("POST", `/videos/${id}/like`, noor);
    const said = await ask("POST", `/videos/${id}/comments`, noor, { content: `nice, @${tess.name}` });
    await ask("POST", `/users/${mira.id}/follow`, noor);
    await ask("POST", `/videos/${id}/like`, tess);
    await platform.host.drain();
    const { data } = await ask("GET", "/notifications", mira);
    const list = data["list"] as Record<string, unknown>[];
    assert.deepEqual(
      new Set(list.map((one) => JSON.stringify([one["type"], one["sender_id"]]))),
      new Set(
        [
          [1, noor.id],
          [1, tess.id],
          [2, noor.id],
          [3, noor.id],
          [5, null],
        ].map((one) => JSON.stringify(one)),
      ),
    );
    assert.deepEqual([data["unread_count"], data["total"]], [5, 5]);
    const comment = list.find((one) => one["type"] === 2);
    const sender = { id: noor.id, username: noor.name, nickname: noor.name, avatar: "", is_followed: false };
    assert.deepEqual(comment, {
      id: comment?.["id"],
      type: 2,
      kind: "comment",
      alert: null,
      group_id: comment?.["id"],
      sender_id: noor.id,
      sender_count: 1,
      count: 1,
      related_id: said.data["id"],
      video_id: id,
      comment_id: said.data["id"],
      live_id: null,
      title: "",
      content: `nice, @${tess.name}`,
      is_read: false,
      created_at: comment?.["created_at"],
      sender,
      senders: [sender],
      cover: comment?.["cover"],
    });
    const { cover_url, thumb } = (await ask("GET", `/videos/${id}`, mira)).data;
    assert.match(String(cover_url), /\.(avif|webp|jpg|jpeg)/);
    assert.deepEqual(comment?.["cover"], { cover_url, thumb });
    assert.equal(list.find((one) => one["type"] === 3)?.["cover"], null);
    const merged = (await ask("GET", "/notifications?merged=true&type=1", mira)).data["list"] as Record<
      string,
      unknown
    >[];
    assert.deepEqual(
      merged.map((one) => [one["sender_count"], (one["senders"] as object[]).length]),
      [[2, 2]],
    );
    const read = await ask("PUT", `/notifications/${Number(comment?.["id"])}/read`, mira);
    assert.deepEqual(read.data, { ...comment, is_read: true });
    assert.equal((await ask("PUT", `/notifications/${Number(comment?.["id"])}/read`, noor)).status, 404);
    assert.equal((await ask("GET", "/notifications?unread=true", mira)).data["total"], 4);
    assert.deepEqual((await ask("PUT", "/notifications/read-all", mira)).data, { count: 4 });
    const named = (await ask("GET", "/notifications?type=4", tess)).data["list"] as Record<string, unknown>[];
    assert.deepEqual(
      named.map((one) => [one["sender_id"], one["video_id"]]),
      [[noor.id, id]],
    );
    await ask("DELETE", `/videos/${id}`, mira);
    await platform.host.drain();
    assert.deepEqual((await ask("GET", "/notifications?type=4", tess)).data["list"], []);
  });
});

const platform = new Platform();
let mira: Account;
let noor: Account;
let tess: Account;
const ask = (method: "GET" | "POST" | "PUT" | "DELETE", path: string, by?: Account, body?: object) =>
  platform.ask(`/api/v1${path}`, { method, ...(by && { token: by.token }), ...(body && { body }) });
const send = (by: Account, body: object) => ask("POST", "/messages", by, body);
