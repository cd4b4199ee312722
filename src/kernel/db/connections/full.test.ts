import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { until } from "#test/until";
import { DatabaseChecks } from "../../host/checks/database-checks.ts";
import { testDatabase } from "../../host/testing.ts";
import { silentLog } from "../../log/port.ts";
import { createDb, openPool } from "../pool.ts";
import type { KernelTables } from "../tables.ts";
import { capacityOf } from "./capacity.ts";
import { fullReason, retryWhileFull } from "./full.ts";

describe("a server without a free connection", () => {
  before(async () => {
    const address = await testDatabase("full", []);
    owner = new pg.Client(address);
    await owner.connect();
    await owner.query(`CREATE ROLE ${role} LOGIN CONNECTION LIMIT 2; GRANT ALL ON SCHEMA "full" TO ${role}`);
    limited = { ...address, user: role };
  });
  after(async () => {
    await owner.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    await owner.end();
  });

  it("is waited for by work that opens connections, with one warning", async () => {
    const held = await takeAll();
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
    const session = retryWhileFull(async () => {
      const client = new pg.Client(limited);
      try {
        await client.connect();
        return "connected";
      } finally {
        await client.end();
      }
    }, log);
    await until(() => warnings.length > 0);
    await release(held);
    assert.equal(await session, "connected");
    assert.deepEqual(warnings, [`waiting: ${fullReason}`]);
  });

  it("is named by the pool and by the readiness of a service, until it has a connection again", async () => {
    const held = await takeAll();
    let refusals = 0;
    const pool = openPool(limited, { full: () => (refusals += 1) });
    const db = createDb<KernelTables>(pool, { service: "full" });
    const checks = new DatabaseChecks();
    assert.equal(await checks.lackOf(db), fullReason);
    assert.equal(refusals, 1);
    await release(held);
    await until(async () => (await checks.lackOf(db)) === undefined);
    await pool.end();
  });

  it("has the limit of its role, and lists sessions by the services of their process", async () => {
    const pool = openPool(limited, { name: "gateway,upload" });
    const client = await pool.connect();
    const { limit, openByKinora } = await capacityOf(client);
    assert.equal(limit, 2);
    assert.ok(openByKinora >= 0);
    const { rows } = await owner.query("SELECT application_name AS name FROM pg_stat_activity WHERE usename = $1", [
      role,
    ]);
    assert.deepEqual(rows, [{ name: "kinora gateway,upload" }]);
    const counted = await capacityOf(owner);
    assert.ok(counted.limit > 90 && counted.openByKinora >= 1 && counted.open >= counted.openByKinora);
    client.release();
    await pool.end();
  });
});

const role = `limited_${randomBytes(4).toString("hex")}`;
let owner: pg.Client;
let limited: Awaited<ReturnType<typeof testDatabase>>;

async function takeAll(): Promise<pg.Client[]> {
  const clients = [1, 2].map(() => new pg.Client(limited));
  for (const client of clients) await until(() => client.connect().then(() => true));
  return clients;
}

const release = (clients: readonly pg.Client[]) => Promise.all(clients.map((client) => client.end()));
