import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { rebuild } from "../../../cmd/rebuild.ts";
import type { Instance } from "../../instance/instance.ts";
import { findings } from "../../instance/doctor.ts";
import { runAlone, runHere } from "../../process/command.ts";
import { Person } from "../../users/person.ts";
import { rows, settled } from "../../instance/tables.ts";
import { sharedInstance } from "../../instance/shared.ts";

describe("npm run rebuild, and doctor --verify", () => {
  before(async () => {
    instance = await sharedInstance();
    const [mira, noor] = [new Person(instance.url), new Person(instance.url)];
    await mira.signUp();
    await noor.signUp();
    miraId = Number((await mira.get("/users/me"))["id"]);
    const noorId = Number((await noor.get("/users/me"))["id"]);
    assert.equal((await mira.ask("POST", `/users/${noorId}/follow`)).status, 200);
    mira.hangUp();
    noor.hangUp();
  });

  it("find and repair drift next to a running server and without one (D3)", async () => {
    for (const isRunning of [true, false]) {
      await settled(instance);
      await rows(instance.data, "relation", "UPDATE user_counts SET follow_count = 5 WHERE user_id = $1", [miraId]);
      await rows(instance.data, "search", "DELETE FROM documents WHERE kind = 2 AND id = $1", [miraId]);
      if (!isRunning) await instance.stop();
      assert.deepEqual(await findings(instance.data), [
        `relation: the follows of user ${miraId} are counted as 5 and there are 1`,
      ]);
      const args = ["relation", "search", "--data", instance.data];
      const { code, text, error } = await (isRunning ? runAlone("rebuild", args) : runHere(rebuild, args));
      assert.deepEqual([code, error], [0, ""]);
      assert.deepEqual(text.trim().split("\n"), [
        `relation: the follows of user ${miraId} are counted as 5 and there are 1`,
        `search: user ${miraId} has an outdated search entry`,
        "✔ relation: 1 put right",
        "✔ search: 1 put right",
      ]);
      assert.match((await run("relation")).text, /^✔ relation: nothing had drifted\n$/);
    }
    const all = await run();
    assert.equal(all.code, 0);
    for (const service of [
      "interaction",
      "relation",
      "hashtag",
      "search",
      "recommend",
      "message",
      "moderation",
      "drive",
      "user",
      "video",
    ])
      assert.match(all.text, new RegExp(`^✔ ${service}: nothing had drifted$`, "m"));
    await instance.restart();
    assert.equal((await fetch(`${instance.url}/ready`)).status, 200);
  });

  it("refuse an unknown service and a folder without a database", async () => {
    const unknown = await run("relations");
    assert.equal(unknown.code, 2);
    assert.match(unknown.error, /relations: there is nothing to rebuild; services are .*relation/);
    const mistyped = await run("relation", "--data", join(instance.data, "mistyped"));
    assert.deepEqual([mistyped.code, /there is no database in/.test(mistyped.error)], [1, true]);
  });
});

let instance: Instance;
let miraId = 0;

const run = (...args: string[]) =>
  runHere(rebuild, args.includes("--data") ? args : [...args, "--data", instance.data]);
