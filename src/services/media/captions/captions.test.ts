import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { userDeleted } from "#events/auth";
import { videoMediaReleased, videoMediaReplaced } from "#events/video";
import { bytesOf } from "#kernel/blob/object-bytes";
import type { LegacyEncoding } from "#media/captions/charset";
import { callOf } from "#kernel/host/testing";
import { clipPath, MediaFixture } from "#services/transcoder/testing";
import { until } from "#test/until";
import type { Host } from "#kernel";
import { media } from "../contract.ts";
import { sweepObjects } from "../objects/orphans.ts";
import type * as store from "../store.ts";

describe("captions of a media object", () => {
  before(async () => {
    await fixture.open();
    otherHost = await fixture.host.addNeighbour();
    mediaId = (await fixture.send("one-frame.mp4", mira)).id;
  });
  after(() => fixture[Symbol.asyncDispose]());

  it("are rewritten as WebVTT, and named after their language by default", async () => {
    const english = await add("en", await text("captions-en.srt"));
    assert.deepEqual([english.language, english.label, english.cues], ["en", "English", 2]);
    const chinese = await add("ZH-hans", cue("<script>你好</script>"), " 中文 ");
    assert.deepEqual([chinese.language, chinese.label, chinese.cues], ["zh-Hans", "中文", 1]);
    const russian = await add("ru", await text("hostile.vtt"));
    assert.deepEqual([russian.label, russian.cues], ["Русский", 1]);
    const { items } = await client.captions({ id: mediaId }, callOf(mira));
    assert.deepEqual(items, [english, russian, chinese]);
    const [first, , third] = await stored();
    assert.equal(first?.text.split("\n")[0], "WEBVTT");
    assert.equal(first?.sizeBytes, Buffer.byteLength(first?.text ?? ""));
    assert.match(third?.text ?? "", /\n&lt;script&gt;你好&lt;\/script&gt;\n/);
  });

  it("get another address when they are replaced, unless the text is the same", async () => {
    const one = await add("fr", cue("un"));
    assert.deepEqual(await add("fr", cue("un")), one);
    const two = await add("fr", cue("deux"));
    assert.notEqual(two.id, one.id);
    assert.equal(two.createdAtMs >= one.createdAtMs, true);
    const french = (await stored()).filter(({ language }) => language === "fr");
    assert.deepEqual(
      french.map(({ id }) => id),
      [two.id],
    );
    assert.match(french[0]?.text ?? "", /deux/);
  });

  it("are read from a file in the encoding of their language, and say what was left out", async () => {
    const srt = (line: Uint8Array) => Buffer.concat([Buffer.from("1\n00:00:01,0 --> 00:00:02,0\n"), line]);
    const russian = srt(Buffer.from("cff0e8e2e5f22c20ece8f021", "hex"));
    const { id: _, createdAtMs: __, sizeBytes: ___, ...added } = await addFile("ru", russian);
    assert.deepEqual(added, {
      language: "ru",
      label: "Русский",
      cues: 1,
      source: "upload",
      encoding: "windows-1251",
      isGuess: true,
      omissions: [],
      omissionCount: 0,
    });
    assert.match((await stored()).find(({ language }) => language === "ru")?.text ?? "", /\nПривет, мир!\n/);
    await assert.rejects(addFile("fr", russian), { code: "media.unknown_caption_encoding", http: 400 });
    assert.equal((await addFile("fr", russian, "windows-1251")).cues, 1);
    const broken = await addFile("it", Buffer.from("1\n00:00:0x --> 00:00:02\na\n\n2\n0:01.0 --> 0:02.0\nb\n"));
    assert.deepEqual(
      [broken.encoding, broken.isGuess, broken.omissions, broken.omissionCount],
      ["utf-8", false, [{ code: "captions.time_unreadable", line: 2, message: "its time cannot be read" }], 1],
    );
    // The gateway removes the one of a refused request.
    const pieces = new Set((await Array.fromAsync(fixture.blob.pieces())).map(({ name }) => name));
    assert.equal(filePieces.filter((name) => pieces.has(name)).length, 1);
  });

  it("are one per language when many are added concurrently", async () => {
    const all = await Promise.all(Array.from({ length: 6 }, (_, n) => add("de", cue(`Satz ${n}`))));
    const { items } = await client.captions({ id: mediaId }, callOf(mira));
    const german = items.filter(({ language }) => language === "de");
    assert.equal(german.length, 1);
    assert.ok(all.some(({ id }) => id === german[0]?.id));
  });

  it("can be read, added and removed by the owner alone, and not for a picture", async () => {
    const missing = { code: "media.not_found", http: 404 };
    const { id: captionsId } = await add("it", cue("uno"));
    for (const call of [callOf(noor), callOf(mira)])
      for (const id of call.userId === mira ? [7] : [mediaId, 7]) {
        await assert.rejects(client.captions({ id }, call), missing);
        await assert.rejects(client.addCaptions({ id, language: "en", text: cue("x") }, call), missing);
        await assert.rejects(client.removeCaptions({ id, captions: captionsId }, call), missing);
      }
    const other = await fixture.send("audio-only-cover.mp3", mira);
    await assert.rejects(client.removeCaptions({ id: other.id, captions: captionsId }, callOf(mira)), {
      code: "media.captions_not_found",
    });
    const { id: picture } = await fixture.send("animated.gif", mira, "cover");
    const captions = { id: picture, language: "en", text: cue("x") };
    await assert.rejects(client.addCaptions(captions, callOf(mira)), { code: "media.not_captionable" });
  });

  it("are refused when they are unreadable, too many, or in an unknown language", async () => {
    for (const content of ["hello", "PK\u0003\u0004"])
      await assert.rejects(add("en", content), { code: "media.unreadable_captions", http: 415 });
    await assert.rejects(add("en", cue("x").repeat(20_001)), { code: "media.too_many_captions" });
    for (const language of ["", "e", "english", "en_US", "en-", "../x", "zh-Hans-CN-x-y"])
      await assert.rejects(add(language, cue("x")), { kind: "invalid" }, language);
    const { id } = await fixture.send("silent-audio.mp4", mira);
    const letters = "abcdefghijklmnopqrstuvwxyz";
    for (let n = 0; n < 50; n++)
      await add(`q${letters[n % 26]}${letters[Math.floor(n / 26)]}`, cue("x"), undefined, id);
    await assert.rejects(add("en", cue("x"), undefined, id), { code: "media.too_many_captions" });
    await add("qaa", cue("another"), undefined, id);
  });

  it("leave no orphaned object, and keep an object shared with another language", async () => {
    const { id } = await fixture.send("silent-audio.mp4", noor);
    const same = cue("same");
    const by = callOf(noor);
    const [one, two] = [
      await client.addCaptions({ id, language: "en", text: same }, by),
      await client.addCaptions({ id, language: "en-GB", text: same }, by),
    ];
    const [shared] = (await client.playable({ id }, callOf(undefined, { caller: "test" }))).captions;
    const key = shared?.key ?? "";
    await client.removeCaptions({ id, captions: one.id }, by);
    await sweep();
    assert.equal(await fixture.isStored(key), true);
    await client.removeCaptions({ id, captions: two.id }, by);
    await assert.rejects(client.removeCaptions({ id, captions: two.id }, by), { code: "media.captions_not_found" });
    await sweep();
    assert.equal(await fixture.isStored(key), false);
  });

  it("are copied to the media object that replaces theirs, save in languages it has", async () => {
    const by = callOf(mira);
    const [from, to] = [
      (await fixture.send("odd-size-427x241.webm", mira)).id,
      (await fixture.send("video-only.mp4", mira)).id,
    ];
    await add("en", cue("former"), "Former", from);
    await add("ru", cue("прежний"), undefined, from);
    await add("en", cue("later"), "Later", to);
    const replaced = { videoId: 5, userId: mira, mediaId: to, formerMediaId: from };
    for (let repeat = 0; repeat < 2; repeat++)
      await otherHost.db.tx((tx) => otherHost.emit(tx, videoMediaReplaced, 5, replaced));
    await otherHost.db.tx((tx) =>
      otherHost.emit(tx, videoMediaReleased, 5, { videoId: 5, userId: mira, mediaId: from }),
    );
    const isHidden = async () => (await client.briefs({ ids: [from] }, callOf())).items.length === 0;
    await until(isHidden);
    const { items } = await client.captions({ id: to }, by);
    assert.deepEqual(
      items.map(({ language, label }) => [language, label]),
      [
        ["en", "Later"],
        ["ru", "Русский"],
      ],
    );
    const { captions } = await client.playable({ id: to }, callOf(undefined, { caller: "test" }));
    const hidden = { id: from, evenHidden: true };
    const keyOf = async () => (await client.playable(hidden, callOf(undefined, { caller: "test" }))).captions[0]?.key;
    await until(async () => !(await fixture.isStored((await keyOf()) ?? "")));
    for (const { key } of captions) assert.equal(await fixture.isStored(key), true);
  });

  it("are deleted with their media object", async () => {
    const keys = (await stored()).map(({ key }) => key);
    assert.ok(keys.length > 3);
    for (const key of keys) assert.equal(await fixture.isStored(key), true);
    await otherHost.db.tx((tx) => otherHost.emit(tx, userDeleted, mira, { userId: mira }));
    await until(async () => (await Promise.all(keys.map((key) => fixture.isStored(key)))).every((isThere) => !isThere));
  });
});

