import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import fc from "fast-check";
import { fixedKey } from "#kernel";
import { CachePolicy } from "#kernel/cache/policy";
import { until } from "#test/until";
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
        const token = writeToken(fixedKey("secret"), grant);
        assert.deepEqual(readToken(fixedKey("secret"), token), grant);
        assert.match(token, /^[\w.-]{1,300}$/);
      }),
    );
  });

  it("is invalid with any changed character, or under another secret", () => {
    fc.assert(
      fc.property(grants, fc.nat(), fc.constantFrom("0", "a", "Z", "-", "_", ".", "v"), (grant, place, letter) => {
        const token = writeToken(fixedKey("secret"), grant);
        const at = place % token.length;
        const changed = token.slice(0, at) + letter + token.slice(at + 1);
        if (changed !== token) assert.equal(readToken(fixedKey("secret"), changed), undefined);
        assert.equal(readToken(fixedKey("other"), token), undefined);
      }),
    );
  });

  it("is invalid as any other text", () => {
    for (const text of ["", ".", "v.1.1.1.1..", "v.1.1.1.1..aaaa", "a".repeat(300), `v.1.1.1.1..${"a".repeat(43)}`])
      assert.equal(readToken(fixedKey("secret"), text), undefined);
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) =>
        assert.equal(readToken(fixedKey("secret"), text), undefined),
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
  let nowMs: number;
  let cache: GroupCache<string>;
  let policy: CachePolicy;
  beforeEach(() => {
    nowMs = 0;
    policy = new CachePolicy({ name: "streaming.test", what: "", ttlMs: 1_000, staleMs: 1_000 });
    cache = new GroupCache({
      policy,
      subject: "video",
      groupsMax: 2,
      monotonic: () => nowMs,
    });
  });
  const always = () => true;
  const ask = (group: number, find: () => Promise<string>, isCacheable = always) =>
    cache.of(group, "", find, isCacheable);
  const yields = (value: string) => async () => value;

  it("returns a value while it is fresh, and looks it up again after it expired or was dropped", async () => {
    assert.equal(await ask(1, yields("a")), "a");
    nowMs = 999;
    assert.equal(await ask(1, yields("b")), "a");
    nowMs = 2_000;
    assert.equal(await ask(1, yields("c")), "c");
    cache.drop(1);
    assert.equal(await ask(1, yields("d")), "d");
  });

  it("follows the lifetimes of its policy, and deletes the group that a tag or key names", async () => {
    await ask(1, yields("a"));
    await ask(2, yields("b"));
    policy.deleteTag("video:1");
    policy.deleteTag("user:2");
    assert.deepEqual([await ask(1, yields("c")), await ask(2, yields("d"))], ["c", "b"]);
    policy.deleteKey("2");
    assert.equal(await ask(2, yields("e")), "e");
    policy.apply({ ttlMs: 10, staleMs: 0, generation: 0 });
    assert.equal(await ask(2, yields("f")), "f");
    nowMs += 10;
    assert.equal(await ask(2, yields("g")), "g");
    const { hits, misses, entries } = policy.report();
    assert.deepEqual([hits, misses, entries], [1, 6, 1]);
  });

  it("looks a value up once for all who ask at the same time", async () => {
    let calls = 0;
    const { promise, resolve } = Promise.withResolvers<string>();
    const find = () => {
      calls += 1;
      return promise;
    };
    const asked = Array.from({ length: 1_000 }, () => ask(1, find));
    resolve("a");
    assert.deepEqual(new Set(await Promise.all(asked)), new Set(["a"]));
    assert.equal(calls, 1);
  });

  it("returns a stale value while it is looked up again, also where that fails", async () => {
    await ask(1, yields("old"));
    nowMs = 1_500;
    const failure = () => Promise.reject(new Error("the database is busy"));
    assert.equal(await ask(1, failure), "old");
    await until(async () => (await ask(1, yields("new"))) === "new");
    nowMs = 4_000;
    await assert.rejects(ask(1, failure), /busy/);
  });

  it("neither joins nor keeps a look-up that began before its group was dropped", async () => {
    const before = Promise.withResolvers<string>();
    const early = ask(1, () => before.promise);
    cache.drop(1);
    assert.equal(await ask(1, yields("after")), "after");
    before.resolve("before");
    assert.equal(await early, "before");
    assert.equal(await ask(1, yields("unused")), "after");
  });

  it("forgets a stale value when the new one may not be cached", async () => {
    await ask(1, yields("public"));
    nowMs = 1_500;
    const hidden = () => ask(1, yields("hidden"), () => false);
    assert.equal(await hidden(), "public");
    await until(async () => (await hidden()) === "hidden");
  });

  it("counts the lifetime from the request, and evicts the oldest groups", async () => {
    await ask(1, async () => {
      nowMs += 1_900;
      return "slow";
    });
    nowMs += 200;
    assert.equal(await ask(1, yields("new")), "new");
    for (const group of [2, 3]) await ask(group, yields("x"));
    assert.equal(await ask(3, yields("y")), "x");
    assert.equal(await ask(1, yields("again")), "again");
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
      sessionId: fc.option(fc.stringMatching(/^[\w-]{22}$/), { nil: undefined }),
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
