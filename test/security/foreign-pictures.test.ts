import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, describe, it } from "node:test";
import { silentLog } from "#kernel/log/port";
import { type Connect, createConnector } from "#kernel/outgoing/connect";
import { createGuardedOutgoing } from "#kernel/outgoing/guarded";
import sharp from "sharp";
import { isNightly } from "../depth.ts";
import { type Account, clip, operationsOf, Platform, resolved } from "../platform/platform.ts";

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
    paths.length = 0;
    guard = loose;
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
    // Counts of earlier videos follow by events.
    await platform.host.drain();
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

  it("reaches nothing of this machine or its networks, in any field that takes an address (S5.1)", async () => {
    const fields = await addressFields();
    assert.deepEqual(
      fields.map(({ operation, field }) => `${operation.operationId} ${field}`).toSorted(),
      [
        // Its own uploads alone, and of an administrator: an address of elsewhere is refused.
        "instance.update icon_url",
        "open.oembed url",
        "message.send media_url",
        "upload.importUrl url",
        "user.update avatar",
        "user.update background_image",
        "user.update homepage",
        "video.create cover_url",
        "video.create video_url",
        "video.update cover_url",
      ].toSorted(),
    );
    const { port } = new URL(address);
    answer = (_, response) => response.writeHead(302, { location: `http://127.0.0.1:${port}/inside` }).end();
    guard = strict;
    const film = { name: "a.mp4", bytes: await clip("one-frame.mp4") };
    let count = 0;
    let [token, videoId] = ["", ""];
    const done = async (url: string) => {
      // An account may have thirty pictures fetched in an hour.
      if (count++ % 6 === 0) {
        ({ token } = await platform.join());
        videoId = String((await platform.upload("/api/v1/videos", token, film, { title: "x" })).data["id"]);
      }
      for (const { operation, field } of fields) {
        const at = operation.path.replace("{id}", operation.path.includes("/users/") ? "me" : videoId);
        const query = operation.verb === "GET" ? `?${field}=${encodeURIComponent(url)}` : "";
        const body = { title: "x", purpose: "drive", receiver_id: mira.id, type: 2, [field]: url };
        const sent = operation.verb === "GET" ? {} : { body };
        const { status, text } = await platform.ask(at + query, { method: operation.verb, token, ...sent });
        assert.ok(
          status < 500 && !text.includes("inside"),
          `${operation.operationId} ${field} ${url}: ${status} ${text}`,
        );
      }
    };
    for (const host of isNightly ? inside : inside.slice(-shortForm)) {
      lookups.clear();
      await done(`http://${host.replace("PORT", port)}/a.png?${host}`);
    }
    for (const url of [
      "file:///etc/passwd",
      "gopher://127.0.0.1/",
      `ftp://127.0.0.1:${port}/a`,
      `//127.0.0.1:${port}/a`,
    ])
      await done(url);
    await platform.host.drain();
    assert.deepEqual(
      paths.filter((path) => !isOutside(path)),
      [],
    );
    assert.ok(paths.filter(isOutside).length >= 4, "the public name is asked, and its redirect is not followed");
    guard = loose;
    paths.length = 0;
    await done(`${address}/a.png`);
    await platform.host.drain();
    // The first address and its redirect, for a picture of each kind, a cover, an import and a video.
    assert.ok(paths.length >= 8, `${paths.join()} where it may`);
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
/** The paths that were asked, with their host. */
const paths: string[] = [];
const origin = createServer((request, response) => {
  asked += 1;
  paths.push(`${String(request.headers.host)}${String(request.url)}`);
  answer(request, response);
});
/** Spellings of this machine and of networks that are not public; `PORT` is where something listens. */
const inside = [
  "127.0.0.1:PORT",
  "localhost:PORT",
  "127.1:PORT",
  "2130706433:PORT",
  "0x7f000001:PORT",
  "0177.0.0.1:PORT",
  "0.0.0.0:PORT",
  "[::1]:PORT",
  "[::]:PORT",
  "[::ffff:127.0.0.1]:PORT",
  "[::ffff:7f00:1]:PORT",
  "[64:ff9b::7f00:1]:PORT",
  "172.16.0.1",
  "192.168.0.1",
  "100.64.0.1",
  "169.254.169.254",
  "[fd00::1]",
  "[fe80::1]",
  "user:secret@public.test",
  "mixed.test:PORT",
  "private.test:PORT",
  "127.0.0.2:PORT",
  "10.0.0.1",
  "changing.test:PORT",
  "public.test",
];
/** The last of those; the other spellings are the client's own suite. */
const shortForm = 5;
const publicAddress = "93.184.216.34";
const isOutside = (path: string): boolean => /^(?:public|changing)\.test/.test(path);
/** A name that is public once, and then is this machine (DNS rebinding). */
const lookups = new Set<string>();
const resolve = async (name: string): Promise<readonly string[]> => {
  const isAgain = lookups.has(name);
  lookups.add(name);
  if (name === "private.test") return ["127.0.0.1"];
  if (name === "mixed.test") return [publicAddress, "127.0.0.1"];
  return name === "changing.test" && isAgain ? ["127.0.0.1"] : [publicAddress];
};
/** Leads public addresses to the same server, so that what reaches it by name is seen. */
const connect: Connect = (endpoint, signal) => {
  const { port } = origin.address() as AddressInfo; // A TCP server has one.
  return createConnector()({ ...endpoint, address: "127.0.0.1", port, isSecure: false }, signal);
};
const loose = createGuardedOutgoing({ allow: ["127.0.0.1"], log: silentLog, own: () => [] });
const strict = createGuardedOutgoing({ allow: [], log: silentLog, own: () => [], resolve, connect });
let guard = loose;
const platform = new Platform(
  {},
  {},
  {},
  {
    outgoing: { ask: (url, request) => guard.ask(url, request), check: (url) => guard.check(url) },
  },
);

/** Each field of each operation that may be an address. */
async function addressFields() {
  const document = await platform.document();
  return operationsOf(document).flatMap((operation) => {
    const content = Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => schema ?? {});
    const sent = content.flatMap((schema) =>
      Object.entries(resolved(document, schema).properties ?? {})
        // An object has fields of its own, and is no address.
        .filter(([, field]) => resolved(document, field).type !== "object")
        .map(([name]) => name),
    );
    const queried = (operation.parameters ?? []).filter((one) => one.in === "query").map(({ name }) => name);
    const isAddress = (name: string) =>
      /(?:^|_)(?:url|uri|link|href|homepage|avatar|image|callback|webhook)$/.test(name);
    return [...new Set([...sent, ...queried])].filter(isAddress).map((field) => ({ operation, field }));
  });
}

const typed =
  (type: string, bytes: Buffer): Answers =>
  (_, response) =>
    response.writeHead(200, { "content-type": type }).end(bytes);
const update = (body: Readonly<Record<string, string>>) =>
  platform.ask("/api/v1/users/me", { method: "PUT", token: mira.token, body });
