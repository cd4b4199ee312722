import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { after, before, describe, it } from "node:test";
import type { Piece } from "#kernel/blob/port";
import { callOf } from "#kernel/host/testing";
import { media } from "#services/media/contract";
import { upload } from "#services/upload/contract";
import { clip, Platform } from "#test/platform/platform";
import { until } from "#test/until";
import { sql } from "kysely";
import { Upload } from "tus-js-client";
import { Appender } from "./appender.ts";
import { tusExtensions } from "./tus-headers.ts";

describe("the tus 1.0 endpoint", () => {
  before(async () => {
    await platform.open();
    port = await platform.app.listen({ port: 0, host: "127.0.0.1" });
    ({ token, id: userId } = await platform.join());
  });
  after(() => platform[Symbol.asyncDispose]());

  it("announces its version, extensions, checksums and maximum size", async () => {
    const { status, headers } = await ask("OPTIONS", base, {}, undefined, { "tus-resumable": "" });
    assert.equal(status, 204);
    assert.equal(headers["tus-version"], "1.0.0");
    assert.equal(headers["tus-extension"], tusExtensions);
    assert.equal(headers["tus-checksum-algorithm"], "sha256,sha1,md5");
    assert.ok(Number(headers["tus-max-size"]) > 0);
  });

  it("answers 412 to clients of another version", async () => {
    for (const version of ["", "0.2.2", "2.0.0"]) {
      const { status, headers } = await ask("POST", base, { "upload-length": "5" }, undefined, {
        "tus-resumable": version,
      });
      assert.deepEqual([status, headers["tus-version"]], [412, "1.0.0"]);
    }
  });

  it("accepts a file in pieces of any size, and answers the last one with the id of the file", async () => {
    const bytes = randomBytes(100_000);
    const at = await create(bytes.byteLength, { filename: "sea.bin", purpose: "drive" });
    let offset = 0;
    for (const end of [1, 2, 50_000, 50_001, 100_000]) {
      const { status, headers } = await patch(at, offset, bytes.subarray(offset, end));
      assert.deepEqual([status, headers["upload-offset"]], [204, String(end)]);
      offset = end;
      assert.equal((await head(at))["upload-offset"], String(end));
      if (end === bytes.byteLength) await isStored(Number(headers["kinora-file-id"]), bytes, "sea.bin");
    }
    assert.equal((await head(at))["upload-length"], "100000");
    assert.equal((await patch(at, 100_000, Buffer.from("x"))).status, 409);
  });

  it("repeats the result to a client that lost the answer, until the file is removed", async () => {
    const bytes = randomBytes(2_000);
    const at = await create(bytes.byteLength, { purpose: "drive" });
    const { headers: received } = await patch(at, 0, bytes);
    const ids = (headers: Record<string, string | undefined>) => [
      headers["kinora-file-id"],
      headers["kinora-entry-id"],
    ];
    assert.ok(ids(received).every(Number));
    assert.deepEqual(ids(await head(at)), ids(received));
    const body = { ids: [Number(received["kinora-entry-id"])] };
    for (const path of ["trash", "remove"])
      assert.equal((await platform.ask(`/api/v1/drive/${path}`, { method: "POST", token, body })).status, 200);
    const after = await until(async () => {
      const headers = await head(at);
      return headers["kinora-file-id"] === undefined ? headers : undefined;
    });
    assert.deepEqual([after["upload-offset"], ...ids(after)], ["2000", undefined, undefined]);
  });

  it("refuses a file for publication after its first bytes if it is no media, and ends the upload", async () => {
    const at = await create(9_000_000, { purpose: "media" });
    const early = request({
      port,
      method: "PATCH",
      path: at,
      headers: { ...common(), ...stream, "upload-offset": 0, "content-length": 9_000_000 },
    });
    early.on("error", () => undefined);
    early.write(Buffer.alloc(100_000, "no film "));
    const [answer] = await once(early, "response");
    early.destroy();
    assert.equal(answer.statusCode, 415);
    assert.equal((await ask("HEAD", at)).status, 410);
    assert.equal((await usage())["reserved_bytes"], 0);
    // A part of something, and what is only kept, may be anything.
    const own = await create(100_000, { purpose: "drive" });
    assert.equal((await patch(own, 0, Buffer.alloc(100_000, "no film "))).status, 204);
  });

  it("accepts a file in its creation request, and an empty file", async () => {
    const bytes = randomBytes(5_000);
    const created = await ask(
      "POST",
      base,
      { "upload-length": "5000", "upload-metadata": meta({ purpose: "drive" }), ...stream },
      bytes,
    );
    assert.deepEqual([created.status, created.headers["upload-offset"]], [201, "5000"]);
    await isStored(Number(created.headers["kinora-file-id"]), bytes, "file");
    const empty = await ask("POST", base, { "upload-length": "0", "upload-metadata": meta({ purpose: "drive" }) });
    await isStored(Number(empty.headers["kinora-file-id"]), Buffer.alloc(0), "file");
  });

  it("accepts a deferred length, which can be set once", async () => {
    const bytes = randomBytes(3_000);
    const { headers } = await ask("POST", base, {
      "upload-defer-length": "1",
      "upload-metadata": meta({ purpose: "drive" }),
    });
    const at = String(headers["location"]);
    assert.equal((await patch(at, 0, bytes.subarray(0, 1_000))).status, 204);
    const seen = await head(at);
    assert.deepEqual([seen["upload-defer-length"], seen["upload-length"]], ["1", undefined]);
    assert.equal((await patch(at, 1_000, bytes.subarray(1_000), { "upload-length": "2000" })).status, 413);
    const offset = Number((await head(at))["upload-offset"]);
    const again = await patch(at, offset, bytes.subarray(offset, offset + 1), { "upload-length": "3000" });
    assert.equal(again.status, 409, "a length is said once");
    assert.deepEqual([(await head(at))["upload-length"], (await head(at))["upload-offset"]], ["2000", String(offset)]);
    const last = await patch(at, offset, bytes.subarray(offset, 2_000));
    await isStored(Number(last.headers["kinora-file-id"]), bytes.subarray(0, 2_000), "file");
    assert.equal((await ask("POST", base, {})).status, 400);
    assert.equal((await ask("POST", base, { "upload-length": "1", "upload-defer-length": "1" })).status, 400);
  });

  it("stores nothing of a request with a wrong checksum", async () => {
    const bytes = randomBytes(3_000_000);
    const at = await create(bytes.byteLength, { purpose: "drive" });
    const sum = (kind: string, of: Buffer) => `${kind} ${createHash(kind).update(of).digest("base64")}`;
    const first = bytes.subarray(0, 1_000_000);
    const bad = await patch(at, 0, first, { "upload-checksum": sum("sha1", bytes) });
    assert.equal(bad.status, 460);
    assert.equal((await head(at))["upload-offset"], "0");
    assert.equal((await patch(at, 0, first, { "upload-checksum": "crc32 AAAA" })).status, 400);
    let offset = 0;
    for (const kind of ["sha1", "md5", "sha256"]) {
      const part = bytes.subarray(offset, offset + 1_000_000);
      const wrong = await patch(at, offset, randomBytes(1_000_000), { "upload-checksum": sum(kind, part) });
      assert.equal(wrong.status, 460);
      offset += 1_000_000;
      const resent = await patch(at, offset - 1_000_000, part, { "upload-checksum": sum(kind, part) });
      assert.deepEqual([resent.status, resent.headers["upload-offset"]], [204, String(offset)]);
    }
    assert.equal((await head(at))["upload-offset"], "3000000");
    await isStored(await fileOf(at), bytes, "file");
  });

  it("makes the file on the next request after a server stopped before making it", async () => {
    const bytes = randomBytes(2_000);
    const at = await create(bytes.byteLength, { purpose: "drive" });
    await asAnother(at, "gone", bytes, { from: 0, isLast: true });
    const seen = await head(at);
    assert.equal(seen["upload-offset"], "2000");
    await isStored(Number(seen["kinora-file-id"]), bytes, "file");
  });

  it("computes the right hash when another process wrote in between", async () => {
    const bytes = randomBytes(3_000);
    const at = await create(bytes.byteLength, { purpose: "drive" });
    await patch(at, 0, bytes.subarray(0, 1_000));
    await asAnother(at, "other", bytes.subarray(1_000, 2_000), { from: 1_000, isLast: true });
    const last = await patch(at, 2_000, bytes.subarray(2_000));
    await isStored(Number(last.headers["kinora-file-id"]), bytes, "file");
  });

  it("F17: keeps the bytes of the current lease holder, and refuses those of a resumed writer", async () => {
    const bytes = randomBytes(3_000);
    const at = await create(bytes.byteLength, { purpose: "drive" });
    const paused = await asAnother(at, "paused", bytes.subarray(0, 1_000), { from: 0, isLast: false });
    await sql`UPDATE upload_sessions SET writer_until = now() - interval '1 second' WHERE id = ${idIn(at)}`.execute(
      platform.host.database("upload"),
    );
    assert.equal((await patch(at, 1_000, bytes.subarray(1_000, 2_000))).status, 204);
    await paused.writer.write(randomBytes(500));
    const pieces = await paused.writer.keep();
    const { fence, call } = paused;
    const late = uploads().advance(
      { id: idIn(at), fence, pieces: at0(pieces), receivedBytes: 2_500, isLast: true },
      call,
    );
    await assert.rejects(late, { code: "upload.busy" });
    assert.equal((await head(at))["upload-offset"], "2000");
    const last = await patch(at, 2_000, bytes.subarray(2_000));
    await paused.writer.close();
    await isStored(Number(last.headers["kinora-file-id"]), bytes, "file");
  });

  it("keeps the bytes of an interrupted request, and none of a request with a checksum (F13)", async () => {
    const call = callOf(userId);
    const life = `here#${await machineRun()}#1`;
    const appender = new Appender({
      blob: platform.blob,
      upload: uploads(),
      media: platform.host.client(media),
      life,
    });
    async function* cut() {
      yield randomBytes(1_000);
      throw new Error("the line is cut");
    }
    for (const checksum of [undefined, { update: () => undefined, verify: () => undefined }]) {
      const at = await create(5_000, { purpose: "drive" });
      const received = { bytes: cut(), release: () => undefined };
      await assert.rejects(appender.append(idIn(at), 0, received, call, checksum), { code: "upload.interrupted" });
      assert.equal((await head(at))["upload-offset"], checksum ? "0" : "1000");
    }
  });

  it("creates a media object of a video", async () => {
    const bytes = await clip("one-frame.mp4");
    const at = await create(bytes.byteLength, { filename: "sea.mp4" });
    const { headers } = await patch(at, 0, bytes);
    assert.deepEqual([Number(headers["kinora-media-id"]) > 0, headers["kinora-entry-id"]], [true, undefined]);
  });

  it("concatenates partial uploads in the given order, and refuses further bytes", async () => {
    const parts = [randomBytes(10), randomBytes(20_000), randomBytes(3)];
    const places: string[] = [];
    for (const part of parts) {
      const created = await ask("POST", base, { "upload-length": String(part.byteLength), "upload-concat": "partial" });
      places.push(String(created.headers["location"]));
    }
    const final = () =>
      ask("POST", base, {
        "upload-concat": `final;${places.join(" ")}`,
        "upload-metadata": meta({ filename: "whole", purpose: "drive" }),
      });
    const unfinished = async () =>
      ((await platform.ask("/api/v1/upload/list?page_size=100", { token })).data["list"] as object[]).length;
    const before = await unfinished();
    assert.equal((await final()).status, 400, "none of them is whole");
    assert.equal(await unfinished(), before);
    for (const [index, part] of parts.entries()) assert.equal((await patch(places[index] ?? "", 0, part)).status, 204);
    const created = await final();
    assert.equal(created.status, 201);
    await isStored(Number(created.headers["kinora-file-id"]), Buffer.concat(parts), "whole");
    const seen = await head(String(created.headers["location"]));
    assert.match(String(seen["upload-concat"]), /^final;/);
    assert.equal((await patch(String(created.headers["location"]), 0, Buffer.from("x"))).status, 403);
    const { token: foreign } = await platform.join();
    assert.equal(
      (
        await ask("POST", base, { "upload-concat": `final;${places[0]}` }, undefined, {
          authorization: `Bearer ${foreign}`,
        })
      ).status,
      404,
    );
  });

  it("releases the space of a cancelled upload, and answers 410 for it afterwards", async () => {
    const at = await create(1_000, { purpose: "drive" });
    await patch(at, 0, randomBytes(10));
    const before = (await usage())["reserved_bytes"];
    assert.equal((await ask("DELETE", at)).status, 204);
    assert.equal((await usage())["reserved_bytes"], Number(before) - 1_000);
    assert.equal((await ask("HEAD", at)).status, 410);
    assert.equal((await patch(at, 10, randomBytes(10))).status, 410);
    assert.equal((await ask("HEAD", `${base}/1`)).status, 404);
    assert.equal((await ask("HEAD", `${base}/x`)).status, 404);
  });

  it("answers 404 to other users, and 401 without a token", async () => {
    const at = await create(1_000, { purpose: "drive" });
    const { token: other } = await platform.join();
    for (const [method, headers] of [
      ["HEAD", {}],
      ["PATCH", { ...stream, "upload-offset": "0" }],
      ["DELETE", {}],
    ] as const) {
      assert.equal((await ask(method, at, headers, undefined, { authorization: `Bearer ${other}` })).status, 404);
      assert.equal((await ask(method, at, headers, undefined, { authorization: "" })).status, 401);
    }
  });

  it("refuses bytes at another offset, of another type, beyond the end, and without an offset (S4.6)", async () => {
    const at = await create(10, { purpose: "drive" });
    const { session } = await uploads().session({ id: idIn(at) }, callOf(userId));
    assert.equal((await patch(at, 5, Buffer.from("x"))).status, 409);
    const { session: after } = await uploads().session({ id: idIn(at) }, callOf(userId));
    assert.deepEqual([after.isHeld, after], [false, session], "it changed something");
    assert.equal(
      (await ask("PATCH", at, { "upload-offset": "0", "content-type": "text/plain" }, Buffer.from("x"))).status,
      415,
    );
    assert.equal((await ask("PATCH", at, stream, Buffer.from("x"))).status, 400);
    assert.equal((await ask("PATCH", at, { ...stream, "upload-offset": "-1" }, Buffer.from("x"))).status, 400);
    const storedBytes = (await pieceBytes()).length;
    assert.equal((await patch(at, 0, Buffer.alloc(11))).status, 413);
    assert.equal((await pieceBytes()).length, storedBytes, "bytes beyond the end were written");
    assert.equal((await ask("POST", base, { "upload-length": "1", "upload-metadata": "a b c" })).status, 400);
    assert.equal((await ask("POST", base, { "upload-length": String(2 ** 50) })).status, 413);
  });

  it("lets a new connection take over from a hanging one, and keeps the bytes already sent", async () => {
    const bytes = randomBytes(400_000);
    const at = await create(bytes.byteLength, { purpose: "drive" });
    const hanging = request({
      port,
      method: "PATCH",
      path: at,
      headers: { ...common(), ...stream, "upload-offset": "0", "content-length": bytes.byteLength },
    });
    hanging.on("error", () => undefined);
    hanging.write(bytes.subarray(0, 150_000));
    await until(async () => (await pieceBytes()).includes(150_000));
    const offset = Number((await head(at))["upload-offset"]);
    assert.equal(offset, 150_000);
    const rest = await patch(at, offset, bytes.subarray(offset));
    assert.equal(rest.status, 204);
    hanging.destroy();
    await isStored(Number(rest.headers["kinora-file-id"]), bytes, "file");
  });

  it("makes one correct file when two writers send the same offset (F13)", async () => {
    const bytes = randomBytes(300_000);
    const at = await create(bytes.byteLength, { purpose: "drive" });
    const both = await Promise.all([patch(at, 0, bytes), patch(at, 0, bytes)]);
    for (const { status } of both) assert.ok([204, 400, 409].includes(status), `${status}`);
    const offset = Number((await head(at))["upload-offset"]);
    if (offset < bytes.byteLength) assert.equal((await patch(at, offset, bytes.subarray(offset))).status, 204);
    await until(async () => Number((await head(at))["upload-offset"]) === bytes.byteLength);
    await isStored(await fileOf(at), bytes, "file");
  });

  it("continues after the bytes of a crashed process, except those of a request with a checksum", async () => {
    const bytes = randomBytes(900_000);
    for (const isChecked of [false, true]) {
      const at = await create(bytes.byteLength, { purpose: "drive" });
      const id = idIn(at);
      const call = callOf(userId);
      // As an earlier life of this process did, which was killed before it could count.
      const life = `test#${await machineRun()}#earlier${isChecked ? "#checked" : ""}`;
      const { fence } = await uploads().write({ id, endpoint: "tus", writer: life }, call);
      const writer = await platform.blob.piece();
      await writer.write(bytes.subarray(0, 1_000));
      const pieces = await writer.keep();
      await uploads().advance({ id, fence, pieces: at0(pieces), receivedBytes: 1_000, isLast: false }, call);
      await writer.write(bytes.subarray(1_000, 800_000));
      await until(async () => Number(await platform.blob.salvage(String(pieces[0]?.name))) > 400_000);
      const counted = Number((await head(at))["upload-offset"]);
      if (isChecked) assert.equal(counted, 1_000);
      else assert.ok(counted > 400_000, `${counted}`);
      await assert.rejects(
        uploads().advance({ id, fence, pieces: at0(pieces), receivedBytes: 1_000, isLast: true }, call),
        {
          code: "upload.busy",
        },
      );
      const { headers } = await patch(at, counted, bytes.subarray(counted));
      await isStored(Number(headers["kinora-file-id"]), bytes, "file");
      await writer.close();
    }
  });

  it("answers 415 for bytes that are no media, and ends the upload", async () => {
    const { headers } = await ask("POST", base, { "upload-length": "20" });
    const at = String(headers["location"]);
    assert.equal((await patch(at, 0, randomBytes(20))).status, 415);
    assert.equal((await ask("HEAD", at)).status, 410);
  });

  it("works with tus-js-client, also when its requests fail", async () => {
    const bytes = randomBytes(3 * 2 ** 20);
    let cuts = 0;
    const sent = new Promise<string>((resolve, reject) => {
      const sending = new Upload(bytes, {
        endpoint: `http://127.0.0.1:${port}${base}`,
        chunkSize: 2 ** 20,
        retryDelays: [0, 10, 20, 40],
        headers: { authorization: `Bearer ${token}` },
        metadata: { filename: "theirs.bin", purpose: "drive" },
        onError: reject,
        onSuccess: () => resolve(String(sending.url)),
        onBeforeRequest(asked) {
          if (asked.getMethod() === "PATCH" && cuts++ % 2 === 0) throw new Error("cut");
        },
      });
      sending.start();
    });
    const at = new URL(await sent).pathname;
    await isStored(await fileOf(at), bytes, "theirs.bin");
    assert.ok(cuts > 2);
  });
});

