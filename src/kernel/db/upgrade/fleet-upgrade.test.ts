import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import pg from "pg";
import { until } from "#test/until";
import { createFailpoints } from "../../environment/failpoint.ts";
import { type Log, silentLog } from "../../log/port.ts";
import { migrate, NewerSchema, stepsMissing } from "./migrate.ts";
import { processName } from "./processes.ts";
import type { MigrationStep } from "./steps.ts";
import { NoCopy, OlderProcesses, upgrade } from "./upgrade.ts";

describe("D11: a rolling upgrade", () => {
  before(() => server.connect());
  after(() => server.end());
  beforeEach(async () => {
    name = `rolling_${randomBytes(4).toString("hex")}`;
    said.length = 0;
    await server.query(`CREATE DATABASE ${name}`);
    await migrate(version(1));
  });
  afterEach(async () => {
    for (const client of connected.splice(0)) await client.end();
    await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
  });

  it("runs expand steps beside other processes, without a copy", async () => {
    await connect("1.1.0", "auth,user");
    await upgrade([version(2)], means);
    assert.equal(await stepOf(), 2);
    assert.deepEqual(said, [
      "tables are changed without a copy, beside other processes",
      "database brought up to date",
    ]);
  });

  it("makes no copy in a process that runs some of the services, also when it is the first", async () => {
    await upgrade([version(2)], { ...means, isPart: true });
    assert.equal(said[0], "tables are changed without a copy, beside other processes");
  });

  it("lets an older version start on newer expand steps, and refuses it below the floor", async () => {
    await upgrade([version(2)], means);
    await upgrade([version(1)], means);
    assert.equal(await stepsMissing(version(1)), 0);
    assert.equal(await stepOf(), 2);
    await upgrade([version(3)], { ...means, backup: "operator" });
    await upgrade([version(2)], means);
    await assert.rejects(
      upgrade([version(1)], means),
      (error) =>
        error instanceof NewerSchema &&
        /of crew is at step 3, this version of Kinora knows 1, and code must know 2/.test(error.message),
    );
    assert.equal(await stepOf(), 3);
  });

  it("refuses contract steps while a process is connected that is older than the version before", async () => {
    await connect("1.0.4", "auth");
    await connect("1.1.0", "");
    await assert.rejects(
      upgrade([version(3)], { ...means, backup: "operator" }),
      (error) =>
        error instanceof OlderProcesses &&
        /version 1\.2\.0 removes from the tables of crew what older processes use \(kinora 1\.0\.4 auth\): stop them/.test(
          error.message,
        ),
    );
    assert.equal(await stepOf(), 1, "no step is run");
  });

  it("runs contract steps beside the version before, if the operator has a backup", async () => {
    await connect("1.1.0", "auth");
    await assert.rejects(upgrade([version(3)], means), NoCopy);
    assert.equal(await stepOf(), 1);
    await upgrade([version(3)], { ...means, backup: "operator" });
    assert.equal(await stepOf(), 3);
  });

  for (const point of ["migrate.before_commit:error", "migrate.after_commit:error"])
    it(`creates a valid index after an interruption at ${point}`, async () => {
      const client = await connect("1.1.0", "auth");
      const next = database([...steps.slice(0, 1), { index: "kept_by_name", on: "crew.kept (id DESC)" }]);
      await assert.rejects(upgrade([next], { ...means, failpoints: createFailpoints(point) }), /failpoint/);
      await upgrade([next], means);
      const { rows } = await client.query(
        "SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = 'crew.kept_by_name'::regclass",
      );
      assert.deepEqual([rows, await stepOf()], [[{ valid: true }], 2]);
    });

  it("creates a valid index of a partitioned table after an interruption", async () => {
    const client = await connect("1.1.0", "auth");
    const partitions = [0, 1].map(
      (n) => `CREATE TABLE crew.kept_${n} PARTITION OF crew.kept FOR VALUES WITH (MODULUS 2, REMAINDER ${n})`,
    );
    await client.query(
      `DROP TABLE crew.kept; CREATE TABLE crew.kept (id INT) PARTITION BY HASH (id); ${partitions.join(";")}`,
    );
    const next = database([...steps.slice(0, 1), { index: "kept_by_id", on: "crew.kept (id DESC)" }]);
    const failpoints = createFailpoints("migrate.before_commit:error");
    await assert.rejects(upgrade([next], { ...means, failpoints }), /failpoint/);
    await upgrade([next], means);
    const { rows } = await client.query(
      "SELECT count(*) FILTER (WHERE indisvalid) AS valid FROM pg_index WHERE indrelid::regclass::text LIKE 'crew.kept%'",
    );
    assert.deepEqual([rows, await stepOf()], [[{ valid: 3 }], 2]);
  });

  it("creates an index while a writer has the table, and the index of a new schema with its table", async () => {
    const [writer, other] = [await connect("1.1.0", "auth"), await connect("1.1.0", "user")];
    await writer.query("BEGIN");
    await writer.query("INSERT INTO crew.kept VALUES (7)");
    const next = database([...steps.slice(0, 1), { index: "kept_by_name", on: "crew.kept (id DESC)" }]);
    const upgraded = upgrade([next], means);
    await until(async () => (await waiting(other)) > 0);
    await other.query("INSERT INTO crew.kept VALUES (8)");
    await writer.query("COMMIT");
    await upgraded;
    await other.query("DROP SCHEMA crew CASCADE");
    await migrate(next);
    assert.equal(await stepOf(), 2);
  });

  it("gives up a lock that it waits for, so that statements of others go on, and tries again", async () => {
    const [holder, other] = [await connect("1.1.0", "auth"), await connect("1.1.0", "user")];
    await holder.query("BEGIN");
    await holder.query("SELECT FROM crew.kept");
    const upgraded = upgrade([version(2)], means);
    await until(async () => (await waiting(other)) > 0);
    // Behind the waiting step; it would stay there as long as the transaction of the holder.
    await other.query("SELECT FROM crew.kept");
    await holder.query("COMMIT");
    await upgraded;
    assert.equal(await stepOf(), 2);
  });
});

