import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { partition } from "../../cmd/partition.ts";
import { loadPlugins } from "../../cmd/services.ts";
import { partitionedTables, type PartitionedTable } from "#kernel/db/partitions/partition";
import { schemaFor } from "#kernel/host/service-schema";
import { findings } from "../instance/doctor.ts";
import { unlimited } from "../instance/folders.ts";
import type { Instance } from "../instance/instance.ts";
import { rows, settled } from "../instance/tables.ts";
import { startOnTemplate } from "../instance/template.ts";
import { Writers } from "../users/writers.ts";

/** The tables that the writers of this suite write to are converted first. */
const writtenService = "interaction";

describe("npm run partition, beside a server with demo content", () => {
  before(async () => {
    instance = await startOnTemplate({ env: unlimited }, "demo");
    tables = (await loadPlugins()).map(schemaFor).flatMap(partitionedTables);
  });
  after(() => instance[Symbol.asyncDispose]());

  it("loses no write that is acknowledged meanwhile", async () => {
    const writers = await Writers.start(instance);
    const converted = tables.filter(({ schema }) => schema === writtenService);
    assert.equal((await run(writtenService)).match(/8 partitions by/g)?.length, converted.length);
    await writers.advance(5);
    await writers.finish([503]);
  });

  it("leaves the rows of every table as they were", async () => {
    await settled(instance);
    const others = tables.filter(({ schema }) => schema !== writtenService);
    const original = await contents(others);
    assert.ok(Object.values(original).filter(({ count }) => count > 0).length > 15);
    await run(...new Set(others.map(({ schema }) => schema)));
    assert.deepEqual(await contents(others), original);
  });

  it("leaves no violated invariant, and lists the partitions of a stopped folder", async () => {
    await settled(instance);
    await instance.stop();
    assert.deepEqual(await findings(instance.data), []);
    const lines = (await run()).split("\n");
    assert.equal(lines.length, tables.length);
    assert.deepEqual(
      lines.filter((line) => !line.endsWith(": 8 partitions")),
      [],
    );
  });

  it("lets the server start again and take writes", async () => {
    await instance.restart();
    const writers = await Writers.start(instance);
    await writers.advance(5);
    await writers.finish([]);
    await settled(instance);
  });
});

let instance: Instance;
let tables: PartitionedTable[];

/** The number of rows of each table, and a sum of their hashes. */
async function contents(of: readonly PartitionedTable[]): Promise<Record<string, { count: number; hash: string }>> {
  const all: Record<string, { count: number; hash: string }> = {};
  for (const { schema, table } of of) {
    const text = `SELECT count(*)::integer AS count, coalesce(sum(hashtextextended(t::text, 0)), 0)::text AS hash FROM ${table} AS t`;
    const [row] = await rows(instance.data, schema, text);
    all[`${schema}.${table}`] = { count: Number(row?.["count"]), hash: String(row?.["hash"]) };
  }
  return all;
}

/** The output of the command, which must succeed. */
async function run(...args: readonly string[]): Promise<string> {
  const lines: string[] = [];
  const keep = (line: string) => void lines.push(line);
  const code = await partition([...args, "--data", instance.data], {}, { log: keep, error: keep });
  assert.equal(code, 0, lines.join("\n"));
  return lines.join("\n");
}