const mira = 11;
const noor = 12;
let mediaId = 0;
let otherHost: Host;
const fixture = new MediaFixture({ environment: { searchPath: "/nonexistent" }, graceMs: 30 });
const client = fixture.host.client(media);

const text = (name: string) => readFile(clipPath(name), "utf8");
const cue = (line: string): string => `00:01.000 --> 00:02.000\n${line}\n\n`;
const add = async (language: string, content: string, label?: string, id = mediaId) => {
  const added = { id, language, text: content, ...(label !== undefined && { label }) };
  const {
    encoding: _,
    isGuess: __,
    omissions: ___,
    omissionCount: ____,
    ...row
  } = await client.addCaptions(added, callOf(mira));
  return row;
};
const filePieces: string[] = [];

/** Sends a file as the gateway does. */
async function addFile(language: string, bytes: Buffer, encoding?: LegacyEncoding) {
  const writer = await fixture.blob.piece();
  await writer.write(bytes);
  const [piece] = await writer.keep();
  await writer.close();
  assert.ok(piece);
  filePieces.push(piece.name);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const file = { id: mediaId, language, piece: { ...piece, sha256 }, ...(encoding && { encoding }) };
  return client.addCaptionFile(file, callOf(mira));
}

/** Captions as players get them. */
async function stored() {
  const { captions } = await client.playable({ id: mediaId }, callOf(undefined, { caller: "test" }));
  return Promise.all(captions.map(async (one) => ({ ...one, text: String(await bytesOf(fixture.blob, one.key)) })));
}

const sweep = () =>
  sweepObjects({
    db: fixture.host.database<store.Tables>("media"),
    blob: fixture.blob,
    signal: new AbortController().signal,
    writtenBeforeMs: Date.now() + 60_000,
  });
