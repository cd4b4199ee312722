import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { migrate } from "#kernel/db/upgrade/migrate";
import { schemaFor } from "#kernel/host/service-schema";
import { startPostgres } from "#kernel/postgres/postgres";
import { partition } from "../../cmd/partition.ts";
import { loadPlugins } from "../../cmd/services.ts";

describe("npm run partition", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kinora-partition-"));
    await using server = await startPostgres(folder);
    const at = { host: server.socket, user: server.user };
    const client = new pg.Client({ ...at, database: "postgres" });
    await client.connect();
    await client.query("CREATE DATABASE kinora");
    await client.end();
    const schemas = (await loadPlugins()).map(schemaFor);
    await migrate({ address: { ...at, database: "kinora" }, schemas });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("partitions the tables that are named, in a stopped folder, and others stay whole", async () => {
    assert.deepEqual(await run("relation", "interaction.comments", "--into", "4"), {
      code: 0,
      lines: [
        "✔ relation.follows: 4 partitions by user_id, 0 rows",
        "✔ relation.blocks: 4 partitions by user_id, 0 rows",
        "✔ relation.follow_requests: 4 partitions by user_id, 0 rows",
        "✔ interaction.comments: 4 partitions by video_id, 0 rows",
      ],
    });
    const { lines } = await run();
    assert.ok(lines.includes("interaction.comments by video_id: 4 partitions"));
    assert.ok(lines.includes("interaction.danmaku by video_id: one table"));
  });

  it("changes nothing when it is repeated", async () => {
    assert.deepEqual(await run("interaction.comments", "--into", "16"), {
      code: 0,
      lines: ["interaction.comments: has 4 partitions already"],
    });
  });

  it("refuses unknown names and numbers with 2, and an older folder with 1", async () => {
    assert.equal((await run("interaction.comment")).code, 2);
    assert.equal((await run("auth")).code, 2);
    for (const number of ["1", "129", "x"]) assert.equal((await run("relation", "--into", number)).code, 2);
    await using server = await startPostgres(folder);
    const client = new pg.Client({ host: server.socket, user: server.user, database: "kinora" });
    await client.connect();
    await client.query("UPDATE relation.migrations SET step = step - 1 WHERE part = 'service'");
    await client.end();
    const { code, lines } = await run("relation");
    assert.deepEqual([code, lines], [1, ["the database of relation is that of an older Kinora: start this one first"]]);
  });
});

let folder: string;

async function run(...args: readonly string[]): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const keep = (line: string) => void lines.push(line);
  return { code: await partition([...args, "--data", folder], {}, { log: keep, error: keep }), lines };
}
