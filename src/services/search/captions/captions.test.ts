import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { captionsAdded, captionsRemoved, mediaDeleted } from "#events/media";
import { callOf } from "#kernel/host/testing";
import { sql } from "kysely";
import { Stand } from "../testing.ts";

const stand = new Stand();
const { client } = stand;

describe("captions in search", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => stand.host[Symbol.asyncDispose]());

  it("follow captions that are removed, videos that show another media object, and accounts that are deleted", async () => {
    await stand.film(10, { title: "cooking", shownMediaId: 7 });
    await stand.caption(1, { mediaId: 7, language: "en", texts: ["tonkotsu"] });
    await stand.caption(2, { mediaId: 8, language: "en", texts: ["ramen"] });
    assert.deepEqual([await stand.videos("tonkotsu"), await stand.videos("ramen")], [[10], []]);
    await stand.change(10, { shownMediaId: 8 });
    assert.deepEqual([await stand.videos("tonkotsu"), await stand.videos("ramen")], [[], [10]]);
    await stand.removeCaptions(2);
    assert.deepEqual(await stand.videos("ramen"), []);
    await stand.caption(3, { mediaId: 8, language: "en", texts: ["noodles"] });
    assert.deepEqual(await stand.videos("noodles"), [10]);
    await stand.publishEvent(mediaDeleted, 7, { mediaId: 7, fileId: 7, userId: 1 });
    await stand.host.drain();
    assert.deepEqual(await kept(), [3]);
    await stand.leave(1);
    assert.deepEqual([await kept(), await stand.videos("noodles")], [[], []]);
    await stand.caption(4, { mediaId: 8, language: "en", texts: ["late"] });
    assert.deepEqual(await kept(), []);
  });

  it("leave nothing where they were removed before their event came", async () => {
    await stand.film(10, { title: "cooking", shownMediaId: 7 });
    const captions = { mediaId: 7, captionsId: 1 };
    await stand.publishEvent(captionsRemoved, 7, captions);
    await stand.publishEvent(captionsAdded, 7, { ...captions, userId: 1, language: "en" });
    await stand.host.drain();
    assert.deepEqual(await kept(), []);
  });

  it("are added, read again and removed by a rebuild", async () => {
    await stand.film(10, { title: "cooking", shownMediaId: 7 });
    stand.captions.set(1, { mediaId: 7, language: "en", texts: ["tonkotsu"] });
    stand.captions.set(2, { mediaId: 7, language: "de", texts: ["Brühe"] });
    const admin = callOf(9, { role: "admin" });
    assert.deepEqual(await client.rebuild({}, admin), {
      videos: 0,
      users: 0,
      hashtags: 0,
      lives: 0,
      captions: 1,
      files: 0,
    });
    await stand.host.drain();
    assert.deepEqual([await stand.videos("tonkotsu"), await stand.videos("brühe")], [[10], [10]]);
    await sql`UPDATE search.captions SET texts = NULL WHERE captions_id = 1`.execute(stand.host.database("search"));
    stand.captions.delete(2);
    assert.equal((await client.rebuild({}, admin)).captions, 1);
    await stand.host.drain();
    assert.deepEqual([await stand.videos("tonkotsu"), await kept()], [[10], [1]]);
    stand.captions.clear();
    assert.equal((await client.rebuild({}, admin)).captions, 1);
    assert.equal((await client.rebuild({}, admin)).captions, 0);
    assert.deepEqual([await stand.videos("tonkotsu"), await kept()], [[], []]);
  });
});

async function kept(): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`SELECT captions_id AS id FROM search.captions ORDER BY 1`.execute(
    stand.host.database("search"),
  );
  return rows.map(({ id }) => id);
}
