import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { chaptersVtt } from "./chapters.ts";
import {
  bytesPath,
  bytesUri,
  downloadName,
  coverFile,
  fileOf,
  keyframesProfile,
  manifestBytesUri,
  masterPath,
  playlistUri,
  profileOf,
} from "./paths.ts";
import { GroupCache } from "./group-cache.ts";
import { type Grant, readToken, writeToken } from "./tokens.ts";

describe("a playback token", () => {
  it("reads back as written, in at most 300 URL-safe characters", () => {
    fc.assert(
      fc.property(grants, (grant) => {
        const token = writeToken("secret", grant);
        assert.deepEqual(readToken("secret", token), grant);
        assert.match(token, /^[\w.-]{1,300}$/);
      }),
    );
  });

  it("is invalid with any changed character, or under another secret", () => {
    fc.assert(
      fc.property(grants, fc.nat(), fc.constantFrom("0", "a", "Z", "-", "_", ".", "v"), (grant, place, letter) => {
        const token = writeToken("secret", grant);
        const at = place % token.length;
        const changed = token.slice(0, at) + letter + token.slice(at + 1);
        if (changed !== token) assert.equal(readToken("secret", changed), undefined);
        assert.equal(readToken("other", token), undefined);
      }),
    );
  });

  it("is invalid as any other text", () => {
    for (const text of ["", ".", "v.1.1.1.1.", "v.1.1.1.1.aaaa", "a".repeat(300), `v.1.1.1.1.${"a".repeat(43)}`])
      assert.equal(readToken("secret", text), undefined);
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) =>
        assert.equal(readToken("secret", text), undefined),
      ),
    );
  });
});

describe("playback URLs", () => {
  it("have the paths of the public REST API", () => {
    const place = { scope: "video", id: 7, generation: 3, token: undefined } as const;
    assert.equal(masterPath(place), "/api/v1/streaming/7/master.m3u8");
    assert.equal(bytesPath({ ...place, token: "t" }, "480p.mp4"), "/api/v1/streaming/7/g3/480p.mp4?token=t");
    assert.equal(masterPath({ ...place, scope: "media", token: "t" }), "/api/v1/streaming/media/7/master.m3u8?token=t");
    assert.equal(
      bytesPath({ ...place, scope: "media", generation: 0 }, "source"),
      "/api/v1/streaming/media/7/g0/source",
    );
  });

  it("resolve from the master playlist to the bytes", () => {
    const base = "http://kinora.test";
    const master = new URL(masterPath({ scope: "video", id: 7, generation: 3, token: "t" }), base);
    const playlist = new URL(playlistUri("480p", "t"), master);
    assert.equal(playlist.pathname + playlist.search, "/api/v1/streaming/7/480p/index.m3u8?token=t");
    const bytes = new URL(bytesUri({ scope: "video", id: 7, generation: 3, token: "t" }, "480p.mp4"), playlist);
    assert.equal(
      bytes.pathname + bytes.search,
      bytesPath({ scope: "video", id: 7, generation: 3, token: "t" }, "480p.mp4"),
    );
  });

  it("of public bytes use the CDN when one is configured", () => {
    const place = { scope: "video", id: 7, generation: 3, token: undefined } as const;
    for (const uriOf of [bytesUri, manifestBytesUri])
      assert.equal(uriOf(place, "480p.mp4", "https://cdn.test"), "https://cdn.test/api/v1/streaming/7/g3/480p.mp4");
    assert.equal(manifestBytesUri(place, "480p.mp4"), "g3/480p.mp4");
  });

  it("accept only the known file names", () => {
    assert.deepEqual(fileOf("480p.mp4"), { kind: "track", profile: "480p" });
    assert.deepEqual(fileOf("audio.mp4"), { kind: "track", profile: "audio" });
    assert.deepEqual([fileOf("cover.jpg"), fileOf("source")], [{ kind: "cover" }, { kind: "source" }]);
    assert.deepEqual(fileOf(coverFile(7)), { kind: "chosen_cover", mediaId: 7 });
    for (const name of [
      "",
      "cover-.webp",
      "cover-07.webp",
      "cover-7.jpg",
      "480p",
      "../480p.mp4",
      "480p.mp4/",
      "p.mp4",
      "source.mp4",
      "__proto__",
      "480p.mp4\n",
      "%2e",
    ])
      assert.equal(fileOf(name), undefined, name);
    assert.deepEqual(profileOf(keyframesProfile("480p")), { profile: "480p", isKeyframes: true });
    assert.deepEqual(profileOf("480p"), { profile: "480p", isKeyframes: false });
  });

  it("of downloads carry the title with the extension of the content", () => {
    assert.equal(downloadName("日落", "video/mp4"), "日落.mp4");
    assert.equal(downloadName("Sea.MP4", "video/mp4"), "Sea.mp4");
    assert.equal(downloadName("Sea.exe", "video/webm"), "Sea.exe.webm");
    assert.equal(downloadName(" ", "text/html"), "download.bin");
  });
});

