import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { loadConfig } from "../../cmd/compose/config.ts";
import { createDatabases } from "../../cmd/compose/databases/databases.ts";
import { explain } from "../../cmd/compose/explain.ts";
import { shareOf } from "../../cmd/compose/share.ts";
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

  it("is refused to a part of an installation, which names the setting, the services and the remedy", () => {
    const refusal = (environment: Readonly<Record<string, string>>) => {
      const { config } = loadConfig(["--data", folder], { KINORA_RPC_PORT: "1", ...environment }, folder);
      try {
        shareOf(config);
        return undefined;
      } catch (error) {
        return explain(error);
      }
    };
    const own = { KINORA_HASHTAG_DB_URL: "postgres://127.0.0.1/hashtag" };
    assert.deepEqual(refusal({ KINORA_SERVICES: "gateway,user,hashtag", ...own }), {
      code: 2,
      text: "KINORA_DB_URL: needed, because --services runs user, which keeps its tables there: set it to the database that all processes share, or give each of these services one of its own (KINORA_<SERVICE>_DB_URL)",
    });
    // A companion has no setting of its own.
    assert.match(
      refusal({ KINORA_SERVICES: "auth", KINORA_AUTH_DB_URL: "postgres://127.0.0.1/auth" })?.text ?? "",
      /^KINORA_DB_URL: needed, because --services runs instance, which .* all processes share$/,
    );
    assert.equal(refusal({ KINORA_SERVICES: "gateway" }), undefined);
    assert.equal(refusal({ KINORA_SERVICES: "hashtag", ...own }), undefined);
    assert.equal(refusal({ KINORA_SERVICES: "auth,user", KINORA_DB_URL: "postgres://127.0.0.1/x" }), undefined);
    assert.equal(refusal({}), undefined);
  });

  it("is named where it has no connection left for a start", () => {
    const refusal = Object.assign(new pg.DatabaseError("sorry, too many clients already", 0, "error"), {
      code: "53300",
    });
    for (const error of [refusal, new Error("the database cannot be reached right now", { cause: refusal })])
      assert.match(explain(error).text, /^Kinora cannot start: PostgreSQL has no connection left: raise/);
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
