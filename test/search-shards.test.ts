import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { roleNames } from "../cmd/services.ts";
import { startPostgres } from "#kernel/postgres/postgres";
import { Instance } from "./e2e/instance.ts";
import { Person } from "./fault/person.ts";
import { freePorts } from "./ports.ts";
import { until } from "./until.ts";

describe("a search index in two processes, each with a shard", () => {
  const people = 8;
  const folders: string[] = [];
  let database: Awaited<ReturnType<typeof startPostgres>>;
  let first: Instance;
  let second: Instance;
  let person: Person;

  before(async () => {
    const [data = "", blobs = ""] = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), "kinora-shards-"))));
    folders.push(data, blobs);
    database = await startPostgres(data);
    const [port = 0, other = 0] = await freePorts(2);
    const addresses = roleNames.filter((name) => name !== "gateway").map((service) => `${service}=127.0.0.1:${port}`);
    const env = {
      KINORA_DB_URL: `postgres://${database.user}@localhost/postgres?host=${encodeURIComponent(database.socket)}`,
      KINORA_REGISTRY_ADDRESS: [...addresses, `search=127.0.0.1:${other}`].join(","),
      KINORA_CLUSTER_SECRET: randomBytes(32).toString("base64url"),
      KINORA_BLOB_URL: pathToFileURL(blobs).href,
      KINORA_RATE_LIMIT: "off",
    };
    const start = (services: readonly string[], rpcPort: number, shard: string) =>
      Instance.start({
        flags: ["--services", services.join(","), "--rpc-port", String(rpcPort)],
        env: { ...env, KINORA_SEARCH_SHARD: shard },
      });
    [first, second] = await Promise.all([start(roleNames, port, "1/2"), start(["search"], other, "2/2")]);
    for (let n = 0; n < people; n++) {
      person = new Person(first.url, `harbour${n}${randomBytes(4).toString("hex")}`);
      await person.signUp();
    }
  });
  after(async () => {
    for (const instance of [second, first]) await instance[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  const found = () => person.ask("GET", "/search/users?q=harbour");
  const findsAll = async () => {
    const { status, data } = await found();
    return status === 200 && (data["list"] as unknown[]).length === people; // A list of the contract.
  };

  it("finds the documents of both", async () => {
    await until(findsAll);
  });

  it("answers search.unavailable while one is away, and finds all when it is back", async () => {
    await second.kill();
    const refused = await found();
    assert.deepEqual([refused.status, refused.error], [503, "search.unavailable"]);
    await second.restart();
    await until(findsAll);
  });
});
