import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { testDatabase } from "../../host/testing.ts";
import { horizonOf } from "../changes.ts";
import { connectionOf, openDb } from "../pool.ts";
import type { Db } from "../port.ts";
import { keyFaults, partitionsOf, partitionTable, PartitionError } from "./partition.ts";

describe("the hash partitions of a table", () => {
  before(async () => {
    const address = await testDatabase("ants", [tables]);
    db = openDb(address, { service: "ants" });
    [client, neighbour] = [new pg.Client(connectionOf(address)), new pg.Client(connectionOf(address))];
    await Promise.all([client.connect(), neighbour.connect()]);
    await client.query(rows);
    original = await picture();
    assert.deepEqual(await partitionTable(client, notes, 8), { partitions: 8, rows: 100 });
    assert.deepEqual(await partitionTable(client, labels, 4), { partitions: 4, rows: 100 });
  });
  after(() => Promise.all([client.end(), neighbour.end(), db.close()]));

  it("have the rows, constraints, indexes, triggers, statistics and grants of the table under their names", async () => {
    assert.deepEqual(await picture(), original);
    assert.deepEqual(await partitionsOf(client, notes), 8);
  });

  it("have its storage parameters", async () => {
    const { rows: options } = await client.query(
      "SELECT DISTINCT reloptions FROM pg_class WHERE relname ~ '^notes_p[0-7]$'",
    );
    assert.deepEqual(options, [{ reloptions: ["fillfactor=80"] }]);
  });

  it("stay as they are when the table is partitioned again, also into another number", async () => {
    assert.deepEqual(await partitionTable(client, notes, 8), { partitions: 8, rows: undefined });
    assert.deepEqual(await partitionTable(client, notes, 2), { partitions: 8, rows: undefined });
  });

  it("are read one at a time where a query names the key", async () => {
    const planOf = async (where: string) =>
      (await client.query(`EXPLAIN SELECT FROM ants.notes WHERE ${where}`)).rows.map((row) => row["QUERY PLAN"]).join();
    assert.equal((await planOf("user_id = 3 AND id = 3")).match(/notes_p\d/g)?.length, 1);
  });

  it("are followed as one table by copies in memory, which notice that it was emptied", async () => {
    await client.query("CREATE TABLE ants.followed (id BIGINT PRIMARY KEY)");
    const storage = async () => (await horizonOf(db, "ants.followed")).storage;
    const seen = [await storage()];
    await partitionTable(client, { schema: "ants", table: "followed", key: "id" }, 2);
    seen.push(await storage());
    await client.query("INSERT INTO ants.followed VALUES (1)");
    assert.equal(await storage(), seen[1]);
    await client.query("TRUNCATE ants.followed");
    seen.push(await storage());
    assert.equal(new Set(seen).size, 3);
    assert.ok(seen.every(Number.isSafeInteger));
  });

  it("keep foreign keys, unique indexes and triggers in force", async () => {
    for (const [statement, refusal] of [
      ["INSERT INTO ants.labels VALUES (77, 7777, 'a')", /labels_user_id_note_id_fkey/],
      ["INSERT INTO ants.notes (id, user_id, body) VALUES (1, 1, 'again')", /notes_p\d_pkey/],
      ["INSERT INTO ants.notes (id, user_id, body) VALUES (500, 1, 'note 1')", /duplicate key/],
      ["INSERT INTO ants.notes (id, user_id, body) VALUES (501, 1, '')", /notes_body_check/],
      ["UPDATE ants.notes SET body = 'other' WHERE id = 2", /notes are only added/],
    ] as const)
      await assert.rejects(client.query(statement), refusal);
    await client.query("DELETE FROM ants.notes WHERE user_id = 5 AND id = 5");
    assert.deepEqual((await client.query("SELECT FROM ants.labels WHERE note_id = 5")).rowCount, 0);
  });

  it("are refused where a unique index lacks the key, with a sentence that says what to do", async () => {
    const key = { schema: "ants", table: "sealed", key: "user_id" };
    const sentence =
      "unique index sealed_pkey of ants.sealed lacks the partition key user_id: add the column, drop the uniqueness, or keep it in a table of its own";
    await assert.rejects(partitionTable(client, key, 8), new PartitionError(sentence));
    const faults = await keyFaults(client, [key, { ...key, key: "owner_id" }, { ...key, table: "none" }]);
    assert.deepEqual(faults.toSorted(), [
      "ants.sealed has no column owner_id, which is its partition key",
      "there is no table ants.none",
      sentence,
    ]);
    assert.deepEqual(await partitionsOf(client, key), 0);
  });

  it("are not made while another transaction uses the table, and nothing is changed", async () => {
    await client.query("CREATE TABLE ants.busy (id BIGINT PRIMARY KEY)");
    await neighbour.query("BEGIN; INSERT INTO ants.busy VALUES (1)");
    const key = { schema: "ants", table: "busy", key: "id" };
    await assert.rejects(
      partitionTable(client, key, 2, "50ms"),
      /ants.busy is in use by a long transaction: nothing was changed, try again$/,
    );
    assert.equal(await partitionsOf(client, key), 0);
    await neighbour.query("COMMIT");
    assert.deepEqual(await partitionTable(client, key, 2), { partitions: 2, rows: 1 });
  });

  it("get the writes that waited for them", async () => {
    await client.query(
      "CREATE TABLE ants.waited (id BIGINT PRIMARY KEY); INSERT INTO ants.waited SELECT generate_series(1, 999)",
    );
    const [{ rows: count }] = await Promise.all([
      partitionTable(client, { schema: "ants", table: "waited", key: "id" }, 4),
      neighbour.query("INSERT INTO ants.waited VALUES (1000)"),
    ]);
    const { rows: all } = await client.query("SELECT count(*)::integer AS count FROM ants.waited");
    assert.deepEqual(all, [{ count: 1_000 }]);
    assert.ok(count === 999 || count === 1_000);
  });
});

