import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { isNightly } from "../depth.ts";
import { failedStart } from "../instance/failed-start.ts";
import { Instance } from "../instance/instance.ts";
import { templateCopy } from "../instance/template.ts";
import { type TestTopology, writeTopology } from "../instance/topologies.ts";
import { processTree, survivors } from "../process/process-tree.ts";
import { until } from "../until.ts";
import { Person } from "../users/person.ts";

const clip = join(import.meta.dirname, "../media/one-frame.mp4");
const name = isNightly ? "all" : "nine";

describe(`the processes of the topology ${name} on one machine`, () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kinora-topology-"));
    topology = await writeTopology(name, folder);
    instance = await Instance.start(await options(topology));
    person = new Person(instance.url);
    await person.signUp();
  });
  after(async () => {
    await instance[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it("are ready together behind the gateway, each on its port, and say so once", async () => {
    assert.equal(new URL(instance.url).port, String(topology.port));
    for (const { port, name: process } of topology.processes)
      assert.equal((await fetch(`http://127.0.0.1:${port}/ready`)).status, 200, process);
    assert.equal(instance.log.filter((line) => line.startsWith("Kinora is ready at")).length, 1);
    assert.match(instance.firstRun, /first-run\?token=/);
  });

  it("publish a video that was uploaded through the gateway", () => publish("before"));

  it("name their lines in the log, which stay JSON", () => {
    const names = new Set(linesOf(instance).map(({ process }) => process));
    for (const { name: process } of topology.processes) assert.ok(names.has(process), process);
  });

  it("have no secret in their arguments or environment", async () => {
    const secret = (await readFile(join(instance.data, "secrets/cluster"), "utf8")).trim();
    for (const { pid } of processTree(instance.pid))
      for (const file of ["cmdline", "environ"])
        assert.ok(!(await readFile(`/proc/${pid}/${file}`, "latin1").catch(() => "")).includes(secret), `${pid}`);
  });

  it("are restarted when one is killed, and work as before", async () => {
    const pid = pidOf("metadata", "video");
    process.kill(pid, "SIGKILL");
    const line = (text: string) => linesOf(instance).find(({ msg }) => msg === text);
    const ended = await until(() => line("a process ended by itself and is restarted"));
    assert.partialDeepStrictEqual(ended, { level: "error", signal: "SIGKILL", code: null });
    await until(() => line("a process is ready again"));
    assert.notEqual(pidOf("metadata", "video"), pid);
    await publish("after");
  });

  it("stop with the gateway first and exit code 0, and leave no process", async () => {
    const processes = processTree(instance.pid);
    assert.ok(processes.length > topology.processes.length);
    assert.equal(await instance.stop(), 0);
    const stopping = linesOf(instance).flatMap(({ msg, process }) =>
      msg === "stopping" ? [process ?? "supervisor"] : [],
    );
    assert.deepEqual(stopping.slice(0, 2), ["supervisor", "gateway"]);
    assert.deepEqual(stopping.slice(1).toSorted(), topology.processes.map(({ name: process }) => process).toSorted());
    assert.deepEqual(survivors(processes), []);
  });

  it("start again on the same folder, and end when their supervisor is killed", async () => {
    await instance.restart();
    await person.signIn();
    assert.equal((await person.get("/recommend/feed"))["total"] !== 0, true);
    const processes = processTree(instance.pid);
    await instance.kill("leader");
    await until(() => survivors(processes).length === 0, { said: () => JSON.stringify(survivors(processes)) });
  });
});

describe("a topology that cannot start", () => {
  before(async () => {
    ownFolder = await mkdtemp(join(tmpdir(), "kinora-topology-"));
  });
  after(() => rm(ownFolder, { recursive: true }));

  it("names a taken port, its process and its setting, and exits with 2", async () => {
    const taken = await writeTopology("three", ownFolder);
    const [, account] = taken.processes;
    await using server = createServer().listen(account?.rpcPort, "127.0.0.1");
    await using refused = await Instance.on(await options(taken));
    const { code, text } = await failedStart(refused);
    assert.equal(code, 2);
    const sentence = `"rpcPort" in ${taken.file}: port ${account?.rpcPort} on 127.0.0.1 is in use, and the process account needs it: stop what uses it, or set another`;
    assert.equal(text, sentence);
    assert.ok(server.listening);
  });

  it("names a wrong setting of a process, and exits with 2", async () => {
    const wrong = await writeTopology("three", ownFolder, { video: { KINORA_LADDER: "12p" } });
    await using refused = await Instance.on(await options(wrong));
    const { code, text } = await failedStart(refused);
    assert.equal(code, 2);
    assert.ok(text.includes(`process video of ${wrong.file}: KINORA_LADDER: must be of 240p`), text);
  });

  it("shows the last lines of a process that ended before it was ready, stops the others, and exits with 1", async () => {
    const url = "postgres://nobody@127.0.0.1:1/nowhere";
    const broken = await writeTopology("three", ownFolder, { account: { KINORA_RELATION_DB_URL: url } });
    await using refused = await Instance.on(await options(broken));
    refused.begin();
    const processes = await until(() => {
      const tree = processTree(refused.pid);
      return tree.length > broken.processes.length ? tree : undefined;
    });
    const { code } = await refused.exited;
    const text = refused.log.join("\n");
    assert.equal(code, 1);
    assert.match(text, /Kinora cannot start: the process account ended with 1 before it was ready; its last lines:\n/);
    assert.match(text.slice(text.indexOf("its last lines")), /ECONNREFUSED 127\.0\.0\.1:1/);
    assert.deepEqual(survivors(processes), []);
  });
});

let folder = "";
let ownFolder = "";
let topology: TestTopology;
let instance: Instance;
let person: Person;

interface Line {
  readonly process?: string;
  readonly msg?: string;
  readonly level?: string;
}
const linesOf = ({ log }: Instance): Line[] =>
  log.flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as Line] : [])); // Lines of our own log.

/** At night it is a first start, on an empty folder. */
const options = async ({ file, port }: TestTopology) => ({
  flags: ["--topology", file],
  port,
  env: { KINORA_RATE_LIMIT: "off", KINORA_STOP_MAX: "120s" },
  ...(!isNightly && { data: await templateCopy() }),
});

/** The process that has the RPC port of one of these processes. */
function pidOf(...names: readonly string[]): number {
  const port = topology.processes.find(({ name: process }) => names.includes(process))?.rpcPort;
  const words = `--rpc-port\0${port}\0`;
  const pids = processTree(instance.pid).map(({ pid }) => pid);
  return pids.find((pid) => readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(words)) ?? 0;
}

/** Uploads a clip and publishes it; settles when it can be watched. */
async function publish(title: string): Promise<void> {
  const { data: object } = await person.upload(await readFile(clip));
  const body = { media_id: object["id"], title, visibility: "public" };
  const { data, status, error } = await person.ask("POST", "/videos", { body });
  assert.equal(status, 200, error);
  await until(async () => (await person.get(`/videos/${String(data["id"])}`))["status"] === 1);
}
