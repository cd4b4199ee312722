import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Failpoint, failpoints } from "#kernel/environment/failpoint";
import { isNightly } from "#test/depth";
import { Instance } from "../../instance/instance.ts";
import { findings } from "../../instance/doctor.ts";
import { pieces, unlimited, untilTidy } from "../../instance/folders.ts";
import { Person, Unanswered } from "../../users/person.ts";
import { ByChunks, ByTus, type Sending, sha256, smallChunks } from "../../uploads/sending.ts";
import { forget, sweep } from "./sweep.ts";
import { rows, settled } from "../../instance/tables.ts";
import { templateCopy } from "../../instance/template.ts";

/*
 * F2, R1–R3 for uploads in parts: the server is killed at every border between two durable steps that an upload of
 * three chunks, or of three tus requests, passes; the client asks how far it is and sends the rest.
 */
type OfUploads = Extract<Failpoint, `piece.${string}` | `assemble.${string}` | `upload.${string}` | `blob.${string}`>;
/** At which of its passes each failpoint kills alone, in the nightly run. One that is missing here does not compile. */
const passes = {
  "piece.before_sync": { chunks: [2], tus: [2] },
  "piece.after_sync": { chunks: [3], tus: [3] },
  // One piece gets a second name; several are put together in a new object.
  "assemble.linked": { chunks: [], tus: [1] },
  "blob.before_rename": { chunks: [1], tus: [] },
  "blob.after_rename": { chunks: [1], tus: [] },
  "blob.after_sync": { chunks: [1], tus: [1] },
  "upload.assembled": { chunks: [1], tus: [1] },
  "upload.settled": { chunks: [1], tus: [1] },
  "piece.dropped": { chunks: [2], tus: [] },
} as const satisfies Record<OfUploads, { readonly chunks: readonly number[]; readonly tus: readonly number[] }>;

type Kill = readonly [name: OfUploads, nth: number];
/** The failpoints of one upload, one after the other. */
const rowsOfKills: Record<Way, readonly Kill[]> = {
  chunks: [
    ["piece.before_sync", 2],
    ["piece.dropped", 2],
  ],
  tus: [
    ["piece.after_sync", 3],
    ["assemble.linked", 1],
    ["upload.assembled", 1],
    ["upload.settled", 1],
  ],
};

describe("F2, R1–R3: an upload in parts", {
  concurrency: 2,
}, () => {
  for (const way of ["chunks", "tus"] as const) {
    const row = rowsOfKills[way];
    it(`loses nothing and is stored once after ${row.length} kills, by ${way}: ${row.map(([name, nth]) => `${name}, time ${nth}`).join("; ")}`, () =>
      dyingUpload(way, row));
  }

  for (const [name, ways] of isNightly ? (Object.entries(passes) as [OfUploads, Record<Way, readonly number[]>][]) : []) // The rows of the table above.
    for (const way of ["chunks", "tus"] as const)
      for (const nth of ways[way])
        it(`loses nothing and is stored once after a kill, by ${way}, at ${name}, time ${nth}: ${failpoints[name]}`, () =>
          dyingUpload(way, [[name, nth]]));

  it("is killed at every failpoint that only uploads pass", () => {
    const killed = new Set(Object.values(rowsOfKills).flatMap((row) => row.map(([name]) => name)));
    // The main job passes the border of an object's name: failpoints.test.ts.
    const alone = Object.keys(passes).filter((name) => !name.startsWith("blob."));
    assert.deepEqual(
      alone.filter((name) => !killed.has(name as OfUploads)), // A key of the table.
      [],
    );
  });
});

type Way = "chunks" | "tus";
const env = { ...unlimited, ...smallChunks };

async function dyingUpload(way: Way, row: readonly Kill[]): Promise<void> {
  await using instance = await Instance.on({ data: await templateCopy(), env });
  const person = new Person("");
  const sending = way === "chunks" ? new ByChunks(person, "cut") : new ByTus(person, "cut");
  for (const [n, [name, nth]] of row.entries()) {
    await instance.restart({ KINORA_FAILPOINT: `${name}:crash@${nth}` });
    person.url = instance.url;
    person.hangUp();
    if (n === 0) await person.signUp();
    const rest = async () => {
      // A session whose bytes are complete is finished when a client asks for it.
      if (n > 0) await sending.isIntact();
      return sending.goOn();
    };
    const answered = await rest().catch((error: unknown) => {
      if (!(error instanceof Unanswered)) throw error;
    });
    assert.deepEqual([answered, (await instance.exited).signal], [undefined, "SIGKILL"], `${name} was not reached`);
  }

  await instance.restart();
  person.hangUp();
  await sending.isIntact();
  const { status, data } = await sending.goOn();
  assert.equal(status, 200);
  assert.equal((await sending.goOn()).data["id"], data["id"], "repeated, it answers the same");
  await settled(instance);
  await isThereOnce(instance, person, sending, Number(data["id"]));
  await untilTidy(instance);
  assert.equal(await instance.stop(), 0);
  assert.deepEqual(await findings(instance.data), []);
  // Pieces that the dead server had not recorded or not yet dropped have no owner, and go after the grace time.
  const left = await pieces(instance.data);
  assert.ok(left.length <= 3 * row.length, `${left.length} pieces`);
  await forget(left);
  assert.equal(left.length === 0 ? 0 : await sweep(instance.data), left.length);
  assert.deepEqual(await pieces(instance.data), []);
}

async function isThereOnce(instance: Instance, person: Person, { bytes }: Sending, fileId: number): Promise<void> {
  const files = await rows(instance.data, "upload", "SELECT id::text, sha256, size_bytes::int AS size FROM files");
  assert.deepEqual(files, [{ id: String(fileId), sha256: sha256(bytes), size: bytes.byteLength }]);
  const { used_bytes: used, reserved_bytes: reserved } = await person.get("/upload/usage");
  assert.deepEqual([used, reserved], [bytes.byteLength, 0]);
  const entries = (await person.get("/drive"))["list"] as { size: number }[]; // A page of entries.
  assert.deepEqual(
    entries.map(({ size }) => size),
    [bytes.byteLength],
  );
}