let db: Db<unknown>;
let client: pg.Client;
let neighbour: pg.Client;
let original: unknown;
const notes = { schema: "ants", table: "notes", key: "user_id" };
const labels = { schema: "ants", table: "labels", key: "user_id" };

const tables = `
  CREATE TABLE ants.notes (
    id      BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    spare   BIGINT,
    body    TEXT   NOT NULL CHECK (body <> ''),
    letters INTEGER GENERATED ALWAYS AS (length(body)) STORED,
    weight  REAL NOT NULL DEFAULT 1.5,
    PRIMARY KEY (user_id, id),
    UNIQUE (user_id, body)
  ) WITH (fillfactor = 80);
  ALTER TABLE ants.notes DROP COLUMN spare;
  ALTER TABLE ants.notes ALTER COLUMN body SET STATISTICS 7;
  CREATE INDEX notes_by_id ON ants.notes (id);
  CREATE UNIQUE INDEX notes_short ON ants.notes (user_id, letters, id) WHERE letters < 5;
  CREATE INDEX notes_first ON ants.notes (left(body, 1) COLLATE "C" DESC);
  CREATE TABLE ants.labels (
    user_id BIGINT NOT NULL,
    note_id BIGINT NOT NULL,
    label   TEXT   NOT NULL,
    PRIMARY KEY (user_id, note_id, label),
    FOREIGN KEY (user_id, note_id) REFERENCES ants.notes (user_id, id) ON DELETE CASCADE
  );
  CREATE TABLE ants.sealed (id BIGINT PRIMARY KEY, user_id BIGINT NOT NULL);
  CREATE FUNCTION ants.refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'notes are only added'; END $$;
  CREATE TRIGGER notes_are_added BEFORE UPDATE ON ants.notes FOR EACH ROW EXECUTE FUNCTION ants.refuse();
  GRANT SELECT ON ants.notes TO PUBLIC`;
const rows = `
  INSERT INTO ants.notes (id, user_id, body) SELECT n, n, 'note ' || n FROM generate_series(1, 100) AS n;
  INSERT INTO ants.labels SELECT n, n, 'new' FROM generate_series(1, 100) AS n`;

/** The rows of the tables, and what describes them. */
async function picture(): Promise<unknown> {
  const texts = [
    "SELECT * FROM ants.notes ORDER BY id",
    "SELECT * FROM ants.labels ORDER BY note_id",
    `SELECT conname, contype, regexp_replace(pg_get_constraintdef(oid), ' NOT ENFORCED', '') AS definition FROM pg_constraint
     WHERE conrelid IN ('ants.notes'::regclass, 'ants.labels'::regclass) AND conparentid = 0 ORDER BY conname`,
    `SELECT replace(indexdef, ' ON ONLY ', ' ON ') AS definition FROM pg_indexes WHERE tablename IN ('notes', 'labels') ORDER BY 1`,
    "SELECT tgname FROM pg_trigger WHERE tgrelid = 'ants.notes'::regclass AND NOT tgisinternal",
    "SELECT attname, attstattarget FROM pg_attribute WHERE attrelid = 'ants.notes'::regclass AND attstattarget >= 0",
    "SELECT relacl::text FROM pg_class WHERE oid = 'ants.notes'::regclass",
  ];
  const results: unknown[] = [];
  for (const text of texts) results.push((await client.query(text)).rows);
  return results;
}
