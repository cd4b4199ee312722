import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, rmdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { roleNames } from "../../cmd/services.ts";
import { startSharedDatabase } from "../../test/instance/database-server.ts";
import { Instance } from "../../test/instance/instance.ts";
import { freePorts } from "../../test/ports.ts";
import { processTree } from "../../test/process/process-tree.ts";
import { startRedis } from "../../test/servers/redis.ts";
import { Person } from "../../test/users/person.ts";
import { published } from "../../test/users/published.ts";
import { median, record } from "../record.ts";

/*
 * Requests per second with one process of a service and with two. Each of the two may use a small part of a processor;
 * all else is unlimited. The part is the quota of a control group, which needs root and control groups of version 1.
 */
const quotas = { gateway: 0.2, interaction: 0.08 } as const;
type Measured = keyof typeof quotas;
const rounds = 5;
const roundMs = 4_000;
const atOnce = 32;
const comments = 50;
const periodUs = 20_000;
const secret = randomBytes(32).toString("base64url");
const goal = "≥ 1.7×";

const rows: string[] = [];
for (const name of ["gateway", "interaction"] as const) rows.push(await measure(name));
await record("replicas", [
  `Medians of ${rounds} rounds of ${roundMs / 1_000} s, ${atOnce} requests at a time. The service that is measured has processes of its own with a quota each; the other services share one process without a quota.`,
  "",
  "| service | requests | quota of a process | one, requests/s | two, requests/s | two ÷ one | goal |",
  "|---|---|---|---|---|---|---|",
  ...rows,
]);

async function measure(name: Measured): Promise<string> {
  const blobs = await mkdtemp(join(tmpdir(), "kinora-replicas-"));
  await using database = await startSharedDatabase();
  await using redis = await startRedis();
  const [restPort = 0, ...ports] = await freePorts(3);
  const addresses = roleNames.flatMap((service) => {
    if (service === "gateway") return [];
    return service === name
      ? ports.map((port) => `${service}=127.0.0.1:${port}`)
      : [`${service}=127.0.0.1:${restPort}`];
  });
  const start = (services: readonly string[], port: number) =>
    Instance.start({
      flags: ["--services", services.join(), "--rpc-port", `${port}`],
      env: {
        KINORA_DB_URL: database.url,
        KINORA_REDIS_URL: redis.url,
        KINORA_REGISTRY_ADDRESS: addresses.join(),
        KINORA_CLUSTER_SECRET: secret,
        KINORA_BLOB_URL: pathToFileURL(blobs).href,
        KINORA_RATE_LIMIT: "off",
      },
    });
  const starting = start(
    roleNames.filter((service) => service !== name),
    restPort,
  );
  const first = await start([name], ports[0] ?? 0);
  const otherServices = await starting;
  const urls = name === "gateway" ? [first.url] : [otherServices.url];
  const author = new Person(urls[0] ?? "");
  await author.signUp();
  const videoId = await published(author);
  for (let n = 0; n < comments; n++)
    await author.ask("POST", `/videos/${videoId}/comments`, { body: { content: `Comment ${n}` } });
  const path = name === "gateway" ? `/videos/${videoId}` : `/videos/${videoId}/comments`;
  const groups = [await limit(first, quotas[name])];
  const perSecondOfOne = await requestsPerSecond(urls, path);
  const second = await start([name], ports[1] ?? 0);
  groups.push(await limit(second, quotas[name]));
  if (name === "gateway") urls.push(second.url);
  await later(5_000);
  const perSecondOfTwo = await requestsPerSecond(urls, path);
  for (const instance of [first, second, otherServices]) await instance[Symbol.asyncDispose]();
  for (const group of groups) await rmdir(group);
  await rm(blobs, { recursive: true });
  const ratio = `${(perSecondOfTwo / perSecondOfOne).toFixed(2)}×`;
  return `| ${name} | ${path.replace(String(videoId), ":id")} | ${quotas[name] * 100} % | ${perSecondOfOne.toFixed(0)} | ${perSecondOfTwo.toFixed(0)} | ${ratio} | ${goal} |`;
}

/** Answers of a second, with the requests spread over the addresses in turn. */
async function requestsPerSecond(urls: readonly string[], path: string): Promise<number> {
  const readers = urls.map((url) => new Person(url));
  const results: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const untilMs = performance.now() + roundMs;
    let answers = 0;
    const client = async (at: number) => {
      const reader = readers[at % readers.length];
      for (; performance.now() < untilMs; answers++) await reader?.get(path);
    };
    await Promise.all(Array.from({ length: atOnce }, (_, at) => client(at)));
    // The first round warms up.
    if (round > 0) results.push(answers / (roundMs / 1_000));
  }
  return median(results);
}

/** Puts the processes of an instance in a control group that may use `share` of a processor; yields its folder. */
async function limit({ pid }: Instance, share: number): Promise<string> {
  const group = `/sys/fs/cgroup/cpu/kinora-bench-${pid}`;
  await mkdir(group);
  await writeFile(join(group, "cpu.cfs_period_us"), String(periodUs));
  await writeFile(join(group, "cpu.cfs_quota_us"), String(Math.round(periodUs * share)));
  for (const member of processTree(pid)) await writeFile(join(group, "cgroup.procs"), String(member.pid));
  return group;
}