describe("the group cache", () => {
  it("returns a value for its lifetime, and looks it up again after expiry or a drop", async () => {
    let nowMs = 0;
    let calls = 0;
    const cache = new GroupCache<number>(1_000, 10, () => nowMs);
    const ask = () =>
      cache.of(
        1,
        "",
        async () => ++calls,
        () => true,
      );
    assert.deepEqual([await ask(), await ask()], [1, 1]);
    nowMs = 1_001;
    assert.equal(await ask(), 2);
    cache.drop(1);
    assert.equal(await ask(), 3);
  });

  it("counts the lifetime from the request, evicts the oldest groups, and skips uncacheable values", async () => {
    let nowMs = 0;
    const cache = new GroupCache<string>(1_000, 2, () => nowMs);
    const slow = async () => {
      nowMs += 900;
      return "slow";
    };
    await cache.of(1, "", slow, () => true);
    nowMs += 200;
    assert.equal(
      await cache.of(
        1,
        "",
        async () => "new",
        () => true,
      ),
      "new",
    );
    for (const group of [2, 3])
      await cache.of(
        group,
        "",
        async () => "x",
        () => true,
      );
    assert.equal(
      await cache.of(
        1,
        "",
        async () => "again",
        () => true,
      ),
      "again",
    );
    assert.equal(
      await cache.of(
        3,
        "",
        async () => "y",
        () => true,
      ),
      "x",
    );
    assert.equal(
      await cache.of(
        4,
        "",
        async () => "one",
        () => false,
      ),
      "one",
    );
    assert.equal(
      await cache.of(
        4,
        "",
        async () => "two",
        () => false,
      ),
      "two",
    );
  });
});

const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const grants: fc.Arbitrary<Grant> = fc
  .record(
    {
      isGranted: fc.boolean(),
      scope: fc.constantFrom("video" as const, "media" as const),
      id,
      generation: fc.nat({ max: 999_999_999 }),
      viewerId: fc.oneof(fc.constant(0), id),
      endsAtMs: fc.integer({ min: 0, max: 9_000_000_000 }).map((seconds) => seconds * 1_000),
    },
    { noNullPrototype: true },
  )
  .map((grant) => ({ ...grant, isGranted: grant.isGranted && grant.scope === "video" }));

describe("chapters as WebVTT", () => {
  it("follow each other to the end of the video, with escaped titles", () => {
    const chapters = [
      { startMs: 0, title: "A --> B & <b>" },
      { startMs: 3_661_000, title: "终" },
    ];
    assert.equal(
      chaptersVtt(chapters, 3_700_500),
      "WEBVTT\n\n00:00:00.000 --> 01:01:01.000\nA --&gt; B &amp; &lt;b&gt;\n\n01:01:01.000 --> 01:01:40.500\n终\n",
    );
  });
});
