import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startOnTemplate } from "../../instance/template.ts";
import { until } from "../../until.ts";
import { begunUpload } from "../../uploads/half-an-upload.ts";
import { Person } from "../../users/person.ts";
import { databasePid } from "../../instance/database-server.ts";
import { findings } from "../../instance/doctor.ts";
import { unlimited } from "../../instance/folders.ts";
import { Writers } from "../../users/writers.ts";

describe("F4: a database server that is killed", () => {
  it("comes back under load, loses no acknowledged write (R1), and ends the process after the fourth kill in a minute", async () => {
    await using instance = await startOnTemplate({ env: unlimited });
    const { pid } = instance;
    const writers = await Writers.start(instance);
    const person = new Person(instance.url);
    await person.signUp();
    for (let kills = 0; kills < 2; kills++) {
      const sending = await begunUpload(instance, person);
      const killed = await until(() => databasePid(instance.data));
      process.kill(killed, "SIGKILL");
      const sent = sending.end();
      await until(async () => ![undefined, killed].includes(await databasePid(instance.data)));
      await until(async () => (await fetch(`${instance.url}/ready`)).ok);
      await writers.advance(3);
      assert.equal(await sent, 200, "an upload whose last byte came while the database was away");
    }
    await writers.finish([503]);
    assert.equal(instance.pid, pid);

    let hasEnded = false;
    const exited = instance.exited.finally(() => (hasEnded = true));
    // The first restart may be more than a minute ago by now: it takes up to four kills.
    await until(async () => {
      const server = await databasePid(instance.data);
      if (server !== undefined && !hasEnded) kill(server);
      return hasEnded;
    });
    assert.deepEqual(await exited, { code: 1, signal: null });
    assert.match(instance.log.join("\n"), /the database is not restarted any more/);
    assert.deepEqual(await findings(instance.data), []);
  });
});

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended in between.
  }
}