let name = "";
const said: string[] = [];
const connected: pg.Client[] = [];
const log: Log = { ...silentLog, info: (message) => void said.push(message) };
const means = { log, backup: "kinora", version: "1.2.0", isPart: false } as const;
const address = (ofDatabase = name) => ({
  host: process.env["KINORA_TEST_POSTGRES"] ?? "",
  user: "kinora",
  database: ofDatabase,
});
const server = new pg.Client(address("postgres"));

const steps: readonly MigrationStep[] = [
  "CREATE TABLE crew.kept (id INT, nick TEXT)",
  "ALTER TABLE crew.kept ADD COLUMN name TEXT",
  { contract: "ALTER TABLE crew.kept DROP COLUMN nick", since: 2 },
];
const database = (migrations: readonly MigrationStep[]) => ({
  address: address(),
  schemas: [{ service: "crew", migrations }],
});
/** A version of the code that knows so many steps. */
const version = (count: number) => database(steps.slice(0, count));

/** A session of a running process. */
async function connect(ofVersion: string, services: string): Promise<pg.Client> {
  const application_name = `kinora ${processName(ofVersion, services === "" ? [] : services.split(","))}`;
  // A statement that waits for longer hangs.
  const client = new pg.Client({ ...address(), application_name, statement_timeout: 15_000 });
  await client.connect();
  connected.push(client);
  return client;
}

async function stepOf(): Promise<number> {
  const client = new pg.Client(address());
  await client.connect();
  try {
    const { rows } = await client.query<{ step: number }>("SELECT step FROM crew.migrations WHERE part = 'service'");
    return rows[0]?.step ?? 0;
  } finally {
    await client.end();
  }
}

/** The number of sessions that wait for a lock. */
async function waiting(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    "SELECT count(*) AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  );
  return rows[0]?.count ?? 0;
}
