import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { s3Server } from "#kernel/blob/s3/testing";
import { closeAfterFiles } from "../../scripts/test/shared.ts";
import { startNats } from "../servers/nats.ts";
import { startRedis } from "../servers/redis.ts";
import { Instance } from "./instance.ts";
import { type Kind, startOnTemplate, templateCopy } from "./template.ts";
import { writeTopology } from "./topologies.ts";

/** The topology that suites run on, by the command about topologies; undefined for one process. */
export const testedTopology = process.env["KINORA_TEST_TOPOLOGY"];
/** Its processes use Redis, NATS and S3 of this machine. */
const hasEngines = process.env["KINORA_TEST_ENGINES"] === "on";

/**
 * A server on a copy of a template: one process, or the processes of the topology under test behind their gateway. The
 * engines, and the folder of the topology, live until the test files of this process are done.
 */
export async function startTested(env: Readonly<Record<string, string>>, kind: Kind = "empty"): Promise<Instance> {
  const engines = hasEngines ? await startEngines() : {};
  if (testedTopology === undefined) return startOnTemplate({ env: { ...engines, ...env } }, kind);
  return startTopology(testedTopology, { ...engines, ...env }, kind);
}

/** Free ports are chosen before the processes listen on them: another program may take one meanwhile. */
const attemptsMax = 3;

async function startTopology(
  name: string,
  env: Readonly<Record<string, string>>,
  kind: Kind,
  attempt = 1,
): Promise<Instance> {
  const folder = await mkdtemp(join(tmpdir(), "kinora-topology-"));
  closeAfterFiles(() => rm(folder, { recursive: true, force: true }));
  const { file, port } = await writeTopology(name, folder);
  try {
    return await Instance.start({ flags: ["--topology", file], port, env, data: await templateCopy(kind) });
  } catch (error) {
    if (attempt === attemptsMax || !/ is in use, /.test(String(error))) throw error;
    return startTopology(name, env, kind, attempt + 1);
  }
}

async function startEngines(): Promise<Readonly<Record<string, string>>> {
  const [redis, nats, s3] = await Promise.all([startRedis(), startNats(), s3Server()]);
  for (const engine of [redis, nats, s3]) closeAfterFiles(async () => engine[Symbol.asyncDispose]());
  return {
    KINORA_REDIS_URL: redis.url,
    KINORA_NATS_URL: nats.url,
    KINORA_BLOB_URL: `s3://S3RVER:S3RVER@films/kinora?endpoint=${s3.url}`,
  };
}
