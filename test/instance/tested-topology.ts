import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { s3Server } from "#kernel/blob/s3/testing";
import { closeAfterFiles } from "../../scripts/test/shared.ts";
import { startNats } from "../servers/nats.ts";
import { startRedis } from "../servers/redis.ts";
import { Instance } from "./instance.ts";
import { moveObjects } from "./objects.ts";
import { type Kind, templateCopy } from "./template.ts";
import { writeTopology } from "./topologies.ts";

/** The topology that suites run on, by the command about topologies; undefined for one process. */
export const testedTopology = process.env["KINORA_TEST_TOPOLOGY"];
/** Its processes use Redis, NATS and S3 of this machine. */
const hasEngines = process.env["KINORA_TEST_ENGINES"] === "on";

/**
 * A server on a copy of a template: one process, or the processes of the topology under test behind their gateway. The
 * engines, and the folder of the topology, live until the test files of this process are done.
 */
export async function startTested(
  env: Readonly<Record<string, string>>,
  kind: Kind = "empty",
  attempt = 1,
): Promise<Instance> {
  const data = await templateCopy(kind);
  // A start that failed has left keys of its folder in them.
  const engines = hasEngines ? await startEngines(data) : {};
  try {
    return await startOn(data, { ...engines, ...env });
  } catch (error) {
    if (attempt === attemptsMax || !/ is in use[,;] /.test(String(error))) throw error;
    return startTested(env, kind, attempt + 1);
  }
}

/** Free ports are chosen before the processes listen on them: another program may take one meanwhile. */
const attemptsMax = 3;

async function startOn(data: string, env: Readonly<Record<string, string>>): Promise<Instance> {
  if (testedTopology === undefined) return Instance.start({ env, data });
  const folder = await mkdtemp(join(tmpdir(), "kinora-topology-"));
  closeAfterFiles(() => rm(folder, { recursive: true, force: true }));
  const { file, port } = await writeTopology(testedTopology, folder);
  return Instance.start({ flags: ["--topology", file], port, env, data });
}

async function startEngines(data: string): Promise<Readonly<Record<string, string>>> {
  const [redis, nats, s3] = await Promise.all([startRedis(), startNats(), s3Server()]);
  for (const engine of [redis, nats, s3]) closeAfterFiles(async () => engine[Symbol.asyncDispose]());
  const objects = `s3://S3RVER:S3RVER@films/kinora?endpoint=${s3.url}`;
  await moveObjects(data, objects);
  return { KINORA_REDIS_URL: redis.url, KINORA_NATS_URL: nats.url, KINORA_BLOB_URL: objects };
}
