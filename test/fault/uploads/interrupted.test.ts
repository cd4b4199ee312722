import assert from "node:assert/strict";
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Instance } from "../../instance/instance.ts";
import { findings } from "../../instance/doctor.ts";
import { pieces, unlimited } from "../../instance/folders.ts";
import { halfAnUpload } from "../../uploads/half-an-upload.ts";
import { Person, Unanswered } from "../../users/person.ts";
import { forget, sweep } from "./sweep.ts";
import { rows } from "../../instance/tables.ts";
import { startOnTemplate, templateCopy } from "../../instance/template.ts";
import { until } from "../../until.ts";

const clip = join(import.meta.dirname, "../../media/one-frame.mp4");

describe("F13: an incomplete upload", () => {
  before(async () => {
    shared = await startOnTemplate({ env: unlimited });
  });
  after(() => shared[Symbol.asyncDispose]());

  it("leaves no record, reserved space or bytes when the client disconnects", async () => {
    const instance = shared;
    const person = new Person(instance.url);
    await person.signUp();
    for (const cut of ["end", "destroy", "resetAndDestroy"] as const) {
      const socket = await halfAnUpload(instance, person);
      assert.ok(Number((await person.get("/upload/usage"))["reserved_bytes"]) > 0);
      socket[cut]();
      await until(async () => (await person.get("/upload/usage"))["reserved_bytes"] === 0 || undefined);
      await until(async () => (await pieces(instance.data)).length === 0 || undefined);
      socket.destroy();
    }
    await isNowhere(instance, person);
  });

  it("leaves only unreferenced bytes when the server dies, until the sweeper removes them after the grace time", async () => {
    const instance = shared;
    const person = new Person(instance.url);
    await person.signUp();
    const socket = await halfAnUpload(instance, person);
    await instance.kill();
    socket.destroy();
    await instance.restart();
    person.hangUp();
    await isNowhere(instance, person);
    await instance.stop();
    const [left = "", ...more] = await pieces(instance.data);
    assert.deepEqual([left === "", more, await findings(instance.data)], [false, [], []]);
    assert.equal(await sweep(instance.data), 0);
    await forget([left]);
    assert.equal(await sweep(instance.data), 1);
    assert.deepEqual([await pieces(instance.data), await findings(instance.data)], [[], []]);
  });

  it("leaves only an unreferenced object when the server dies after storing it, until the sweeper removes it", async () => {
    await using instance = await Instance.on({ data: await templateCopy(), env: unlimited });
    await instance.restart({ KINORA_FAILPOINT: "blob.after_sync:crash" });
    const person = new Person(instance.url);
    await person.signUp();
    await assert.rejects(person.upload(await readFile(clip)), Unanswered);
    await instance.exited;
    await instance.restart();
    person.hangUp();
    await isNowhere(instance, person);
    await instance.stop();
    const [orphan = "", ...others] = await stored(instance.data);
    assert.deepEqual([orphan === "", others], [false, []]);
    // Its upload might still record it.
    assert.deepEqual(await findings(instance.data), []);
    assert.equal(await sweep(instance.data), 0);
    await forget([orphan]);
    assert.match((await findings(instance.data)).join(), /belongs to nothing and was not removed/);
    // The object and the piece it was made of: two names of the same bytes.
    assert.equal(await sweep(instance.data), 2);
    assert.deepEqual([await stored(instance.data), await findings(instance.data)], [[], []]);
  });
});

/**
 * The server of the first two tests, which need the same one: the second kills it, and looks into the leftovers of
 * both.
 */
let shared: Instance;

async function isNowhere({ data }: Instance, person: Person): Promise<void> {
  assert.equal((await person.get("/upload/usage"))["used_bytes"], 0);
  assert.deepEqual((await person.get("/users/me/videos"))["list"], []);
  for (const [service, table] of [
    ["upload", "files"],
    ["media", "media"],
    ["video", "videos"],
  ] as const)
    assert.deepEqual(await rows(data, service, `SELECT id FROM ${table}`), []);
}

const stored = async (data: string): Promise<string[]> =>
  (await Array.fromAsync(glob("blobs/{media,upload}/*/*/*", { cwd: data }))).map((path) => join(data, path));
