import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { objectDamaged } from "#events/transfer";
import type { Host } from "#kernel";
import { readable } from "#kernel/blob/damaged";
import { callOf } from "#kernel/host/testing";
import { testTools, without } from "#media/testing";
import { MediaFixture } from "#services/transcoder/testing";
import { media } from "../contract.ts";
import type * as store from "../store.ts";

const tools = await testTools();

describe("R5: damaged outputs of a film", { skip: without(tools, "FFmpeg") }, () => {
  before(async () => {
    await fixture.open();
    other = await fixture.host.addNeighbour();
    const { id } = await fixture.send("odd-size-427x241.webm", userId);
    mediaId = id;
    await fixture.host.drain();
  });
  after(() => fixture[Symbol.asyncDispose]());

  it("are made again from the original, all that play", async () => {
    const before = await tracks();
    assert.ok(before.length > 0);
    for (const { key } of before) await damage(key);
    assert.deepEqual(await unreadable(), []);
    const after = await tracks();
    assert.deepEqual(after.map(({ profile }) => profile).toSorted(), before.map(({ profile }) => profile).toSorted());
    assert.deepEqual(await fixture.host.findings("media"), []);
  });

  it("stay as they are where the original is damaged too", async () => {
    const { sourceKey } = await row();
    await fixture.blob.quarantine.put(sourceKey);
    const [first] = await tracks();
    assert.ok(first);
    const tasks = await taskCount();
    await damage(first.key);
    assert.deepEqual([await unreadable(), await taskCount()], [[first.key], tasks]);
    await fixture.blob.quarantine.restore(sourceKey);
    await fixture.blob.quarantine.restore(first.key);
  });
});

const userId = 11;
let mediaId = 0;
let other: Host;
const fixture = new MediaFixture();
/** Sets an object aside and publishes it, as a repair does that finds no whole copy. */
async function damage(key: string): Promise<void> {
  await fixture.blob.quarantine.put(key);
  const [, hash = ""] = key.split("/");
  await other.db.tx((tx) => other.emit(tx, objectDamaged, 5, { space: "media", hash }));
  await fixture.host.drain();
}

/** The tracks of the renditions. */
async function tracks(): Promise<{ profile: string; key: string }[]> {
  const { renditions } = await fixture.host.client(media).playable({ id: mediaId }, callOf());
  return renditions.flatMap(({ profile, video }) => (video ? [{ profile, key: video.key }] : []));
}

async function unreadable(): Promise<string[]> {
  const states = (await tracks()).map(async ({ key }) => ((await readable(fixture.blob, key)) ? [] : [key]));
  return (await Promise.all(states)).flat();
}

const database = () => fixture.host.database<store.Tables>("media");
const row = () =>
  database()
    .selectFrom("media.media")
    .select("source_key as sourceKey")
    .where("id", "=", mediaId)
    .executeTakeFirstOrThrow();
const taskCount = async () =>
  (await database().selectFrom("media.transcode_tasks").select("id").where("media_id", "=", mediaId).execute()).length;
