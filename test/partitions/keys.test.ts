import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { keyFaults, partitionedTables } from "#kernel/db/partitions/partition";
import { connectionOf } from "#kernel/db/pool";
import { coreTables } from "#kernel/db/tables";
import { schemaFor } from "#kernel/host/service-schema";
import { databaseWith } from "#kernel/host/testing";
import { loadPlugins } from "../../cmd/services.ts";

const page = "docs/scaling.md";

describe("the partition keys", () => {
  before(async () => {
    client = new pg.Client(connectionOf(await databaseWith(plugins)));
    await client.connect();
  });
  after(() => client.end());

  it("are decided for every table of every service", async () => {
    assert.deepEqual(await undecided(), []);
    await client.query("CREATE TABLE video.planted (id BIGINT PRIMARY KEY)");
    assert.deepEqual(await undecided(), [
      `video.planted: say in ${page} by which column it is partitioned, or why it stays whole`,
    ]);
    await client.query("DROP TABLE video.planted");
  });

  it(`of the services are those of ${page}`, () => {
    assert.ok(keys.size > 40);
    assert.deepEqual(new Map(tables.map(({ schema, table, key }) => [`${schema}.${table}`, key])), keys);
    assert.deepEqual(
      [...keys.keys()].filter((name) => whole.has(name)),
      [],
    );
  });

  it("are in the primary key and in every unique index of their tables", async () => {
    assert.deepEqual(await keyFaults(client, tables), []);
    await client.query("CREATE UNIQUE INDEX planted ON interaction.comments (id)");
    assert.deepEqual(await keyFaults(client, tables), [
      "unique index planted of interaction.comments lacks the partition key video_id: add the column, drop the uniqueness, or keep it in a table of its own",
    ]);
    await client.query("DROP INDEX interaction.planted");
  });
});

let client: pg.Client;
const plugins = await loadPlugins();
const tables = plugins.map(schemaFor).flatMap(partitionedTables);
const text = await readFile(join(import.meta.dirname, "../..", page), "utf8");
const cell = /`([a-z_.]+)`/g;
const [, partitioned = "", unpartitioned = ""] = text.split(
  /^## (?:Partition keys|Tables that stay whole|A new table)$/m,
);
const keys = new Map(
  [...partitioned.matchAll(/^\| `([a-z_.]+)` \| `([a-z_]+)` \|/gm)].map(
    ([, table = "", key = ""]) => [table, key] as const,
  ),
);
const whole = new Set(
  [...unpartitioned.matchAll(/^\| `.*\|$/gm)].flatMap(([line]) =>
    [...line.matchAll(cell)].flatMap(([, name = ""]) => name),
  ),
);

/** Sentences about the tables that are in neither list, and about listed tables that do not exist. */
async function undecided(): Promise<string[]> {
  const shared = [...coreTables, ...plugins.flatMap(({ copies = [] }) => copies.map(({ table }) => table))];
  const { rows } = await client.query<{ name: string }>(
    `SELECT schemaname || '.' || tablename AS name FROM pg_tables
     WHERE schemaname = ANY($1) AND (tablename <> ALL($2) OR schemaname || '.' || tablename = ANY($3)) ORDER BY 1`,
    [plugins.map(({ contract }) => contract.name), shared, [...whole]],
  );
  const existing = new Set(rows.map(({ name }) => name));
  return [
    ...[...existing]
      .filter((name) => !keys.has(name) && !whole.has(name))
      .map((name) => `${name}: say in ${page} by which column it is partitioned, or why it stays whole`),
    ...[...keys.keys(), ...whole]
      .filter((name) => !existing.has(name))
      .map((name) => `${name}: there is no such table`),
  ];
}
