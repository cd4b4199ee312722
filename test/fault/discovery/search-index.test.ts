import assert from "node:assert/strict";
import { glob, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, it } from "node:test";
import type { Failpoint } from "#kernel/environment/failpoint";
import { isNightly } from "#test/depth";
import { Instance } from "../../instance/instance.ts";
import { templateCopy } from "../../instance/template.ts";
import { until } from "../../until.ts";
import { unlimited } from "../../instance/folders.ts";
import { Person } from "../../users/person.ts";
import { Random } from "../../random.ts";
import { SearchedVideos } from "./searched-videos.ts";
import { rows, settled, startJob } from "../../instance/tables.ts";

/** The moment of a server's death: at a failpoint, at the nth time it passes it, or at random. */
type Kill = readonly [name: Failpoint, nth: number] | "random";
const writeKills: readonly Kill[] = isNightly
  ? [["inbox.before_commit", 60], "random", ["inbox.after_commit", 60], "random", ["relay.delivered", 40], "random"]
  : [["inbox.before_commit", 60]];
/** The first two leave a file of a snapshot, the last an object that no row names. */
const snapshotKills: readonly Kill[] = isNightly
  ? [
      ["blob.before_rename", 1],
      ["blob.after_rename", 1],
      ["blob.after_sync", 1],
    ]
  : [["blob.after_sync", 1]];
const unreadable = "the snapshot of the search index cannot be read; the index is built anew";

/* R1, R2, D2: the search index is in memory; its table, its snapshots and the events between them survive a kill. */
describe("a server killed while it writes the search index", () => {
  it("finds every acknowledged video, serves no half or damaged snapshot, and answers searches meanwhile", {
    timeout: 600_000,
  }, async (t) => {
    const seed = Number(process.env["KINORA_TEST_SEED"] ?? Date.now() % 2 ** 31);
    t.diagnostic(`KINORA_TEST_SEED=${seed}`);
    const random = new Random(seed);
    await using instance = await Instance.on({ data: await templateCopy(), env: unlimited });
    const [first] = writeKills;
    await instance.restart(armed(first));
    const person = new Person(instance.url);
    await person.signUp();
    const videos = new SearchedVideos(person, random);
    await videos.upload();
    await settled(instance);

    for (const kill of writeKills) {
      if (kill !== first) await restarted(instance, videos, kill);
      await killedInWrites(instance, videos, kill === "random" ? random.whole(0, 1_000) : undefined);
    }
    for (const [n, kill] of snapshotKills.entries()) {
      if (n > 0) await instance.kill();
      await restarted(instance, videos, kill);
      await killedInSnapshot(instance, videos);
      await restarted(instance, videos);
      await snapshotWritten(instance);
    }

    // Published after the snapshot, and found after a start that reads it. The table has another title for one video,
    // without the mark of a change: such a start does not see it.
    const unmarked = await videos.publish();
    await settled(instance);
    await startJob(instance, "search", "write_snapshot");
    await snapshotWritten(instance);
    await videos.publish();
    const word = videos.setAside(unmarked);
    await rows(instance.data, "search", "UPDATE documents SET title = 'unmarked' WHERE kind = 1 AND id = $1", [
      unmarked,
    ]);
    await instance.kill();
    await restarted(instance, videos);
    assert.deepEqual([await videos.found("unmarked"), await videos.found(word)], [[], [unmarked]]);
    assert.ok(!instance.log.some((line) => line.includes(unreadable)));

    for (const path of await objects(instance)) await damage(path);
    await instance.kill();
    await restarted(instance, videos);
    assert.deepEqual([await videos.found("unmarked"), await videos.found(word)], [[unmarked], []]);
    assert.ok(instance.log.some((line) => line.includes(unreadable)));
    t.diagnostic(`${videos.acknowledged} writes acknowledged, ${videos.answered} searches answered`);
  });
});

const armed = (kill?: Kill): Record<string, string> =>
  kill === undefined || kill === "random" ? {} : { KINORA_FAILPOINT: `${kill[0]}:crash@${kill[1]}` };

/** Videos are published and renamed until the server dies, some milliseconds later where no failpoint is armed. */
async function killedInWrites(instance: Instance, videos: SearchedVideos, delayMs: number | undefined): Promise<void> {
  const before = videos.acknowledged;
  const writes = videos.load();
  if (delayMs !== undefined) {
    await until(() => videos.acknowledged > before + 5);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    await instance.kill();
  }
  await died(instance);
  await writes.end();
  assert.ok(videos.acknowledged > before, "nothing was written before the kill");
}

/** A snapshot is due, and the server dies while it is written. Searches are answered until then. */
async function killedInSnapshot(instance: Instance, videos: SearchedVideos): Promise<void> {
  const searches = videos.searches();
  await startJob(instance, "search", "write_snapshot");
  await died(instance);
  await searches.end();
}

async function died(instance: Instance): Promise<void> {
  const late = new Promise<"late">((resolve) => setTimeout(resolve, 60_000, "late").unref());
  assert.deepEqual(await Promise.race([instance.exited, late]), { code: null, signal: "SIGKILL" });
}

/** After a start every acknowledged write is found once its event has arrived, and searches are answered until then. */
async function restarted(instance: Instance, videos: SearchedVideos, next?: Kill): Promise<void> {
  await instance.restart(armed(next));
  videos.hangUp();
  const before = videos.answered;
  const searches = videos.searches();
  await videos.repeat();
  await settled(instance);
  await videos.areFound();
  await until(() => videos.answered > before);
  await searches.end();
}

/** The last snapshot is written, also where that was interrupted, and each row has its object. */
async function snapshotWritten(instance: Instance): Promise<void> {
  await settled(instance);
  const snapshots = await rows(instance.data, "search", "SELECT key FROM snapshots");
  assert.ok(snapshots.length > 0);
  const names = (await objects(instance)).map((path) => basename(path));
  for (const { key } of snapshots) assert.ok(names.includes(basename(String(key))), `${String(key)} has no object`);
}

const objects = async ({ data }: Instance): Promise<string[]> =>
  (await Array.fromAsync(glob("blobs/search/*/*/*", { cwd: data }))).map((path) => join(data, path));

async function damage(path: string): Promise<void> {
  const bytes = await readFile(path);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(path, bytes);
}