const platform = new Platform({}, { upload: { fileBytesMax: 10_000_000, quotaBytes: 200_000_000 } });
let port = 0;
let token = "";
let userId = 0;
const base = "/api/v1/tus";
const stream = { "content-type": "application/offset+octet-stream" };
const common = () => ({ "tus-resumable": "1.0.0", authorization: `Bearer ${token}` });

async function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Buffer,
  instead: Record<string, string> = {},
) {
  const all = Object.entries({ ...common(), ...headers, ...instead }).filter(([, value]) => value !== "");
  const asking = request({ port, method, path, headers: Object.fromEntries(all) });
  asking.end(body);
  const [answer] = await once(asking, "response");
  let text = "";
  for await (const chunk of answer) text += String(chunk);
  return { status: Number(answer.statusCode), headers: answer.headers as Record<string, string | undefined>, text };
}

const meta = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString("base64")}`)
    .join(",");

async function create(size: number, metadata: Record<string, string>): Promise<string> {
  const { status, headers } = await ask("POST", base, {
    "upload-length": String(size),
    "upload-metadata": meta(metadata),
  });
  assert.equal(status, 201);
  assert.ok(Date.parse(String(headers["upload-expires"])) > Date.now());
  return String(headers["location"]);
}

const patch = (at: string, offset: number, bytes: Buffer, headers: Record<string, string> = {}) =>
  ask("PATCH", at, { ...stream, "upload-offset": String(offset), ...headers }, bytes);

async function head(at: string) {
  const { status, headers } = await ask("HEAD", at);
  assert.deepEqual([status, headers["cache-control"]], [200, "no-store"]);
  return headers;
}

const usage = async () => (await platform.ask("/api/v1/upload/usage", { token })).data;
const at0 = (pieces: readonly Piece[]) => pieces.map((piece) => ({ ...piece, position: 0 }));
const uploads = () => platform.host.client(upload);
const machineRun = async () => (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
const idIn = (at: string) => Number(at.split("/").at(-1));

/** Writes as another process does, which ends its lease or goes on holding it; what it writes to stays open then. */
async function asAnother(at: string, name: string, bytes: Buffer, { from, isLast }: { from: number; isLast: boolean }) {
  const id = idIn(at);
  const call = callOf(userId);
  const { fence, isGranted } = await uploads().write({ id, endpoint: "tus", writer: `${name}#elsewhere#1` }, call);
  assert.ok(isGranted);
  const writer = await platform.blob.piece();
  await writer.write(bytes);
  const kept = await writer.keep();
  const pieces = kept.map((piece) => ({ ...piece, position: from === 0 ? 0 : 1 }));
  await uploads().advance({ id, fence, pieces, receivedBytes: from + bytes.byteLength, isLast }, call);
  if (isLast) await writer.close();
  return { writer, fence, call };
}

async function fileOf(at: string): Promise<number> {
  const { data } = await platform.ask(`/api/v1/upload/${idIn(at)}/status`, { token });
  return Number(data["file_id"]);
}

async function isStored(fileId: number, bytes: Buffer, name: string): Promise<void> {
  const file = await uploads().file({ id: fileId }, callOf());
  const object = await platform.blob.open(file.key);
  const stored = await object?.read(0, bytes.byteLength);
  await object?.close();
  assert.deepEqual([file.name, file.userId, file.sizeBytes], [name, userId, bytes.byteLength]);
  assert.ok(stored?.equals(bytes), "other bytes");
  assert.equal(file.sha256, createHash("sha256").update(bytes).digest("hex"));
}

/** How many bytes each piece has that the store holds. */
async function pieceBytes(): Promise<(number | undefined)[]> {
  const names = await Array.fromAsync(platform.blob.pieces());
  return Promise.all(names.map(({ name }) => platform.blob.salvage(name)));
}
