import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { isEncryptedMatroska } from "../matroska/encryption.ts";
import { isEncrypted } from "../mp4/encryption.ts";
import { clip, folder, probeFile, testTools, without } from "../testing.ts";

const tools = await testTools();
const skip = without(tools, "FFmpeg");
const execute = promisify(execFile);

const layouts = {
  "with its header first": ["-movflags", "+faststart"],
  "with its header at the end": [],
  fragmented: ["-movflags", "+frag_keyframe+empty_moov+default_base_moof"],
};
const key = "-encryption_scheme cenc-aes-ctr -encryption_key 00112233445566778899aabbccddeeff";
const encryption = [...key.split(" "), "-encryption_kid", "0123456789abcdef0123456789abcdef"];

for (const [layout, options] of Object.entries(layouts))
  test(`an encrypted MP4 ${layout} is refused as encrypted`, { skip }, async (t) => {
    assert.ok(tools);
    const path = join(await folder(t), "film.mp4");
    const source = ["-v", "error", "-i", clip("basic-720p.mp4"), "-c", "copy", ...options];
    await execute(tools.ffmpeg.path, [...source, ...encryption, path]);
    await assert.rejects(probeFile(tools, path), { name: "MediaRejected", code: "media.encrypted" });
  });

test("bytes that are no boxes, or boxes without end, are not taken for encrypted and end the search", async () => {
  let reads = 0;
  const askIn = (bytes: Uint8Array) =>
    isEncrypted(async (offset, length) => {
      reads += 1;
      return bytes.subarray(offset, offset + length);
    }, bytes.byteLength);
  for (const bytes of [
    box("moov", box("trak", Buffer.alloc(5))),
    Buffer.from("no boxes here, at all"),
    Buffer.alloc(0),
  ])
    assert.equal(await askIn(bytes), false);
  reads = 0;
  assert.equal(await askIn(Buffer.concat(Array.from({ length: 20_000 }, () => box("free")))), false);
  assert.ok(reads <= 10_000, `${reads} reads`);
});

test("a file is encrypted where any of its sample entries is, and not where its captions alone are", async () => {
  const film = (...entries: readonly string[]) => {
    const stsd = box("stsd", Buffer.alloc(8), ...entries.map((type) => box(type)));
    return box("moov", box("mvhd"), box("trak", box("mdia", box("minf", box("stbl", stsd)))));
  };
  const askIn = (bytes: Buffer) =>
    isEncrypted(async (offset, length) => bytes.subarray(offset, offset + length), bytes.byteLength);
  for (const entries of [["encv"], ["enca"], ["drms"], ["drmi"], ["avc1", "encv"]])
    assert.equal(await askIn(film(...entries)), true, entries.join(" "));
  for (const entries of [["avc1"], ["mp4a"], ["enct"], []])
    assert.equal(await askIn(film(...entries)), false, entries.join(" "));
});

test("an encrypted Matroska or WebM file is refused as encrypted, whatever its sizes say", { skip }, async (t) => {
  assert.ok(tools);
  for (const [docType, isUnknown] of [
    ["matroska", false],
    ["webm", true],
  ] as const) {
    const path = join(await folder(t), "film.mkv");
    await writeFile(path, matroska(docType, isUnknown, [track(1, encrypted)]));
    await assert.rejects(probeFile(tools, path), { name: "MediaRejected", code: "media.encrypted" });
  }
  for (const name of ["multi-audio-subs.mkv", "alpha-vp8.webm"])
    assert.equal(await isMatroska(await readFile(clip(name))), false);
});

test("a Matroska file is encrypted where a picture or a sound is, and not where captions alone or none are", async () => {
  const compressed = element("6d80", element("6240", element("5034", element("4254", Buffer.of(3)))));
  const asks = (...tracks: readonly Buffer[]) => isMatroska(matroska("matroska", false, tracks));
  assert.equal(await asks(track(1), track(2, encrypted)), true);
  assert.equal(await asks(track(1, compressed), track(17, encrypted)), false);
  assert.equal(await asks(), false);
  const film = matroska("matroska", false, [track(2, encrypted)]);
  for (let length = 0; length < film.byteLength; length++)
    assert.equal(await isMatroska(film.subarray(0, length)), false, `${length} bytes`);
  for (const bytes of [Buffer.alloc(64), Buffer.alloc(64, 0xff), Buffer.from("no EBML here, at all")])
    assert.equal(await isMatroska(bytes), false);
  let reads = 0;
  const many = matroska(
    "webm",
    true,
    Array.from({ length: 20_000 }, () => track(1)),
  );
  assert.equal(await isMatroska(many, () => (reads += 1)), false);
  assert.ok(reads <= 20_000, `${reads} reads`);
});

const isMatroska = (bytes: Buffer, onRead = () => 0) =>
  isEncryptedMatroska(async (offset, length) => {
    onRead();
    return bytes.subarray(offset, offset + length);
  }, bytes.byteLength);

/** RFC 8794 §6: an element with a size of eight bytes, unknown where `isUnknown`. */
function element(id: string, body: Uint8Array, isUnknown = false): Buffer {
  const size = Buffer.alloc(8, 0xff);
  if (!isUnknown) size.writeBigUInt64BE(BigInt(body.byteLength));
  size.writeUInt8(1);
  return Buffer.concat([Buffer.from(id, "hex"), size, body]);
}
const encrypted = element("6d80", element("6240", element("5035", element("47e1", Buffer.of(5)))));
const track = (type: number, ...more: readonly Buffer[]): Buffer =>
  element("ae", Buffer.concat([element("d7", Buffer.of(1)), ...more, element("83", Buffer.of(type))]));
const matroska = (docType: string, isUnknown: boolean, tracks: readonly Buffer[]): Buffer =>
  Buffer.concat([
    element("1a45dfa3", element("4282", Buffer.from(docType))),
    element(
      "18538067",
      Buffer.concat([element("ec", Buffer.alloc(5)), element("1654ae6b", Buffer.concat(tracks))]),
      isUnknown,
    ),
  ]);

/** ISO/IEC 14496-12:2022 §4.2. */
function box(type: string, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + body.byteLength);
  header.write(type, 4, "latin1");
  return Buffer.concat([header, body]);
}
