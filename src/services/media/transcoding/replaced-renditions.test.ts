import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { transcodingCompleted } from "#events/transcoder";
import type { Host } from "#kernel";
import { callOf } from "#kernel/host/testing";
import { trackOf } from "#services/streaming/files";
import { MediaFixture } from "#services/transcoder/testing";
import { until } from "#test/until";
import { sql } from "kysely";
import { media } from "../contract.ts";
import { storeObject } from "../objects/stored-object.ts";

describe("a rendition that others replaced", () => {
  before(async () => {
    await fixture.open();
    other = await fixture.host.addNeighbour();
    mediaId = (await fixture.send("one-frame.mp4", userId)).id;
    for (const profile of ["first", "480p", "240p"]) renditions.push(await rendition(profile));
    const [first, ...ladder] = renditions;
    assert.ok(first);
    await complete({ renditions: [first], isLast: false });
    await complete({ renditions: ladder, dropped: ["first"], isLast: true });
  });
  after(() => fixture[Symbol.asyncDispose]());

  it("is in no list, and still plays for those who have begun with it", async () => {
    const { renditions: listed } = await client.get({ id: mediaId }, callOf(userId));
    assert.deepEqual(
      listed.map(({ profile }) => profile),
      ["240p", "480p"],
    );
    const playable = await client.playable({ id: mediaId }, callOf());
    assert.deepEqual(
      playable.renditions.map(({ profile }) => profile),
      ["240p", "480p"],
    );
    assert.deepEqual(trackOf(playable, "first"), renditions[0]?.video);
    assert.deepEqual(await fixture.host.findings("media"), []);
  });

  it("is deleted after the grace time, and nothing else is", async () => {
    const database = fixture.host.database("media");
    await until(async () => {
      await sql`UPDATE jobs SET due_ms = 0 WHERE kind = 'release' AND state = 'queued'`.execute(database);
      await fixture.host.drain();
      return (await client.playable({ id: mediaId }, callOf())).formerRenditions.length === 0;
    });
    const { rows } = await sql<{ key: string }>`SELECT key FROM media_objects`.execute(database);
    const ladder = renditions.slice(1).flatMap(({ video }) => [video.key, video.indexKey]);
    assert.deepEqual(rows.map(({ key }) => key).toSorted(), ladder.toSorted());
    assert.deepEqual(await fixture.host.findings("media"), []);
  });
});

const userId = 11;
let mediaId = 0;
let other: Host;
// Without FFmpeg the transcoder waits, and the test publishes what one made.
const fixture = new MediaFixture({ environment: { searchPath: "/nonexistent" } });
const client = fixture.host.client(media);
const renditions: Awaited<ReturnType<typeof rendition>>[] = [];
async function rendition(profile: string) {
  const { key, sizeBytes } = await storeObject(fixture.blob, Buffer.from(profile));
  const { key: indexKey } = await storeObject(fixture.blob, Buffer.from(`index of ${profile}`));
  const video = { kind: "video" as const, key, sizeBytes, indexKey };
  return { profile, width: 320, height: 180, bitrateBps: 1_000, fps: 25, video };
}

async function complete(outputs: { renditions: typeof renditions; dropped?: string[]; isLast: boolean }) {
  const facts = { kind: "video", width: 320, height: 180, durationMs: 2_000, fps: 25 } as const;
  const payload = { ...facts, taskId: 7, mediaId, audio: null, cover: null, ...outputs };
  await other.db.tx((tx) => other.emit(tx, transcodingCompleted, 5, payload));
  await fixture.host.drain();
}
