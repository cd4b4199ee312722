import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { loadConfig } from "../../cmd/compose/config.ts";
import { createDatabases } from "../../cmd/compose/databases.ts";
import { serviceNames } from "../../cmd/services.ts";
import { noFailpoints } from "../../src/kernel/environment/failpoint.ts";
import { silentLog } from "../../src/kernel/log/port.ts";

describe("the embedded database", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kinora-databases-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("is not started by a gateway alone, which has no tables", async () => {
    assert.equal(await isStarted({ KINORA_SERVICES: "gateway" }), false);
  });

  it("is not started where each service of the process has a database elsewhere", async () => {
    const parts = { KINORA_SERVICES: "hashtag", KINORA_RPC_PORT: "1" };
    assert.equal(await isStarted({ ...parts, KINORA_HASHTAG_DB_URL: "postgres://127.0.0.1/hashtag" }), false);
    assert.equal(await isStarted(parts), true);
  });

  it("is started by a process with all services", async () => {
    assert.ok(serviceNames.length > 10);
    assert.equal(await isStarted({}), true);
  });
});

let folder: string;

/** True if a process with these settings would start the database; here it is never there. */
async function isStarted(environment: Readonly<Record<string, string>>): Promise<boolean> {
  const { config } = loadConfig(["--data", folder], environment, folder);
  let isAsked = false;
  const absent = async () => {
    isAsked = true;
    throw new Error("absent");
  };
  const parts = { log: silentLog, failpoints: noFailpoints };
  const opened = await createDatabases(config, parts, absent).catch((error: Error) =>
    assert.equal(error.message, "absent"),
  );
  await opened?.close();
  return isAsked;
}
