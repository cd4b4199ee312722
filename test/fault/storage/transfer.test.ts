import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { isNightly } from "#test/depth";
import { callOf, testDatabase } from "#kernel/host/testing";
import { migrations as media } from "#services/media/migrations";
import { transfer } from "#services/transfer/contract";
import { migrations as transfers } from "#services/transfer/migrations";
import { upload } from "#services/upload/contract";
import { migrations as uploads } from "#services/upload/migrations";
import { until } from "../../until.ts";
import { type Ground, mover } from "./mover.ts";

/*
 * F2, D4, R1, R5: a process that moves an object to another store is killed at every border between two durable steps, and
 * another one goes on. The object is in the new store, whole, counted once and published once.
 */
/** The failpoints of one transfer, one after the other: a job that was lost twice rests for some seconds. */
const rowsOfKills: readonly (readonly string[])[] = [
  ["job.claimed:crash@1", "transfer.verified:crash@1"],
  ["job.before_step:crash@2", "blob.before_rename:crash@1"],
  ["job.after_step:crash@1", "blob.after_rename:crash@1"],
  ["blob.after_sync:crash@1", "transfer.released:crash@1"],
  ["transfer.copied:crash@1", "job.before_finish:crash@1"],
  ["job.after_finish:crash@1"],
];
/** At which of its passes each failpoint kills alone, in the nightly run. */
const passes: Readonly<Record<string, readonly number[]>> = {
  "job.claimed": [1],
  // Begun, planned in two steps, copied, let go.
  "job.before_step": [1, 2, 3, 4, 5],
  "job.after_step": [1, 2, 3, 4, 5],
  "blob.before_rename": [1],
  "blob.after_rename": [1],
  "blob.after_sync": [1],
  "transfer.copied": [1],
  "transfer.verified": [1],
  "transfer.released": [1],
  "job.before_finish": [1],
  "job.after_finish": [1],
};
const singleKills = Object.entries(passes).flatMap(([name, all]) => all.map((nth) => [`${name}:crash@${nth}`]));

describe("a transfer between stores", { concurrency: 2 }, () => {
  for (const row of isNightly ? [...rowsOfKills, ...singleKills] : rowsOfKills)
    it(`loses nothing and repeats nothing after kills at ${row.join(" and ")}`, async () => {
      const folder = await mkdtemp(join(tmpdir(), "kinora-mover-"));
      try {
        await killedAt(row, folder);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });

  it("is killed at every listed failpoint", () => {
    const names = rowsOfKills.flat().map((kill) => kill.split(":")[0] ?? "");
    assert.deepEqual(names.toSorted(), Object.keys(passes).toSorted());
  });
});

async function killedAt(row: readonly string[], folder: string): Promise<void> {
  const ground: Ground = {
    near: join(folder, "near"),
    far: join(folder, "far"),
    databases: {
      upload: await testDatabase("upload", uploads),
      media: await testDatabase("media", media),
      transfer: await testDatabase("transfer", transfers),
    },
  };
  const bytes = randomBytes(2 ** 21 + 3);
  const admin = callOf(1, { role: "admin" });
  const { key, id } = await begun(ground, bytes);
  for (const failpoint of row)
    assert.equal(await worked({ ...ground, failpoint }), "SIGKILL", `${failpoint} was not reached`);

  const { host, stores } = await mover(ground);
  await stores.sweep(0);
  assert.equal((await stores.open(key).then((object) => object?.close().then(() => object)))?.sizeBytes, bytes.length);
  await host.run();
  const client = host.client(transfer);
  const now = () => client.get({ id }, admin);
  await until(async () => (await now()).status === "done");
  await host.drain();
  const { objectsTotal, objectsDone, bytesDone, objectsFailed, objectsSkipped } = await now();
  assert.deepEqual([objectsTotal, objectsDone, bytesDone], [1, 1, bytes.length]);
  assert.deepEqual([objectsFailed, objectsSkipped], [0, 0]);
  assert.deepEqual([await stores.soundness("near", key), await stores.soundness("far", key)], [undefined, "sound"]);
  for (const place of [ground.near, ground.far])
    assert.deepEqual(await readdir(join(place, "tmp")).catch(() => []), []);
  for await (const { finding } of host.verify({ readsAll: true })) assert.fail(finding);
  await host.stop();
}

/** One stored file, and a transfer of it that nobody works on yet. */
async function begun(ground: Ground, bytes: Buffer): Promise<{ key: string; id: number }> {
  const { host, stores } = await mover(ground);
  const writer = await stores.piece();
  await writer.write(bytes);
  const pieces = [...(await writer.keep())];
  await writer.close();
  const files = host.client(upload);
  const input = { endpoint: "form", purpose: "drive", name: "film", sizeBytes: bytes.length } as const;
  const { session } = await files.open(input, callOf(11));
  const { key } = await files.finish({ id: session.id, pieces }, callOf(11));
  const transferInput = { kind: "move", from: "near", to: "far" } as const;
  const { id } = await host.client(transfer).start(transferInput, callOf(1, { role: "admin" }));
  await host.stop();
  return { key, id };
}

/** How a process ended that works off what there is. */
function worked(ground: Ground): Promise<string | undefined> {
  const script = join(import.meta.dirname, "mover.ts");
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script, JSON.stringify(ground)], { timeout: 110_000 }, (error) => {
      resolve(child.killed ? "late" : (error?.signal ?? undefined));
    });
  });
}
