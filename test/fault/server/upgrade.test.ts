import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startPostgres } from "#kernel/postgres/postgres";
import { Instance } from "../../instance/instance.ts";
import { doctorHere, findings } from "../../instance/doctor.ts";
import { unlimited } from "../../instance/folders.ts";
import { copiesIn, makeOlder } from "../../instance/older-data.ts";
import { Person } from "../../users/person.ts";
import { rows } from "../../instance/tables.ts";
import { templateCopy } from "../../instance/template.ts";

describe("D11: a data folder of an older version", () => {
  it("is upgraded after a copy of every database, and can be restored by one command", async () => {
    await using instance = await Instance.on({ data: await templateCopy(), env: unlimited });
    const { data } = instance;
    await instance.restart();
    const person = new Person(instance.url);
    await person.signUp();
    await instance.stop();
    await makeOlder(data);
    const before = await databases(data);
    const older = await steps(data);
    assert.ok(older.length > 0 && older.every(({ part }) => part !== "service"));

    await instance.restart();
    assert.match(instance.log.join("\n"), /databases copied before an upgrade/);
    const later = new Person(instance.url);
    await later.signUp();
    assert.equal(await instance.stop(), 0);
    assert.deepEqual(
      await copiesIn(data),
      before.map((name) => `${name}_before`),
    );
    assert.deepEqual(await findings(data), []);

    const { code, text } = await doctorHere(["--undo-upgrade", "--data", data]);
    assert.equal(code, 0, text);
    assert.match(text, /start the older version now/);
    assert.deepEqual(await databases(data), before);
    assert.deepEqual(await steps(data), older);

    await instance.restart();
    person.url = instance.url;
    later.url = instance.url;
    assert.deepEqual([await person.isKnown(), await later.isKnown()], [true, false]);
  });

  it("is not restored without an earlier upgrade or in an absent folder", async () => {
    await using instance = await Instance.on({ data: await templateCopy(), env: unlimited });
    const none = await doctorHere(["--undo-upgrade", "--data", instance.data]);
    assert.deepEqual([none.code, /there is no copy/.test(none.text)], [1, true]);
    const removed = await doctorHere(["--undo-upgrade", "--data", `${instance.data}-mistyped`]);
    assert.deepEqual([removed.code, /there is no database in/.test(removed.text)], [1, true]);
  });
});

async function databases(data: string): Promise<string[]> {
  await using _ = await startPostgres(data);
  const databaseRows = await rows(
    data,
    "postgres",
    "SELECT datname AS name FROM pg_database WHERE datname ~ '^[a-z]+$' AND datname <> 'postgres' ORDER BY 1",
  );
  return databaseRows.map(({ name }) => String(name));
}

async function steps(data: string): Promise<Record<string, unknown>[]> {
  await using _ = await startPostgres(data);
  return await rows(data, "recommend", "SELECT part, step FROM migrations ORDER BY part, step");
}
