import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { Agent, type RequestOptions, request } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { roleNames } from "../../../cmd/services.ts";
import { type SharedDatabase, startSharedDatabase } from "../../instance/database-server.ts";
import { Instance } from "../../instance/instance.ts";
import { freePorts } from "../../ports.ts";
import { startSample } from "../../servers/gateway-samples.ts";
import { type Redis, startRedis } from "../../servers/redis.ts";
import { Load } from "../../users/load.ts";
import { Person } from "../../users/person.ts";
import { published } from "../../users/published.ts";

const uploadBytes = 20 * 2 ** 20;
/** Longer than both balancers need to notice. */
const stopDelay = "4s";
const deniedAddress = "127.0.0.2";
const forgedAddress = "203.0.113.9";

describe("two gateways behind a sample of deploy/gateways", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kinora-gateways-"));
    [database, redis] = await Promise.all([startSharedDatabase(), startRedis()]);
    const ports = await freePorts(2);
    const services = roleNames.filter((name) => name !== "gateway");
    const env = {
      KINORA_DB_URL: database.url,
      KINORA_REDIS_URL: redis.url,
      KINORA_REGISTRY_ADDRESS: services.flatMap((name) => ports.map((port) => `${name}=127.0.0.1:${port}`)).join(),
      KINORA_CLUSTER_SECRET: randomBytes(32).toString("base64url"),
      KINORA_BLOB_URL: pathToFileURL(folder).href,
      KINORA_RATE_LIMIT: "off",
      KINORA_STOP_DELAY: stopDelay,
      KINORA_TRUSTED_PROXIES: "127.0.0.1",
      KINORA_DENY_NETWORKS: `${deniedAddress},${forgedAddress}`,
    };
    const start = (port: number) =>
      Instance.start({ flags: ["--services", roleNames.join(), "--rpc-port", String(port)], env });
    instances.push(...(await Promise.all(ports.map(start))));
  });
  after(async () => {
    for (const instance of instances) await instance[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
    await redis?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  for (const sample of ["nginx", "haproxy"] as const)
    it(`loses no request, upload of 20 MB, range or socket behind ${sample} while one gateway stops`, async () => {
      const urls = instances.map(({ url }) => url);
      await using balancer = await startSample(sample, urls);
      // nginx closes idle connections of its clients when it is reloaded, and a POST that meets that is not repeated.
      const person = new Person(balancer.url, undefined, new Agent({ keepAlive: false }));
      await person.signUp();
      const load = new Load(balancer.url, person, await published(person));
      const files: Promise<void>[] = [];
      const failures: string[] = [];
      const moveFile = () =>
        void files.push(movesFile(person).catch((error: unknown) => void failures.push(String(error))));
      try {
        for (const instance of instances) {
          moveFile();
          await load.requests(60);
          await balancer.leaveOut(instance.url);
          assert.equal(await instance.stop(), 0);
          moveFile();
          await load.requests(60);
          await instance.restart();
          await balancer.takeBack();
        }
        await load.requests(60);
      } finally {
        await load.stop();
        await Promise.all(files);
      }
      assert.deepEqual([...load.failures, ...failures], []);
      assert.ok(load.sockets >= 2, `${load.sockets} sockets`);

      const page = `${balancer.url}/api/v1/videos/categories`;
      assert.equal((await ask(page, { localAddress: deniedAddress })).status, 403);
      assert.equal((await ask(page, { headers: { "x-forwarded-for": forgedAddress } })).status, 200);
    });
});

let folder = "";
let database: SharedDatabase | undefined;
let redis: Redis | undefined;
const instances: Instance[] = [];

/** Uploads a file, and reads its last megabyte. */
async function movesFile(person: Person): Promise<void> {
  const bytes = randomBytes(uploadBytes);
  const { status, data, error } = await person.keep(bytes, `${bytes.toString("hex", 0, 4)}.bin`);
  assert.equal(status, 200, error);
  const from = uploadBytes - 2 ** 20;
  const link = await person.ask("POST", `/drive/${String(data["entry_id"])}/link`, { body: {} });
  const answer = await ask(String(link.data["url"]), { headers: { range: `bytes=${from}-` } });
  assert.equal(answer.status, 206);
  const digest = (of: Uint8Array) => createHash("sha256").update(of).digest("hex");
  assert.equal(digest(answer.bytes), digest(bytes.subarray(from)));
}

/** A request on a connection of its own. */
const ask = (url: string, options: RequestOptions): Promise<{ status: number | undefined; bytes: Buffer }> =>
  new Promise((resolve, reject) => {
    request(url, { agent: false, ...options }, (answer) => {
      buffer(answer).then((bytes) => resolve({ status: answer.statusCode, bytes }), reject);
    })
      .on("error", reject)
      .end();
  });
