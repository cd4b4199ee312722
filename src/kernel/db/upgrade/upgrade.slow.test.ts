import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, beforeEach, describe, it } from "node:test";
import pg from "pg";
import { until } from "#test/until";
import { createFailpoints } from "../../environment/failpoint.ts";
import { type Log, silentLog } from "../../log/port.ts";
import { type Database, migrate, NewerSchema } from "./migrate.ts";
import { undoUpgrade } from "./undo.ts";
import { NoCopy, upgrade } from "./upgrade.ts";

describe("D11: an upgrade of the databases", () => {
  before(async () => {
    await server.connect();
  });
  beforeEach(() => {
    const id = randomBytes(4).toString("hex");
    names = [`ants_${id}`, `bees_${id}`];
    said.length = 0;
  });
  after(async () => {
    const { rows } = await server.query<{ name: string }>(
      "SELECT datname AS name FROM pg_database WHERE datname ~ '^(ants|bees)_'",
    );
    for (const { name } of rows) await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await server.end();
  });

  it("creates the tables of an empty database without a copy, and fails without a database", async () => {
    await server.query(`CREATE DATABASE ${names[0]}`);
    await assert.rejects(upgrade(version(1), means), /database "bees_\w+" does not exist/);
    await server.query(`CREATE DATABASE ${names[1]}`);
    await upgrade(version(1), means);
    assert.deepEqual(await now(), ["ants 1: 1", "bees 1: 1"]);
    assert.deepEqual(await copies(), []);
    assert.deepEqual(said, ["creating tables", "creating tables"]);
  });

  for (const [point, schemas] of [
    ["migrate.before_commit:error", ""],
    ["migrate.before_commit:error@6", "ants"],
    ["migrate.after_commit:error", "ants"],
  ] as const)
    it(`continues a first start after an interruption at ${point}, without a copy`, async () => {
      const [database] = await emptyDatabase();
      const failpoints = createFailpoints(point);
      await assert.rejects(upgrade([database], { ...means, failpoints }), /failpoint/);
      assert.equal(await schemasWithSteps(), schemas, "whole schemas only");
      // A connection of another process would prevent a copy.
      const other = new pg.Client(address(names[0]));
      await other.connect();
      await upgrade([database], means);
      await other.end();
      assert.equal(await schemasWithSteps(), "ants,bees,wasp");
      assert.deepEqual(await copies(), []);
    });

  it("runs each step once when 64 processes start on an empty database", async () => {
    const [whole, parts] = await emptyDatabase();
    // Half of them run all services, the others one.
    await Promise.all(
      Array.from({ length: 64 }, (_, n) => upgrade([n % 2 === 0 ? whole : (parts[n % parts.length] ?? whole)], means)),
    );
    for (const service of ["ants", "bees", "wasp"])
      assert.deepEqual(
        await query(names[0], `SELECT array_agg(id ORDER BY id)::text AS ids FROM ${service}.kept`),
        [{ ids: "{1,2,3}" }],
        service,
      );
    assert.deepEqual(await copies(), []);
    const created = said.filter((message) => message === "creating tables").length;
    assert.ok(created >= 1 && created <= 3, `${created} of them created tables`);
  });

  it("waits while the server has no connection left", async () => {
    const [database] = await emptyDatabase();
    const role = `limited_${names[0]}`;
    await server.query(`CREATE ROLE ${role} LOGIN CONNECTION LIMIT 1`);
    await server.query(`GRANT CREATE ON DATABASE ${names[0]} TO ${role}`);
    const limited = { ...address(names[0]), user: role };
    const other = new pg.Client(limited);
    await other.connect();
    const upgraded = upgrade([{ ...database, address: limited }], means);
    await until(() => said.some((message) => message.startsWith("waiting: PostgreSQL has no connection left")));
    await other.end();
    await upgraded;
    assert.equal(await schemasWithSteps(), "ants,bees,wasp");
    await query(names[0], `REASSIGN OWNED BY ${role} TO kinora; DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });

  it("creates the schema of a new service without a copy, beside processes that are connected", async () => {
    await used();
    const other = new pg.Client(address(names[0]));
    await other.connect();
    const [database] = version(1);
    assert.ok(database);
    await upgrade([{ ...database, schemas: [...database.schemas, schemaOf("wasp")] }], means);
    await other.end();
    assert.equal(await schemasWithSteps(), "ants,wasp");
    assert.deepEqual(await copies(), []);
  });

  it("makes no copy when no migration is pending", async () => {
    await used();
    await upgrade(version(1), means);
    assert.deepEqual(await copies(), []);
  });

  it("copies all databases, even unchanged ones, and then runs the migrations", async () => {
    await used();
    await upgrade(version(2), means);
    assert.deepEqual(await now(), ["ants 2: 1,2", "bees 1: 1"]);
    assert.deepEqual(await copies(), ["ants before 1: 1", "bees before 1: 1"]);
    assert.deepEqual(said, ["databases copied before an upgrade", "database brought up to date"]);
  });

  for (const point of ["upgrade.copied", "migrate.before_commit", "migrate.after_commit", "upgrade.changed"])
    it(`continues after an interruption at ${point}, and keeps the copies made before it`, async () => {
      await used();
      const failpoints = createFailpoints(`${point}:error`);
      await assert.rejects(upgrade(version(3), { ...means, failpoints }), /failpoint/);
      assert.deepEqual(await copies(), ["ants midway 1: 1", "bees midway 1: 1"]);
      await upgrade(version(3), means);
      assert.deepEqual(await now(), ["ants 3: 1,2,3", "bees 1: 1"]);
      assert.deepEqual(await copies(), ["ants before 1: 1", "bees before 1: 1"]);
    });

  it("continues after an interruption between two copies, and makes the missing one", async () => {
    await used();
    await assert.rejects(upgrade(version(2), { ...means, failpoints: createFailpoints("upgrade.copied:error") }));
    await server.query(`DROP DATABASE ${await nameOf("bees", "midway")}`);
    await assert.rejects(
      upgrade(version(2), { ...means, failpoints: createFailpoints("migrate.before_commit:error") }),
    );
    assert.deepEqual(await copies(), ["ants midway 1: 1", "bees midway 1: 1"]);
    await upgrade(version(2), means);
    assert.deepEqual(await copies(), ["ants before 1: 1", "bees before 1: 1"]);
  });

  it("drops the copies of an interrupted attempt when the older version runs again, but not earlier ones", async () => {
    await used();
    await upgrade(version(2), means);
    await assert.rejects(upgrade(version(3), { ...means, failpoints: createFailpoints("upgrade.copied:error") }));
    await server.query(`DROP DATABASE ${await nameOf("ants", "midway")}`);
    await upgrade(version(2), means);
    assert.deepEqual(await copies(), ["ants before 1: 1", "bees before 1: 1"]);
  });

  it("makes new copies for the next upgrade, and drops the previous ones", async () => {
    await used();
    await upgrade(version(2), means);
    await query(names[1], "INSERT INTO kept VALUES (7)");
    await upgrade(version(3), means);
    assert.deepEqual(await copies(), ["ants before 2: 1,2", "bees before 1: 1,7"]);
  });

  it("drops copies after seven days", async () => {
    await used();
    await upgrade(version(2), means);
    for (const [name, days] of [
      ["ants", 6],
      ["bees", 8],
    ] as const)
      await older(await nameOf(name, "before"), days);
    await upgrade(version(2), means);
    assert.deepEqual(await copies(), ["ants before 1: 1"]);
  });

  it("can be undone, and the undo can be undone again", async () => {
    await used();
    await upgrade(version(2), means);
    await query(names[1], "INSERT INTO kept VALUES (7)");
    assert.deepEqual((await undoUpgrade(address("postgres"), names))?.databases.toSorted(), names);
    assert.deepEqual(await now(), ["ants 1: 1", "bees 1: 1"]);
    await upgrade(version(1), means);
    await undoUpgrade(address("postgres"), names);
    assert.deepEqual(await now(), ["ants 2: 1,2", "bees 1: 1,7"]);
    assert.equal(await undoUpgrade(address("postgres"), ["bumblebees"]), undefined);
  });

  it("can be undone after a migration that fails", async () => {
    await used();
    const [ants, bees] = version(1);
    assert.ok(ants && bees);
    const withSteps = (database: Database, migrations: string[]) => ({
      ...database,
      schemas: database.schemas.map((schema) => ({ ...schema, migrations })),
    });
    const broken = withSteps(bees, [...steps(1), "SELECT 1 / 0"]);
    await assert.rejects(upgrade([withSteps(ants, steps(3)), broken], means), /division by zero/);
    assert.deepEqual(await now(), ["ants 3: 1,2,3", "bees 1: 1"]);
    await undoUpgrade(address("postgres"), names);
    await upgrade(version(1), means);
    assert.deepEqual(await now(), ["ants 1: 1", "bees 1: 1"]);
  });

  it("changes nothing when one database has a newer schema", async () => {
    await used();
    await query(names[1], "UPDATE migrations SET step = 9, floor = 9 WHERE part = 'service'");
    await assert.rejects(upgrade(version(2), means), NewerSchema);
    assert.deepEqual([await copies(), (await now())[0]], [[], "ants 1: 1"]);
  });

  it("is refused without the right to create databases, unless the operator has a backup", async () => {
    await used();
    await server.query(`CREATE ROLE plain_${names[0]} LOGIN`);
    const plain = version(2).map((schema) => ({
      ...schema,
      address: { ...schema.address, user: `plain_${names[0]}` },
    }));
    await query(names[0], `ALTER TABLE kept OWNER TO plain_${names[0]}; GRANT ALL ON SCHEMA ants TO PUBLIC`);
    for (const name of names)
      await query(
        name,
        `GRANT USAGE ON SCHEMA ${animalOf(name)} TO PUBLIC; GRANT ALL ON migrations TO plain_${names[0]}`,
      );
    await assert.rejects(
      upgrade(plain, means),
      (error) => error instanceof NoCopy && /may not create databases.*KINORA_DB_BACKUP=operator/.test(error.message),
    );
    assert.deepEqual([await copies(), await now()], [[], ["ants 1: 1", "bees 1: 1"]]);
    await upgrade(plain, { ...means, backup: "operator" });
    assert.deepEqual([await copies(), await now()], [[], ["ants 2: 1,2", "bees 1: 1"]]);
    assert.equal(said[0], "databases are upgraded without a copy, as configured");
    await server.query(`REASSIGN OWNED BY plain_${names[0]} TO kinora`);
  });

  it("is refused while other clients are connected", async () => {
    await used();
    const other = new pg.Client(address(names[1]));
    await other.connect();
    await assert.rejects(upgrade(version(2), means), /others are connected to it, so stop them/);
    await other.end();
    assert.deepEqual(await now(), ["ants 1: 1", "bees 1: 1"]);
    await upgrade(version(2), means);
    assert.deepEqual(await copies(), ["ants before 1: 1", "bees before 1: 1"]);
  });

  it("is refused when the copies would not fit on the disk", async () => {
    await used();
    await assert.rejects(
      upgrade(version(2), { ...means, room: async () => 2 ** 20 }),
      /bytes are needed, so make room/,
    );
    assert.deepEqual([await copies(), await now()], [[], ["ants 1: 1", "bees 1: 1"]]);
  });

  it("is refused when the name of a copy would be truncated", async () => {
    names = names.map((name) => name + "x".repeat(39 - name.length));
    await used();
    await assert.rejects(
      upgrade(version(2), means),
      /database ants_\w+ cannot be copied before: its name is too long, so rename it/,
    );
    assert.deepEqual(await now(), ["ants 1: 1", "bees 1: 1"]);
  });

  it("runs once when several processes start concurrently", async () => {
    await used();
    await Promise.all([1, 2, 3].map(() => upgrade(version(3), means)));
    assert.deepEqual(await now(), ["ants 3: 1,2,3", "bees 1: 1"]);
    assert.deepEqual(await copies(), ["ants before 1: 1", "bees before 1: 1"]);
    assert.equal(said.filter((message) => message === "databases copied before an upgrade").length, 1);
  });
});

let names: string[] = [];
const said: string[] = [];
const log: Log = {
  ...silentLog,
  info: (message) => void said.push(message),
  warn: (message) => void said.push(message),
};
const means = { log, backup: "kinora", version: "1.2.0", isPart: false } as const;
const address = (database = "") => ({
  host: process.env["KINORA_TEST_POSTGRES"] ?? "",
  user: "kinora",
  database,
  // Steps and queries below name no schema.
  options: `-c search_path=${animalOf(database)},public`,
});
const server = new pg.Client(address("postgres"));

/** A table whose rows name the steps that were run. */
const steps = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    n === 0 ? "CREATE TABLE kept (id INT); INSERT INTO kept VALUES (1)" : `INSERT INTO kept VALUES (${n + 1})`,
  );
/** The first of the two has so many steps in this version; the second never changes. */
const version = (count: number) =>
  names.map((name, n) => ({
    address: address(name),
    schemas: [{ service: animalOf(name), migrations: steps(n === 0 ? count : 1) }],
  }));
function animalOf(name: string): string {
  return name.slice(0, 4);
}

/** A service of three steps, whose SQL names its schema. */
const schemaOf = (service: string) => ({
  service,
  migrations: [
    `CREATE TABLE ${service}.kept (id INT); INSERT INTO ${service}.kept VALUES (1)`,
    `INSERT INTO ${service}.kept VALUES (2)`,
    `INSERT INTO ${service}.kept VALUES (3)`,
  ],
});

/** A new database for three services, and the same with one service at a time. */
async function emptyDatabase(): Promise<[Database, Database[]]> {
  await server.query(`CREATE DATABASE ${names[0]}`);
  const schemas = ["ants", "bees", "wasp"].map(schemaOf);
  const database = { address: address(names[0]), schemas };
  return [database, schemas.map((schema) => ({ ...database, schemas: [schema] }))];
}

/** The schemas of the first database that have steps; fails where one has not all of them. */
async function schemasWithSteps(): Promise<string> {
  const rows = await query(
    names[0],
    "SELECT schemaname AS name FROM pg_tables WHERE tablename = 'migrations' ORDER BY 1",
  );
  const services = rows.map(({ name }) => String(name));
  for (const service of services) {
    const [row] = await query(names[0], `SELECT max(id) AS step FROM ${service}.kept`);
    const [step] = await query(names[0], `SELECT step FROM ${service}.migrations WHERE part = 'service'`);
    assert.equal(row?.["step"], step?.["step"], service);
  }
  return services.join();
}

/** Both databases as the first version left them. */
async function used(): Promise<void> {
  for (const database of version(1) satisfies Database[]) {
    await server.query(`CREATE DATABASE ${database.address.database}`);
    await migrate(database);
  }
}

async function query(database: string | undefined, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(address(database));
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Its step and its rows. */
async function content(database: string | undefined): Promise<string> {
  const [found] = await query(
    database,
    `SELECT (SELECT step FROM migrations WHERE part = 'service') || ': ' ||
            (SELECT string_agg(id::text, ',' ORDER BY id) FROM kept) AS text`,
  );
  return String(found?.["text"]);
}

const now = (): Promise<string[]> =>
  Promise.all(names.map(async (name) => `${name.slice(0, 4)} ${await content(name)}`));

async function copies(): Promise<string[]> {
  const descriptions = await Promise.all(
    (await copyNames()).map(async (name) => {
      const [, kind] = /_(before|midway)_\d{17}$/.exec(name) ?? [];
      return `${name.slice(0, 4)} ${kind} ${await content(name)}`;
    }),
  );
  return descriptions.toSorted();
}

async function copyNames(): Promise<string[]> {
  const { rows } = await server.query<{ name: string }>(
    "SELECT datname AS name FROM pg_database WHERE datname LIKE any($1)",
    [names.map((name) => `${name}!_%`.replaceAll("!", "\\"))],
  );
  return rows.map(({ name }) => name);
}

const nameOf = async (animal: string, kind: string): Promise<string> =>
  (await copyNames()).find((name) => name.startsWith(animal) && name.includes(kind)) ?? "";

/** Makes a copy look older. */
async function older(name: string, days: number): Promise<void> {
  const stamp = new Date(Date.now() - days * 24 * 3_600_000).toISOString().replaceAll(/\D/g, "");
  await server.query(`ALTER DATABASE ${name} RENAME TO ${name.replace(/\d{17}$/, stamp)}`);
}
