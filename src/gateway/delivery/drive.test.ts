import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { connect } from "node:net";
import { after, before, describe, it } from "node:test";
import { type Account, type Answered, type Asked, clip, form, Platform } from "#test/platform/platform";
import { until } from "#test/until";
import { sql } from "kysely";

describe("files of the drive, over HTTP", () => {
  before(async () => {
    await platform.open();
    [mira, noor] = [await platform.join(), await platform.join()];
    port = await platform.app.listen({ port: 0, host: "127.0.0.1" });
  });
  after(() => platform[Symbol.asyncDispose]());

  it("are in their folder when the upload is answered, and never become media objects", async () => {
    const folder = await post("/api/v1/drive/folders", { name: "Sea" });
    const { data } = await put("日落.bin", Buffer.from("abc"), { folder_id: String(folder.data["id"]) });
    const { data: entry } = await ask(`/api/v1/drive/${Number(data["entry_id"])}`);
    assert.deepEqual([entry["name"], entry["folder_id"], entry["size"]], ["日落.bin", folder.data["id"], 3]);
    const listed = await ask(`/api/v1/drive?folder_id=${Number(folder.data["id"])}&sort=size&order=desc`);
    assert.deepEqual(
      (listed.data["list"] as { id: number }[]).map(({ id }) => id),
      [entry["id"]],
    );
    await platform.host.drain();
    assert.equal(((await ask("/api/v1/drive?page_size=100")).data["list"] as object[]).length, 1);
    // A picture in the drive is a file like any other: nobody makes a media object of it, now or later.
    await put("a.gif", await clip("animated.gif"));
    await platform.host.drain();
    const { rows } = await sql`SELECT id FROM jobs UNION ALL SELECT id FROM media`.execute(
      platform.host.database("media"),
    );
    assert.equal(rows.length, 0);
  });

  it("honour ranges and conditional requests, and answer 404 to other users", async () => {
    const bytes = Buffer.from("0123456789");
    const { url, id } = await file("a.bin", bytes);
    const whole = await ask(url);
    const etag = String(whole.headers["etag"]);
    const changed = String(whole.headers["last-modified"]);
    assert.deepEqual([whole.status, whole.bytes, whole.headers["accept-ranges"]], [200, bytes, "bytes"]);
    assert.ok(Math.abs(Date.parse(changed) - Date.now()) < 60_000);
    const cases: [Record<string, string>, number, string?][] = [
      [{ range: "bytes=2-5" }, 206, "2345"],
      [{ range: "bytes=-3" }, 206, "789"],
      [{ range: "bytes=7-" }, 206, "789"],
      [{ range: "bytes=7-99" }, 206, "789"],
      [{ range: "bytes=10-" }, 416, ""],
      [{ range: "bytes=0-1,4-5" }, 200, "0123456789"],
      [{ range: "bytes=0-1", "if-range": etag }, 206, "01"],
      [{ range: "bytes=0-1", "if-range": changed }, 206, "01"],
      [{ range: "bytes=0-1", "if-range": '"other"' }, 200, "0123456789"],
      [{ "if-none-match": etag }, 304, ""],
      [{ "if-modified-since": changed }, 304, ""],
      [{ "if-match": '"other"' }, 412, ""],
      [{ "if-unmodified-since": "Fri, 20 Nov 2020 10:00:00 GMT" }, 412, ""],
    ];
    for (const [headers, status, text] of cases) {
      const described = JSON.stringify(headers);
      const answer = await ask(url, { headers });
      assert.deepEqual([answer.status, answer.bytes.toString()], [status, text], described);
      const head = await ask(url, { headers, method: "HEAD" });
      assert.deepEqual([head.status, head.bytes.length], [status, 0], described);
      for (const name of ["content-length", "content-range", "etag", "last-modified"])
        if (status === 200 || status === 206)
          assert.equal(head.headers[name], answer.headers[name], `${described} ${name}`);
      if (status === 416) assert.equal(answer.headers["content-range"], "bytes */10");
    }
    assert.equal((await ask(`/api/v1/drive/${id}/content`, { token: noor.token })).status, 404);
    assert.equal((await platform.ask(`/api/v1/drive/${id}/content`)).status, 404);
  });

  it("can be downloaded in parallel ranges that add up to the whole", async () => {
    const bytes = Buffer.alloc(3_000_000, "some bytes that do not repeat too soon ");
    for (let at = 0; at < bytes.length; at += 1_000) bytes.writeUInt32LE(at, at);
    const { id } = await file("big.bin", bytes);
    const { data } = await post(`/api/v1/drive/${id}/link`, {});
    const link = `http://127.0.0.1:${port}${pathOf(data["url"])}`;
    const size = 250_000;
    const parts = await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        const answer = await fetch(link, { headers: { range: `bytes=${i * size}-${(i + 1) * size - 1}` } });
        assert.equal(answer.status, 206);
        return Buffer.from(await answer.arrayBuffer());
      }),
    );
    const hash = (all: Buffer) => createHash("sha256").update(all).digest("hex");
    assert.equal(hash(Buffer.concat(parts)), hash(bytes));
    assert.equal(hash(Buffer.from(await (await fetch(link)).arrayBuffer())), hash(bytes));
  });

  it("may be empty: 200 for the whole, 416 for a range", async () => {
    const { id } = await file("empty.bin", Buffer.alloc(0));
    const { url } = (await post(`/api/v1/drive/${id}/link`, {})).data;
    for (const [method, range, status] of [
      ["GET", undefined, 200],
      ["HEAD", undefined, 200],
      ["GET", "bytes=0-", 416],
      ["GET", "bytes=-1", 416],
    ] as const) {
      const answer = await platform.ask(pathOf(url), { method, headers: range ? { range } : {} });
      assert.deepEqual([answer.status, answer.bytes.length, Number(answer.headers["content-length"])], [status, 0, 0]);
    }
  });

  it("are saved under a sanitized name, and shown inline only for safe types", async () => {
    const gif = await clip("animated.gif");
    const page = Buffer.from("<!doctype html><script>alert(1)</script>");
    for (const name of [
      'a"; filename=evil.html',
      "\u202egpj.exe",
      "a\r\nset-cookie: x=y",
      "日落 (1).gif",
      "%2e%2e%2f",
      "a'b*c.gif",
    ])
      for (const [bytes, isSafe] of [
        [gif, true],
        [page, false],
      ] as const) {
        const { url } = await file(name, bytes);
        for (const inline of ["", "?inline=1"]) {
          const { headers, status } = await ask(`${url}${inline}`);
          const said = String(headers["content-disposition"]);
          assert.equal(status, 200);
          assert.match(said, /^(?:attachment|inline); filename="[\x20-\x7e]*"; filename\*=UTF-8''[\w.~%-]+$/, said);
          assert.equal(said.startsWith("inline"), isSafe && inline !== "", said);
          assert.doesNotMatch(decodeURIComponent(said.split("''")[1] ?? ""), /[/\\"]|\p{Cc}|\p{Bidi_Control}/u);
          assert.equal(headers["x-content-type-options"], "nosniff");
          assert.equal(headers["content-security-policy"], "sandbox; default-src 'none'");
          assert.equal(headers["cache-control"], "private, no-store");
          assert.equal(headers["content-type"], isSafe ? "image/gif" : "application/octet-stream");
        }
      }
  });

  it("come as one archive of the announced length, by its ticket alone", async () => {
    const { data: folder } = await post("/api/v1/drive/folders", { name: "Archive" });
    const id = Number(folder["id"]);
    await put("a.bin", Buffer.from("one"), { folder_id: String(id) });
    await put("b.bin", Buffer.alloc(300_000, 7), { folder_id: String(id) });
    await post("/api/v1/drive/folders", { name: "empty", folder_id: id });
    const { data } = await post("/api/v1/drive/zip", { ids: [id] });
    const url = pathOf(data["url"]);
    const head = await platform.ask(url, { method: "HEAD" });
    const { bytes, headers, status } = await platform.ask(url);
    assert.deepEqual([head.status, status, headers["content-type"]], [200, 200, "application/zip"]);
    assert.equal(Number(head.headers["content-length"]), bytes.length);
    assert.match(String(headers["content-disposition"]), /^attachment; filename="Archive\.zip"/);
    for (const name of ["Archive/a.bin", "Archive/b.bin", "Archive/empty/"]) assert.ok(bytes.includes(name), name);
    for (const bad of ["", "?ticket=", "?ticket=a.b", `?ticket=${url.split("ticket=")[1]}x`])
      assert.equal((await ask(`/api/v1/drive/zip${bad}`)).status, 404, bad);
    await post("/api/v1/drive/trash", { ids: [id] });
    assert.equal((await platform.ask(url)).status, 404);
  });

  it("abort an archive when one is unreadable, and are closed when the client disconnects", async () => {
    const { data: folder } = await post("/api/v1/drive/folders", { name: "Broken" });
    const bytes = Buffer.alloc(2_000_000, 1);
    await put("a.bin", bytes, { folder_id: String(folder["id"]) });
    await put("b.bin", Buffer.alloc(2_000_000, 2), { folder_id: String(folder["id"]) });
    const { data } = await post("/api/v1/drive/zip", { ids: [folder["id"]] });
    const url = `http://127.0.0.1:${port}${pathOf(data["url"])}`;
    const real = platform.blob.open.bind(platform.blob);
    const open = new Set<object>();
    const missingHash = createHash("sha256").update(Buffer.alloc(2_000_000, 2)).digest("hex");
    platform.blob.open = async (key) => {
      const object = await real(key);
      if (!object) return undefined;
      const watched = {
        sizeBytes: object.sizeBytes,
        changedAtMs: object.changedAtMs,
        read: async (at: number, length: number) => {
          if (isBroken && key.endsWith(missingHash) && at > 0) throw new Error("the disk is gone");
          return object.read(at, length);
        },
        close: async () => {
          open.delete(watched);
          await object.close();
        },
      };
      open.add(watched);
      return watched;
    };
    let isBroken = true;
    await assert.rejects(fetch(url).then((answer) => answer.arrayBuffer()));
    await until(() => open.size === 0);
    isBroken = false;
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(`GET ${pathOf(data["url"])} HTTP/1.1\r\nhost: x\r\n\r\n`);
    await new Promise((resolve) => socket.once("data", resolve));
    socket.destroy();
    await until(() => open.size === 0);
    assert.equal((await (await fetch(url)).arrayBuffer()).byteLength > 4_000_000, true);
    platform.blob.open = real;
  });

  it("are redirected to a signed address of the store, except for HEAD and inline requests", async () => {
    const { url } = await file("direct.bin", Buffer.from("abc"));
    const blob = platform.blob as { directRead?: unknown };
    const directReads: unknown[] = [];
    blob.directRead = async (key: string, as: object) => {
      directReads.push([key.split("/")[0], as]);
      return { method: "GET", url: "https://store.example/x?signed", headers: {} };
    };
    const answer = await ask(url);
    assert.deepEqual(
      [answer.status, answer.headers["location"], answer.bytes.length],
      [302, "https://store.example/x?signed", 0],
    );
    assert.equal(answer.headers["cache-control"], "private, no-store");
    assert.equal((await ask(url, { token: noor.token })).status, 404);
    assert.equal((await ask(url, { method: "HEAD" })).status, 200);
    // A page's policy names no other origin than ours.
    const shown = await ask(`${url}${url.includes("?") ? "&" : "?"}inline=1`);
    assert.deepEqual([shown.status, String(shown.bytes)], [200, "abc"]);
    assert.equal(directReads.length, 1);
    assert.match(
      JSON.stringify(directReads),
      /"mime":"application\/octet-stream".*attachment; filename=\\"direct\.bin\\"|attachment; filename=\\"direct\.bin\\".*"mime":"application\/octet-stream"/,
    );
    delete blob.directRead;
  });
});

const platform = new Platform({}, { transcoder: { ffmpeg: "/nowhere/ffmpeg" } });
let mira: Account;
let noor: Account;
let port = 0;

const ask = (url: string, asked: Asked = {}): Promise<Answered> => platform.ask(url, { token: mira.token, ...asked });
async function post(url: string, body: unknown): Promise<Answered> {
  const answer = await ask(url, { method: "POST", body });
  assert.equal(answer.status, 200, answer.text);
  return answer;
}
async function put(name: string, bytes: Buffer, fields: Record<string, string> = {}): Promise<Answered> {
  const query = new URLSearchParams({ purpose: "drive", ...fields });
  const answer = await ask("/api/v1/upload", { method: "POST", ...form({ name, bytes }, Object.fromEntries(query)) });
  assert.equal(answer.status, 200, answer.text);
  return answer;
}
async function file(name: string, bytes: Buffer): Promise<{ id: number; url: string }> {
  const { data, text } = await put(name, bytes);
  const id = Number(data["entry_id"]);
  assert.ok(id > 0, text);
  return { id, url: `/api/v1/drive/${id}/content` };
}
const pathOf = (url: unknown): string => String(url).replace(/^https?:\/\/[^/]+/, "");
