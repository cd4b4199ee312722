import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { roleNames } from "../../cmd/services.ts";
import { type SharedDatabase, startSharedDatabase } from "../instance/database-server.ts";
import { failedStart } from "../instance/failed-start.ts";
import { Instance } from "../instance/instance.ts";
import { startOnTemplate } from "../instance/template.ts";
import { freePorts } from "../ports.ts";
import { until } from "../until.ts";
import { Person } from "../users/person.ts";
import { published } from "../users/published.ts";

const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);
const example = join(root, "examples/plugins/daily-videos.ts");
const path = "/api/v1/plugins/dailyvideos/days";

describe("a service of the operator's own", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kinora-plugins-"));
  });
  after(async () => {
    for (const instance of instances) await instance[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it("has its table, its events and its documented route in a server, also from a file outside of the program", async () => {
    const file = join(folder, "daily.ts");
    await copyFile(example, file);
    const instance = await startOnTemplate({ env: { KINORA_PLUGINS: file } });
    instances.push(instance);
    await countsVideos(instance.url);
    const document = (await (await fetch(`${instance.url}/openapi.json`)).json()) as { paths: object }; // As OpenAPI has it.
    assert.ok(path in document.paths);
    await instance.stop();
    await instance.restart();
    assert.deepEqual(await days(instance.url), [{ day: today, videos: 1 }]);
  });

  it("runs in a process of its own beside one with all other services", async () => {
    const [a = 0, b = 0] = await freePorts(2);
    const blobs = join(folder, "blobs");
    database = await startSharedDatabase();
    const addresses = [...roleNames.map((name) => `${name}=127.0.0.1:${a}`), `dailyvideos=127.0.0.1:${b}`];
    const env = {
      KINORA_PLUGINS: example,
      KINORA_DB_URL: database.url,
      KINORA_REGISTRY_ADDRESS: addresses.join(","),
      KINORA_CLUSTER_SECRET: randomBytes(32).toString("base64url"),
      KINORA_BLOB_URL: pathToFileURL(blobs).href,
    };
    const part = (services: readonly string[], port: number) =>
      Instance.start({ flags: ["--services", services.join(","), "--rpc-port", String(port)], env });
    const parts = await Promise.all([part(roleNames, a), part(["dailyvideos"], b)]);
    instances.push(...parts);
    await countsVideos(parts[0].url);
  });

  it("runs in the process of the gateway where a topology names neither it nor all that remains", async () => {
    const program = `
      const [{ addPlugins }, { readTopology }] = await Promise.all(["plugins", "topology/topology"].map((name) => import(process.cwd() + "/cmd/" + name + ".ts")));
      await addPlugins([], process.env, process.cwd());
      const { processes } = readTopology("all");
      console.log(processes.filter(({ services }) => services.includes("dailyvideos")).map(({ name }) => name).join());`;
    const env = { ...process.env, KINORA_PLUGINS: example };
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program], { cwd: root, env });
    assert.equal(stdout, "gateway\n");
  });

  for (const [fault, text, says] of [
    ["that is missing", undefined, /^KINORA_PLUGINS: x\.ts is not at \/.*x\.ts$/m],
    ["without a default export", "export const a = 1;", /^KINORA_PLUGINS: x\.ts exports no service by default/m],
    ["with a fault", "throw new Error('no');", /^KINORA_PLUGINS: x\.ts cannot be loaded: Error: no$/m],
    ["with the name of a service", plugin("video"), /^KINORA_PLUGINS: x\.ts has a service named video, which is/m],
    ["with an older name of a service", plugin("account"), /named account, which is the name of another service/],
    ["with a name that is none", plugin("My-Service"), /named My-Service: a name is 2 to 40 small letters and digits/],
    ["for a later version", plugin("later", 'export const requires = "9.0";'), /x\.ts needs Kinora 9\.0 or newer/],
    [
      "with a route among those of Kinora",
      plugin("routes", "", "{ a: { http: 'GET /api/v1/videos' } }"),
      /x\.ts answers GET \/api\/v1\/videos: routes of a plug-in begin with \/api\/v1\/plugins\/routes\/$/m,
    ],
  ] as const)
    it(`ends the start with exit code 2 and one sentence for a file ${fault}`, async () => {
      const file = join(folder, "x.ts");
      if (text === undefined) await rm(file, { force: true });
      else await writeFile(file, text);
      await using instance = await Instance.on({ env: { KINORA_PLUGINS: file } });
      const ended = await failedStart(instance);
      assert.match(ended.text, says);
      assert.deepEqual([ended.code, instance.log.length], [2, 1], ended.text);
    });
});

let folder = "";
let database: SharedDatabase | undefined;
const instances: Instance[] = [];
const today = new Date().toISOString().slice(0, 10);

const days = async (url: string): Promise<unknown> => {
  const answer = (await (await fetch(url + path)).json()) as { data: { list: unknown } }; // The envelope.
  return answer.data.list;
};

async function countsVideos(url: string): Promise<void> {
  assert.deepEqual(await days(url), []);
  const person = new Person(url);
  await person.signUp();
  await published(person);
  await until(async () => JSON.stringify(await days(url)) === JSON.stringify([{ day: today, videos: 1 }]));
}

/** A file with a service that never starts. */
function plugin(name: string, more = "", methods = "{}"): string {
  return `export default { contract: { name: "${name}", version: 1, methods: ${methods} }, needs: [], migrations: [], start() {} };\n${more}\n`;
}
