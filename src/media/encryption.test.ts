import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { isEncrypted } from "./mp4/encryption.ts";
import { clip, folder, probeFile, testTools, without } from "./testing.ts";

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

/** ISO/IEC 14496-12:2022 §4.2. */
function box(type: string, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + body.byteLength);
  header.write(type, 4, "latin1");
  return Buffer.concat([header, body]);
}
