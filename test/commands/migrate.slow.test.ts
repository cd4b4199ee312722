import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import pg from "pg";
import { JobMissing } from "#kernel/db/upgrade/migration-job";
import { silentLog } from "#kernel/log/port";
import { migrate as command } from "../../cmd/migrate.ts";
import { loadConfig } from "../../cmd/compose/config.ts";
import { explain } from "../../cmd/compose/explain.ts";
import { prepareTables } from "../../cmd/compose/job-wait.ts";
import { loadPlugins } from "../../cmd/services.ts";
import { type SharedDatabase, startSharedDatabase } from "../instance/database-server.ts";
import { Instance } from "../instance/instance.ts";
import { freePorts } from "../ports.ts";
import { until } from "../until.ts";

describe("npm run migrate", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kinora-migrate-"));
    database = await startSharedDatabase();
    env = { KINORA_DB_URL: database.url, KINORA_CLUSTER_SECRET: randomBytes(32).toString("base64url") };
  });
  after(async () => {
    await database?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    // As an older version left it: `instance` had no tables of its own yet.
    await query("DROP TABLE instance.settings, instance.icons, instance.changes, instance.backups");
    await query("DELETE FROM instance.migrations WHERE part = 'service'");
  });

  it("reports missing steps with --check, brings the tables up to date, and finds nothing to do the next time", async () => {
    assert.deepEqual(await migrate("--check"), {
      code: 1,
      lines: ["✖ instance: 2 steps are missing", "2 steps are missing"],
    });
    const { code, lines } = await migrate("--services", "auth", "--rpc-port", "0");
    assert.deepEqual([code, lines.at(-1)], [0, "✔ the tables are up to date: 2 steps were run"]);
    for (const args of [["--check"], []])
      assert.deepEqual(await migrate(...args), { code: 0, lines: ["✔ the tables are up to date"] });
  });

  it("looks at the services of --services alone", async () => {
    assert.equal((await migrate("--check", "--services", "user", "--rpc-port", "0")).code, 0);
    await migrate();
  });

  it("is waited for by a process with KINORA_MIGRATE=job, which is alive and says so in /ready", async () => {
    const [port = 0, rpcPort = 0] = await freePorts(2);
    await using instance = await Instance.on({
      port,
      flags: ["--services", "auth", "--rpc-port", String(rpcPort)],
      env: { ...env, KINORA_MIGRATE: "job" },
    });
    instance.begin();
    await until(() => instance.log.some((line) => line.includes("waiting for npm run migrate")));
    const ready = await fetch(`http://127.0.0.1:${port}/ready`);
    assert.equal(ready.status, 503);
    assert.deepEqual(await ready.json(), {
      status: "not ready",
      missing: { tables: "2 steps are missing: run npm run migrate" },
    });
    assert.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200);
    assert.equal((await migrate()).code, 0);
    await instance.ready();
    assert.equal((await fetch(`${instance.url}/ready`)).status, 200);
  });

  it("is waited for as long as KINORA_MIGRATE_WAIT", async () => {
    const settings = { ...env, KINORA_MIGRATE: "job", KINORA_MIGRATE_WAIT: "1s", KINORA_PORT: "0" };
    const { config } = loadConfig(["--data", folder], settings, folder);
    const upgrade = async () => assert.fail("the process changes the tables itself");
    const start = prepareTables({
      config,
      database: { missing: async () => 2, upgrade },
      plugins: await loadPlugins(["instance"]),
      log: silentLog,
    });
    await assert.rejects(
      start,
      (error) =>
        error instanceof JobMissing &&
        explain(error).code === 1 &&
        explain(error).text.startsWith("Kinora cannot start: the tables still lack 2 steps after 1 s: run npm run"),
    );
    await migrate();
  });

  it("makes no database in an absent folder, and refuses a wait without a database that others can change", async () => {
    const absent = await commandHere(["--data", join(folder, "mistyped")], {});
    assert.deepEqual([absent.code, /there is no database in .*mistyped/.test(absent.lines.join())], [1, true]);
    const alone = await commandHere(["--data", folder], { KINORA_MIGRATE: "job" });
    assert.deepEqual(alone, { code: 2, lines: ["KINORA_MIGRATE: `job` needs KINORA_DB_URL as well"] });
    await migrate();
  });
});

let folder = "";
let database: SharedDatabase | undefined;
let env: Record<string, string> = {};

const migrate = (...args: readonly string[]) => commandHere(["--data", folder, ...args], env);

async function commandHere(args: readonly string[], environment: NodeJS.ProcessEnv) {
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  try {
    return { code: await command(args, environment, { log, error: log }), lines };
  } catch (error) {
    const { code, text } = explain(error);
    return { code, lines: [text] };
  }
}

async function query(text: string): Promise<void> {
  const client = new pg.Client(database?.url);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
