import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
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
import { type Ground, mover } from "./mover.ts";

/*
 * R5, F2: a process that reads its stores through is killed at borders between two durable steps, and another one goes
 * on with the same reading. Damaged objects are repaired or set aside, and each store is read once.
 */
/** The failpoints of one reading, one after the other: a job that was lost twice rests for some seconds. */
const rowsOfKills: readonly (readonly string[])[] = [
  ["job.claimed:crash@1", "job.after_step:crash@5"],
  ["job.before_step:crash@6", "blob.after_rename:crash@1"],
  ["blob.before_rename:crash@1", "job.before_finish:crash@1"],
];
/** At which of its passes each failpoint kills alone, in the nightly run. */
const passes: Readonly<Record<string, readonly number[]>> = {
  "job.claimed": [1],
  // Begun, planned in parts, and object after object.
  "job.before_step": [1, 3, 6, 9],
  "job.after_step": [2, 5, 8],
  "blob.before_rename": [1],
  "blob.after_rename": [1],
  "job.before_finish": [1],
};
const singleKills = Object.entries(passes).flatMap(([name, all]) => all.map((nth) => [`${name}:crash@${nth}`]));
const repairable = 3;
const hopeless = 2;

describe("R5: a scrub", { concurrency: 2 }, () => {
  for (const row of isNightly ? [...rowsOfKills, ...singleKills] : rowsOfKills)
    it(`continues in another process after kills at ${row.join(" and ")}, and reads each store once`, async () => {
      const folder = await mkdtemp(join(tmpdir(), "kinora-scrub-"));
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

describe("R5: two processes with the same scrub due", () => {
  it("read each store once between them", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kinora-scrub-"));
    try {
      const ground = await groundIn(folder);
      await damagedFiles(ground);
      assert.deepEqual(await Promise.all([worked(ground), worked(ground)]), [undefined, undefined]);
      await assertReadOnce(ground);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

async function killedAt(row: readonly string[], folder: string): Promise<void> {
  const ground = await groundIn(folder);
  const keys = await damagedFiles(ground);
  for (const failpoint of row)
    assert.equal(await worked({ ...ground, failpoint }), "SIGKILL", `${failpoint} was not reached`);
  assert.equal(await worked(ground), undefined);
  await assertReadOnce(ground);
  const { host, stores } = await mover(ground);
  for (const [n, key] of keys.entries()) {
    if (n < repairable) assert.equal(await stores.soundness("near", key), "sound");
    else await assert.rejects(stores.open(key), { code: "kernel.object_damaged" });
  }
  await host.stop();
}

async function groundIn(folder: string): Promise<Ground> {
  return {
    near: join(folder, "near"),
    far: join(folder, "far"),
    databases: {
      upload: await testDatabase("upload", uploads),
      media: await testDatabase("media", media),
      transfer: await testDatabase("transfer", transfers),
    },
    isScrubbing: true,
  };
}

/** Files in `near` with a flipped bit in each, of which `far` has some whole. */
async function damagedFiles(ground: Ground): Promise<string[]> {
  const { host, stores } = await mover({ ...ground, isScrubbing: false });
  const files = host.client(upload);
  const keys: string[] = [];
  for (let n = 0; n < repairable + hopeless; n += 1) {
    const bytes = randomBytes(10_000);
    const writer = await stores.piece();
    await writer.write(bytes);
    const pieces = [...(await writer.keep())];
    await writer.close();
    const input = { endpoint: "form", purpose: "drive", name: "film", sizeBytes: bytes.length } as const;
    const { session } = await files.open(input, callOf(11));
    const { key } = await files.finish({ id: session.id, pieces }, callOf(11));
    if (n < repairable) await stores.copyTo("far", key, "near");
    const [space = "", sha256 = ""] = key.split("/");
    const path = join(ground.near, space, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
    const stored = await readFile(path);
    stored[77] = (stored[77] ?? 0) ^ 1;
    await writeFile(path, stored);
    keys.push(key);
  }
  await host.stop();
  return keys;
}

async function assertReadOnce(ground: Ground): Promise<void> {
  const { host } = await mover({ ...ground, isScrubbing: false });
  const { items } = await host.client(transfer).list({}, callOf(1, { role: "admin" }));
  const read = items.map(({ from, status, isScrub, objectsDone, objectsFailed }) => {
    return [from, status, isScrub, objectsDone, objectsFailed] as const;
  });
  assert.deepEqual(
    new Map(read.map((one) => [one[0], one])),
    new Map([
      ["near", ["near", "done", true, repairable, hopeless] as const],
      ["far", ["far", "done", true, repairable, 0] as const],
    ]),
  );
  assert.equal(read.length, 2);
  await host.stop();
}

/** How a process ended that reads its stores through. */
function worked(ground: Ground): Promise<string | undefined> {
  const script = join(import.meta.dirname, "mover.ts");
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script, JSON.stringify(ground)], { timeout: 110_000 }, (error) => {
      resolve(child.killed ? "late" : (error?.signal ?? undefined));
    });
  });
}
