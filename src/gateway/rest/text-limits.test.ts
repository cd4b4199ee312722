import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { until } from "#test/until";
import { type Account, clip, Platform } from "#test/platform/platform";

const emoji = "\u{1f600}";

describe("the limits of text over HTTP", () => {
  before(async () => {
    await platform.open();
    [mira, noor] = [await platform.join(), await platform.join()];
    const file = { name: "a.mp4", bytes: await clip("one-frame.mp4") };
    const response = await platform.upload("/api/v1/videos", mira.token, file, { title: emoji.repeat(200) });
    assert.equal(response.data["title"], emoji.repeat(200));
    videoId = Number(response.data["id"]);
    await until(async () => {
      await platform.host.drain();
      return (await ask("GET", `/videos/${videoId}`, noor)).data["status"] === 1;
    });
  });
  after(() => platform[Symbol.asyncDispose]());

  it("count code points, not UTF-16 units (JSON Schema §6.3.1)", async () => {
    const comments = `/videos/${videoId}/comments`;
    const messages = { receiver_id: mira.id };
    const texts: readonly (readonly [max: number, say: (text: string) => ReturnType<typeof ask>, field: string])[] = [
      [1_000, (content) => ask("POST", comments, noor, { content }), "content"],
      [2_000, (content) => ask("POST", "/messages", noor, { ...messages, content }), "content"],
      [200, (title) => ask("PUT", `/videos/${videoId}`, mira, { title }), "title"],
      [1_000, (description) => ask("PUT", `/videos/${videoId}`, mira, { description }), "description"],
      [500, (bio) => ask("PUT", "/users/me", mira, { bio }), "bio"],
      [100, (content) => ask("POST", `/videos/${videoId}/danmaku`, noor, { content, position: 0 }), "content"],
      [100, (title) => ask("POST", "/playlists", mira, { title, description: "", visibility: "public" }), "title"],
      [50, (name) => ask("POST", "/favorite-folders", mira, { name }), "name"],
    ];
    for (const [max, say, field] of texts) {
      const whole = emoji.repeat(max);
      const taken = await say(whole);
      assert.deepEqual(
        [taken.status, taken.data?.[field]],
        [200, whole],
        `${field} of ${max}: ${JSON.stringify(taken.body).slice(0, 300)}`,
      );
      assert.equal((await say(`${whole}${emoji}`)).status, 400, `${field} of ${max + 1}`);
    }
  });

  it("keep text verbatim, with blanks, line breaks and combining marks, and refuse blank text", async () => {
    const written = ' <b>e\u0301</b> & "quoted"\r\n\u{1f3ac}\t ';
    const oneLine = written.replaceAll(/[\r\n\t]/g, "");
    const playlist = { title: oneLine, description: written, visibility: "public" };
    for (const [method, path, by, body] of [
      ["POST", `/videos/${videoId}/comments`, noor, { content: written }],
      ["POST", `/videos/${videoId}/danmaku`, noor, { content: written, position: 0 }],
      ["POST", "/messages", noor, { content: written, receiver_id: mira.id }],
      ["PUT", `/videos/${videoId}`, mira, { title: written, description: written }],
      ["PUT", "/users/me", mira, { bio: written, introduction: written }],
      ["POST", "/playlists", mira, playlist],
    ] as const) {
      const { data, text } = await ask(method, path, by, body);
      for (const field of ["content", "title", "description", "bio", "introduction"])
        if (field in body) assert.equal(data?.[field], Reflect.get(body, field), `${method} ${path}: ${text}`);
      const [field = ""] = Object.keys(body);
      if (path !== "/users/me" && path !== "/messages")
        assert.equal((await ask(method, path, by, { ...body, [field]: " \u3000\n" })).status, 400);
    }
  });

  it("let moderators read a comment of maximum length in full", async () => {
    const content = `x${emoji.repeat(999)}`;
    const { data } = await ask("POST", `/videos/${videoId}/comments`, noor, { content });
    await platform.host.drain();
    const about = { kind: "comment", id: data["id"], reason: "spam", text: emoji.repeat(1_000) };
    assert.equal((await ask("POST", "/reports", mira, about)).status, 200);
    const queue = await ask("GET", "/moderation/queue", await platform.administrator());
    assert.deepEqual(
      (queue.data["list"] as { excerpt: string }[]).map(({ excerpt }) => excerpt),
      [content],
    );
  });

  it("refuse a lone surrogate with 400", async () => {
    for (const content of ["\ud83d", "x\ude00", "\ud83d".repeat(1_000)]) {
      const { status, body } = await ask("POST", `/videos/${videoId}/comments`, noor, { content });
      assert.deepEqual([status, body["error"]], [400, "kernel.invalid_input"]);
    }
  });
});

const platform = new Platform();
let mira: Account;
let noor: Account;
let videoId: number;
const ask = (method: "GET" | "POST" | "PUT", path: string, by: Account, body?: object) =>
  platform.ask(`/api/v1${path}`, { method, token: by.token, ...(body && { body }) });
