import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, describe, it } from "node:test";
import { silentLog } from "#kernel/log/port";
import { guardedOutgoing } from "#kernel/outgoing/guarded";
import sharp from "sharp";
import { type Account, clip, Platform } from "./platform.ts";

describe("a picture that a user gives by its address", () => {
  before(async () => {
    origin.listen(0, "127.0.0.1");
    await new Promise((resolve) => origin.once("listening", resolve));
    address = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`; // A TCP server has one.
    original = await sharp({ create: { width: 900, height: 600, channels: 3, background: "#123456" } })
      .withExif({ IFD0: { Copyright: "original bytes" } })
      .png()
      .toBuffer();
    await platform.open();
    mira = await platform.join();
  });
  beforeEach(() => {
    asked = 0;
    answer = (_, response) => response.writeHead(200, { "content-type": "image/png" }).end(original);
  });
  after(async () => {
    origin.close();
    await platform[Symbol.asyncDispose]();
  });

  it("is fetched once, drawn anew and served by this instance", async () => {
    const { status, data, text } = await update({ avatar: `${address}/a.png`, background_image: `${address}/b.png` });
    assert.equal(status, 200, text);
    assert.equal(asked, 2);
    for (const field of ["avatar", "background_image"]) {
      const { pathname, host } = new URL(String(data[field]));
      assert.notEqual(host, new URL(address).host);
      const picture = await platform.ask(pathname);
      assert.equal(picture.headers["content-type"], "image/webp");
      assert.equal(picture.bytes.includes("original bytes"), false);
    }
    const { data: profile } = await platform.ask(`/api/v1/users/${mira.id}`);
    assert.equal(profile["avatar"], data["avatar"]);
    const { data: repeated } = await update({ avatar: String(data["avatar"]) });
    assert.deepEqual([repeated["avatar"], asked], [data["avatar"], 2]);
  });

  it("becomes the cover of a video in the same way", async () => {
    const bytes = await clip("one-frame.mp4");
    const created = await platform.upload("/api/v1/videos", mira.token, { name: "a.mp4", bytes }, { title: "x" });
    const path = `/api/v1/videos/${String(created.data["id"])}`;
    const changed = await platform.ask(path, { method: "PUT", token: mira.token, body: { cover_url: `${address}/c` } });
    assert.equal(changed.status, 200, changed.text);
    const cover = new URL(String(changed.data["cover_url"]));
    assert.notEqual(cover.host, new URL(address).host);
    assert.equal(asked, 1);
  });

  it("is refused with a reason, and nothing is stored, where it cannot be fetched or read", async () => {
    const { data: before } = await platform.ask("/api/v1/users/me", { token: mira.token });
    const { data: usedBefore } = await platform.ask("/api/v1/upload/usage", { token: mira.token });
    const video = await clip("one-frame.mp4");
    const cases: readonly [Answers, number, string][] = [
      [(_, response) => response.writeHead(404).end(), 400, "upload.nothing_there"],
      [(_, response) => response.writeHead(302, { location: "http://10.0.0.1/" }).end(), 400, "outgoing.refused"],
      [typed("text/html", Buffer.from("<script>")), 415, "upload.not_media"],
      [typed("image/png", Buffer.from("<svg onload=alert(1)>")), 415, "upload.not_media"],
      [typed("image/png", original.subarray(0, 60)), 415, "media.unreadable_picture"],
      [typed("image/png", video), 415, "media.unreadable_picture"],
      [typed("image/png", Buffer.alloc(0)), 400, "upload.empty_file"],
      [typed("image/png", Buffer.alloc(11 * 2 ** 20)), 400, "outgoing.failed"],
    ];
    for (const [answers, status, code] of cases) {
      answer = answers;
      const refused = await update({ avatar: `${address}/a.png`, bio: "changed" });
      assert.deepEqual([refused.status, refused.body["error"]], [status, code], refused.text);
    }
    for (const url of ["http://10.0.0.1/a.png", "http://localhost:9/a.png", "http://user:secret@example.org/a.png"])
      assert.equal((await update({ avatar: url })).status, 400, url);
    const { data: after } = await platform.ask("/api/v1/users/me", { token: mira.token });
    assert.deepEqual(after, before);
    assert.deepEqual((await platform.ask("/api/v1/upload/usage", { token: mira.token })).data, usedBefore);
  });

  it("is fetched thirty times an hour for each account at most", async () => {
    const { token } = await platform.join();
    answer = (_, response) => response.writeHead(404).end();
    const statuses: number[] = [];
    for (let n = 0; n < 31; n++) {
      const body = { avatar: `${address}/a.png` };
      statuses.push((await platform.ask("/api/v1/users/me", { method: "PUT", token, body })).status);
    }
    assert.deepEqual([new Set(statuses.slice(0, 30)), statuses[30], asked], [new Set([400]), 429, 30]);
  });

  it("would not be displayed by a page if it were another server's", async () => {
    const { headers } = await platform.ask("/");
    assert.match(String(headers["content-security-policy"]), /(?:^|; )img-src 'self' data: blob:(?:;|$)/);
  });
});

type Answers = (request: IncomingMessage, response: ServerResponse) => unknown;
let answer: Answers;
let asked = 0;
let address = "";
let original: Buffer;
let mira: Account;
const origin = createServer((request, response) => {
  asked += 1;
  answer(request, response);
});
const platform = new Platform(
  {},
  {},
  {},
  {
    outgoing: guardedOutgoing({ allow: ["127.0.0.1"], log: silentLog, own: () => [] }),
  },
);

const typed =
  (type: string, bytes: Buffer): Answers =>
  (_, response) =>
    response.writeHead(200, { "content-type": type }).end(bytes);
const update = (body: Readonly<Record<string, string>>) =>
  platform.ask("/api/v1/users/me", { method: "PUT", token: mira.token, body });
