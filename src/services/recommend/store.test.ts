import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Candidate } from "./candidate.ts";
import { storeCandidate, type Tables } from "./store.ts";
import { FeedFixture } from "./testing.ts";

const publishedAtMs = Date.UTC(2026, 10, 20);

describe("the local copy of a video", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("is replaced by a newer version, and by no older one", async () => {
    assert.equal(await store({ version: 2, durationMs: 20 }), true);
    assert.equal(await store({ version: 3, durationMs: 30 }), true);
    assert.equal(await store({ version: 2, durationMs: 20, tags: ["sea"] }), false);
    assert.deepEqual(await readCopy(), { version: 3, durationMs: 30, publishedAtMs, tags: [] });
  });

  it("is replaced by a newer version that has the same fields", async () => {
    await store({ version: 1 });
    assert.equal(await store({ version: 2 }), true);
    assert.equal((await readCopy()).version, 2);
  });

  for (const [field, change] of Object.entries({
    author: { userId: 2 },
    visibility: { isVisible: false },
    followers: { isForFollowers: false },
    category: { categoryId: null },
    shape: { isUpright: true },
    length: { durationMs: 1 },
    publication: { publishedAtMs: publishedAtMs + 1 },
    tags: { tags: ["beach"] },
  } satisfies Record<string, Partial<Candidate>>))
    it(`is replaced by the same version only where it differs, such as in its ${field}`, async () => {
      await store({});
      assert.equal(await store({}), false);
      assert.equal(await store(change), true);
      assert.equal(await store(change), false);
    });

  it("has the tags of the last version, in any order", async () => {
    await store({ tags: ["sea", "beach"] });
    assert.equal(await store({ tags: ["beach", "sea"] }), false);
    await store({ version: 2, tags: ["sea", "sand"] });
    assert.deepEqual((await readCopy()).tags, ["sand", "sea"]);
  });

  it("keeps its time of publication while the video is taken down", async () => {
    await store({});
    assert.equal(await store({ publishedAtMs: 0 }), false);
    await store({ version: 2, isVisible: false, publishedAtMs: 0 });
    assert.equal((await readCopy()).publishedAtMs, publishedAtMs);
  });
});

const fixture = new FeedFixture();
const db = () => fixture.host.database<Tables>("recommend");

const candidate: Candidate = {
  videoId: 1,
  userId: 1,
  version: 1,
  publishedAtMs,
  isVisible: true,
  isForFollowers: true,
  categoryId: 4,
  isUpright: false,
  durationMs: 60_000,
  tags: [],
};

const store = (fields: Partial<Candidate>) => db().tx((tx) => storeCandidate(tx, { ...candidate, ...fields }));

async function readCopy() {
  const row = await db()
    .selectFrom("recommend.candidates")
    .select(["version", "duration_ms as durationMs", "published_at_ms as publishedAtMs"])
    .executeTakeFirstOrThrow();
  const tags = await db().selectFrom("recommend.video_tags").select("tag").orderBy("tag").execute();
  return { ...row, tags: tags.map(({ tag }) => tag) };
}
