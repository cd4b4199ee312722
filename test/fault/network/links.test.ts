import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { roleNames } from "../../../cmd/services.ts";
import { type SharedDatabase, startSharedDatabase } from "../../instance/database-server.ts";
import { Instance } from "../../instance/instance.ts";
import { freePorts } from "../../ports.ts";
import { Random } from "../../random.ts";
import { type LinkState, TcpLink } from "../../servers/tcp-link.ts";
import { soon } from "../../until.ts";
import { type Answer, patiently, Person } from "../../users/person.ts";
import { published } from "../../users/published.ts";

/** The deadline of a request at the gateway, and what a busy machine may add. */
const answerMs = 30_000;
const healedMs = 10_000;
const resetEveryMs = 15_000;
const faults: readonly LinkState[] = ["reset", "silent", "deaf"];

describe("the network between two processes", () => {
  before(async () => {
    blobs = await mkdtemp(join(tmpdir(), "kinora-links-"));
    database = await startSharedDatabase();
    const [farPort = 0, nearPort = 0] = await freePorts(2);
    [toFar, toNear] = [await TcpLink.to(farPort, random), await TcpLink.to(nearPort, random)];
    const others = roleNames.filter((name) => name !== "gateway" && name !== far);
    const addresses = (farAddress: number, nearAddress: number) =>
      [`${far}=127.0.0.1:${farAddress}`, ...others.map((name) => `${name}=127.0.0.1:${nearAddress}`)].join();
    const env = {
      KINORA_DB_URL: database.url,
      KINORA_CLUSTER_SECRET: randomBytes(32).toString("base64url"),
      KINORA_BLOB_URL: pathToFileURL(blobs).href,
      KINORA_RATE_LIMIT: "off",
    };
    instances.push(
      ...(await Promise.all([
        Instance.start({
          flags: ["--services", ["gateway", ...others].join(), "--rpc-port", String(nearPort)],
          env: { ...env, KINORA_REGISTRY_ADDRESS: addresses(toFar.port, nearPort) },
        }),
        Instance.start({
          flags: ["--services", far, "--rpc-port", String(farPort)],
          env: { ...env, KINORA_REGISTRY_ADDRESS: addresses(farPort, toNear.port) },
        }),
      ])),
    );
    person = new Person(instances[0]?.url ?? "");
    await person.signUp();
    videoId = await published(person);
    await comment("before");
  });
  after(async () => {
    for (const instance of instances) await instance[Symbol.asyncDispose]();
    for (const link of [toFar, toNear]) await link?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
    await rm(blobs, { recursive: true, force: true });
  });

  for (const state of faults)
    it(`fails calls in time, heals soon and does nothing twice when it is ${state} (F14)`, async () => {
      for (const link of [toFar, toNear]) link.set(state);
      const key = `while ${state}`;
      const [watched, read, written] = await Promise.all([
        inTime(person.ask("GET", `/videos/${videoId}`)),
        inTime(person.ask("GET", `/videos/${videoId}/comments`)),
        inTime(comment(key)),
      ]);
      assert.equal(watched.status, 200, watched.error);
      assert.deepEqual([read.status, written.status], [503, 503]);
      for (const link of [toFar, toNear]) link.set("open");
      await soon(healedMs, async () => (await person.ask("GET", `/videos/${videoId}/comments`)).status === 200);
      assert.equal((await patiently(() => comment(key))).status, 200);
      assert.deepEqual(await commentsLike(key), [key]);
    });

  it("answers slowly over a slow link that is reset now and then, and asks hardly more often (F15)", async () => {
    const asked = 80;
    const before = await callsAtFar();
    for (const link of [toFar, toNear]) link.slow({ delayMs: [100, 300], bytesPerSecond: 64_000 });
    const resets = setInterval(() => toFar.resetAll(), resetEveryMs);
    const statuses = new Map<number, number>();
    const took: number[] = [];
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let n = 0; n < asked / 4; n++) {
          const { status } = await inTime(person.ask("GET", `/videos/${videoId}/comments`));
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          const beganMs = performance.now();
          assert.equal((await person.ask("GET", "/users/me")).status, 200);
          took.push(performance.now() - beganMs);
          await sleep(100);
        }
      }),
    );
    clearInterval(resets);
    for (const link of [toFar, toNear]) link.slow({ delayMs: [0, 0], bytesPerSecond: Number.POSITIVE_INFINITY });
    const calls = (await callsAtFar()) - before;
    assert.ok(
      [...statuses.keys()].every((status) => status === 200 || status === 503),
      JSON.stringify([...statuses]),
    );
    assert.ok((statuses.get(200) ?? 0) >= asked * 0.9, JSON.stringify([...statuses]));
    assert.ok(calls >= asked * 0.8 && calls <= asked * 1.2, `${calls} calls for ${asked} requests`);
  });
});

/** The one service of the far process. */
const far = "interaction";
const numbers = new Random(5);
const random = () => numbers.next();
let blobs = "";
let database: SharedDatabase | undefined;
let toFar: TcpLink;
let toNear: TcpLink;
let person: Person;
let videoId = 0;
const instances: Instance[] = [];

const comment = (text: string): Promise<Answer> =>
  person.ask("POST", `/videos/${videoId}/comments`, { key: text, body: { content: text } });

async function inTime(answer: Promise<Answer>): Promise<Answer> {
  const late = sleep(answerMs, undefined, { ref: false }).then(() => assert.fail(`no answer within ${answerMs} ms`));
  return Promise.race([answer, late]);
}

async function commentsLike(text: string): Promise<string[]> {
  const { list } = await person.get(`/videos/${videoId}/comments?page_size=50`);
  return (list as { content: string }[]).map(({ content }) => content).filter((content) => content === text); // Rows.
}

/** The calls of the list of comments that the far process has answered. */
async function callsAtFar(): Promise<number> {
  const text = await (await fetch(`${instances[1]?.url}/metrics`)).text();
  return text
    .split("\n")
    .filter((line) => line.startsWith("rpc_requests_total") && line.includes('method="comments"'))
    .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}
