import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { type Account, type Answered, clip, form, Platform } from "../platform/platform.ts";
import { until } from "../until.ts";

describe("an uploaded file", () => {
  before(async () => {
    await platform.open();
    mira = await platform.join();
    video = await clip("one-frame.mp4");
  });
  after(() => platform[Symbol.asyncDispose]());

  it("has a name that is data and never a path (S4.1)", async () => {
    for (const name of names) {
      const response = await platform.upload("/api/v1/media/upload", mira.token, { name, bytes: video });
      assert.equal(response.status, 200, `${JSON.stringify(name.slice(0, 80))}: ${response.text}`);
      const saved = await fetched(String(response.data["url"]));
      assert.equal(saved.status, 200, name.slice(0, 80));
      assert.deepEqual(saved.bytes, video);
      const disposition = String(saved.headers["content-disposition"]);
      const [, plain = "", encoded = ""] =
        disposition.match(/^attachment; filename="([\x20-\x7e]*)"; filename\*=UTF-8''([\w.~%-]+)$/) ?? [];
      assert.ok(encoded, `${JSON.stringify(name.slice(0, 80))}: ${disposition}`);
      const shown = decodeURIComponent(encoded);
      for (const form of [plain, shown]) {
        assert.doesNotMatch(form, /[/\\"]|\p{Cc}|\p{Bidi_Control}/u, disposition);
        assert.ok(form.length <= 255 && !/^\.*$/.test(form), disposition);
      }
    }
    for (const space of ["upload", "media"])
      for await (const { key } of platform.blob.list(space)) assert.match(key, /^(?:upload|media)\/[0-9a-f]{64}$/);
  });

  it("is refused by its content, whatever its name and type, and takes no space (S4.2)", async () => {
    const { data: before } = await usage();
    for (const [kind, bytes] of refused)
      for (const name of ["a.mp4", "a.html", "a.svg", "a.gif"])
        for (const type of ["video/mp4", "text/html", "image/svg+xml"])
          for (const path of ["/api/v1/media/upload", "/api/v1/videos"]) {
            const answer = await platform.upload(path, mira.token, { name, bytes, type }, { title: "x" });
            assert.equal(answer.status, 415, `${kind} as ${name}: ${answer.text}`);
          }
    assert.deepEqual((await usage()).data, before);
  });

  it("is served as a sandboxed attachment when it contains a script, and re-encoded when it is a picture (S4.2)", async () => {
    const script = Buffer.from("<script>alert(1)</script>");
    const polyglots: readonly [string, Buffer][] = [
      ["a video that is an archive too", await clip("polyglot-mp4-zip.mp4")],
      ["a video with a page behind it", Buffer.concat([video, script])],
    ];
    for (const [kind, bytes] of polyglots) {
      const { data, status } = await platform.upload("/api/v1/media/upload", mira.token, {
        name: "a.html",
        bytes,
        type: "text/html",
      });
      assert.equal(status, 200, kind);
      const { headers } = await fetched(String(data["url"]));
      assert.match(String(headers["content-disposition"]), /^attachment;/, kind);
      assert.match(String(headers["content-type"]), /^(?:video\/|application\/octet-stream)/, kind);
      sandboxed(headers, kind);
    }
    const gif = await clip("animated.gif");
    for (const purpose of ["avatar", "cover", "background", "picture"]) {
      const response = await platform.upload(
        "/api/v1/media/upload",
        mira.token,
        { name: "a.gif", bytes: Buffer.concat([gif, script]) },
        { purpose },
      );
      const shown = await fetched(String(response.data["url"]));
      assert.deepEqual([shown.status, shown.headers["content-type"]], [200, "image/webp"], purpose);
      assert.equal(shown.bytes.includes(script), false, purpose);
      sandboxed(shown.headers, purpose);
    }
    const half = await platform.upload(
      "/api/v1/media/upload",
      mira.token,
      { name: "a.gif", bytes: await clip("polyglot-gif-js.gif") },
      { purpose: "avatar" },
    );
    assert.equal(half.status, 415);
  });

  it("keeps its bytes for a day after its deletion, unless an administrator frees the space", async () => {
    const usedBefore = (await usage()).data["used_bytes"];
    const { body, headers } = form(
      { name: "sea.bin", bytes: Buffer.from("a file of the drive") },
      { purpose: "drive" },
    );
    const sent = await platform.ask("/api/v1/upload", { method: "POST", token: mira.token, body, headers });
    const key = `upload/${String(sent.data["sha256"])}`;
    const ids = [Number(sent.data["entry_id"])];
    await platform.ask("/api/v1/drive/remove", { method: "POST", token: mira.token, body: { ids } });
    const isStored = async () => {
      const object = await platform.blob.open(key);
      await object?.close();
      return object !== undefined;
    };
    await until(async () => {
      await platform.host.drain();
      return (await usage()).data["used_bytes"] === usedBefore;
    });
    const free = ({ token }: Account) =>
      platform.ask("/api/v1/admin/storage/free", { method: "POST", token, body: {} });
    assert.equal((await free(mira)).status, 403);
    assert.equal(await isStored(), true);
    const administrator = await platform.administrator();
    assert.equal((await free(administrator)).status, 200);
    const freed = await until(async () => {
      const { data } = await platform.ask("/api/v1/admin/storage/free", { token: administrator.token });
      const latest = data["latest"] as Record<string, unknown>; // The type of the contract.
      return latest["status"] === "running" ? undefined : latest;
    });
    assert.deepEqual([freed["status"], freed["objects"], freed["bytes"]], ["done", 1, 19]);
    assert.equal(await isStored(), false);
  });

  it("leaves no reserved space and no bytes when its sender disconnects (S4.6)", async () => {
    const port = await platform.app.listen({ port: 0, host: "127.0.0.1" });
    const { body, headers } = form({ name: "a.mp4", bytes: await clip("moov-at-end.mp4") });
    const head = [
      "POST /api/v1/media/upload HTTP/1.1",
      "host: x",
      `authorization: Bearer ${mira.token}`,
      `content-type: ${headers["content-type"]}`,
      `content-length: ${body.byteLength}`,
    ].join("\r\n");
    const sockets = [400, 2_000, 300_000, 900_000].map((length) =>
      begun(port, Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body.subarray(0, length)])),
    );
    const reserved = async () => Number((await usage()).data["reserved_bytes"]);
    await until(async () => (await reserved()) > 0, { said: () => "no upload ever began" });
    for (const socket of sockets) socket.destroy();
    await until(async () => (await reserved()) === 0, { said: () => "the space was never given back" });
    // The bytes that came are removed too: only whole objects are left.
    let others: string[] = [];
    const areDeleted = async () => {
      const entries = await readdir(platform.blobs, { recursive: true, withFileTypes: true });
      others = entries.filter((one) => one.isFile() && !/^[0-9a-f]{60,64}$/.test(one.name)).map(({ name }) => name);
      return others.length === 0;
    };
    await until(areDeleted, { said: () => `there is ${others.join()}` });
  });
});

// Nothing is transcoded: what is looked at here is what was sent.
const platform = new Platform({}, { transcoder: { ffmpeg: "/nowhere/ffmpeg" } });
let mira: Account;
let video: Buffer;

const usage = () => platform.ask("/api/v1/upload/usage", { token: mira.token });
const fetched = (url: string): Promise<Answered> =>
  platform.ask(url.replace(/^https?:\/\/[^/]+/, ""), { token: mira.token });

function sandboxed(headers: Answered["headers"], kind: string): void {
  assert.equal(headers["x-content-type-options"], "nosniff", kind);
  assert.equal(headers["content-security-policy"], "sandbox; default-src 'none'", kind);
}

const names: readonly string[] = [
  "../../../etc/passwd",
  "..\\..\\..\\windows\\win.ini",
  "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
  "%252e%252e%252fetc%252fpasswd",
  "..%2f..%2fetc%2fpasswd",
  "..%5c..%5cwindows",
  "%c0%ae%c0%ae%c0%afetc",
  "%uff0e%uff0e%u2215etc",
  "....//....//etc/passwd",
  "..;/..;/etc/passwd",
  "/etc/passwd",
  "C:\\windows\\win.ini",
  "\\\\host\\share\\file",
  "file:///etc/passwd",
  "．．／．．／etc／passwd",
  "..\u2215..\u2044etc\u2216passwd",
  "../../etc/passwd\0.mp4",
  ".",
  "..",
  "",
  " ",
  "con",
  "-rf",
  "~/.ssh/authorized_keys",
  "$(touch x).mp4",
  "`id`.mp4",
  "a\r\nset-cookie: x=y\r\n.mp4",
  'quote".mp4',
  "semi;filename=evil.html.mp4",
  "\u202egpj.exe.mp4",
  "zero\u200bwidth\u2066isolates\u2069.mp4",
  "\u0007bell\u001b[31m.mp4",
  "x".repeat(10_000),
  "é".repeat(5_000),
  "👍".repeat(1_000),
  `${"a".repeat(254)}👍👍.mp4`,
  `a${"👍".repeat(400)}`,
  "日落 (1).mp4",
];

const refused: readonly [string, Buffer][] = [
  ["a page", Buffer.from("<!doctype html><html><script>alert(1)</script></html>")],
  ["a picture of vectors", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
  ["XML", Buffer.from('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>')],
  [
    "a document",
    Buffer.concat([Buffer.from("%PDF-1.7\n1 0 obj <</S /JavaScript /JS (app.alert(1))>>"), Buffer.alloc(100)]),
  ],
  [
    "a script",
    Buffer.from("export const a = () => fetch('//evil.test'); // a few more words, so that it is long enough"),
  ],
  ["a playlist", Buffer.from("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n")],
  ["a list of files", Buffer.from("ffconcat version 1.0\nfile '/etc/passwd'\n")],
  ["an archive", Buffer.concat([Buffer.from("PK\u0003\u0004"), Buffer.alloc(100)])],
  ["a program", Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46]), Buffer.alloc(100)])],
  ["a page after a mark", Buffer.from("\ufeff<html><body onload=alert(1)>, and a few more words")],
];

/** Sends the beginning of a request and holds the connection. */
function begun(port: number, bytes: Buffer): Socket {
  const socket = connect(port, "127.0.0.1", () => void socket.write(bytes));
  socket.on("error", () => undefined);
  return socket;
}
