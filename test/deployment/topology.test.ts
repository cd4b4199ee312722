import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { after, before, describe, it } from "node:test";
import { ConfigError } from "#kernel/config/load";
import { loadConfig } from "../../cmd/compose/config.ts";
import { roleNames } from "../../cmd/services.ts";
import { createLineOutput } from "../../cmd/topology/lines.ts";
import { dependentSettings, planProcesses } from "../../cmd/topology/plan.ts";
import { readTopology, topologyNames } from "../../cmd/topology/topology.ts";
import { until } from "../until.ts";

/** Every service but those that a test names. */
const others = (...named: readonly string[]) => roleNames.filter((name) => !named.includes(name));

describe("a topology", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kinora-topology-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("of deploy/topologies runs every service once, on ports of its own", () => {
    const names = topologyNames();
    assert.deepEqual(names.toSorted(), ["all", "eight", "nine", "one", "six", "three"]);
    for (const name of names) {
      const { processes } = readTopology(name);
      assert.deepEqual(processes.flatMap(({ services }) => services).toSorted(), roleNames.toSorted(), name);
      assert.equal(processes.filter(({ hasGateway }) => hasGateway).length, 1, name);
    }
  });

  it("has the ports that services are known by", () => {
    const ports = new Map(readTopology("nine").processes.map(({ name, port, rpcPort }) => [name, [port, rpcPort]]));
    assert.deepEqual(ports.get("gateway"), [9090, 19090]);
    assert.deepEqual(ports.get("upload"), [9091, 19091]);
    assert.deepEqual(ports.get("transcoder"), [9092, 19092]);
    assert.deepEqual(ports.get("streaming"), [9093, 19093]);
    assert.deepEqual(ports.get("metadata"), [9005, 19105]);
    assert.deepEqual(ports.get("auth"), [9007, 19107]);
    assert.deepEqual(ports.get("worker"), [9008, 19108]);
    assert.equal(readTopology("all").processes.length, roleNames.length);
  });

  it("is read from the path of a file, with names of older systems and the services that are named nowhere", async () => {
    const file = await write([
      { name: "edge", services: ["api-gateway"], port: 9001, rpcPort: 9002 },
      { name: "films", services: ["metadata", "download"], port: 9003, rpcPort: 9004 },
      { name: "more", services: ["*"], port: 9005, rpcPort: 9006, replicas: 3, settings: { KINORA_LADDER: "480p" } },
    ]);
    const [edge, films, more] = readTopology(file, folder).processes;
    assert.deepEqual([edge?.services, edge?.hasGateway], [["gateway"], true]);
    assert.deepEqual(films?.services, ["video", "drive"]);
    assert.deepEqual(more?.services, others("gateway", "video", "drive"));
    assert.deepEqual([more?.replicas, more?.settings], [3, { KINORA_LADDER: "480p" }]);
  });

  for (const [title, says, edit] of [
    [
      "an unknown service",
      "the process rest names the service vidio, which does not exist: services are gateway, auth, ",
      { services: [...others("gateway", "video"), "vidio"] },
    ],
    [
      "a service that two processes name",
      "gateway is named by the processes edge and rest: keep it in one place",
      { services: roleNames },
    ],
    [
      "a service that is named by its older name as well",
      "user is named twice by the process rest: keep it in one place",
      { services: [...others("gateway"), "account"] },
    ],
    [
      "a forgotten service",
      'no process runs search, worker: add it to "services" of one, or "*", which is every service',
      { services: others("gateway", "search", "worker") },
    ],
    [
      "a companion, which runs where its service does",
      "the process rest names the service demo, which does not exist",
      { services: ["*", "demo"] },
    ],
    ["a port of two processes", "port 9001 is used by the processes edge and rest: change one", { port: 9001 }],
    ["a port that one process uses twice", "port 9004 is used twice by the process rest: change one", { port: 9004 }],
    [
      "a process that others cannot call",
      'the process rest has no "rpcPort", so others cannot call its services: give it one',
      { rpcPort: undefined },
    ],
    ["two processes of one name", "two processes have the name edge: rename one of them", { name: "edge" }],
    ["a key that does not exist", 'processes.1 Unrecognized key: "prot": docs/topologies.md', { prot: 1 }],
    ["a port that is none", "processes.1.port Too big: expected number to be <=65535: docs/", { port: 70_000 }],
    ["no services", "processes.1.services Too small: expected array to have >=1 items: docs/", { services: [] }],
    [
      "a setting of another program",
      "processes.1.settings.PATH must be names such as KINORA_",
      { settings: { PATH: "" } },
    ],
  ] as const)
    it(`is refused for ${title}, in one sentence that names the file and the remedy`, async () => {
      const rest = { name: "rest", services: ["*"], port: 9003, rpcPort: 9004, ...edit };
      const file = await write([{ name: "edge", services: ["gateway"], port: 9001, rpcPort: 9002 }, rest]);
      const [problem = "", ...more] = problemsOf(file);
      assert.ok(problem.startsWith(`${file}: ${says}`), problem);
      assert.deepEqual(more, []);
    });

  it("that does not exist is refused with the names that do, and a file that is no JSON by its name", async () => {
    assert.match(problemsOf("ten")[0] ?? "", /^deploy\/topologies\/ten\.json: there is no such topology: .*\bnine\b/);
    assert.match(problemsOf("./ten.json")[0] ?? "", /^\.\/ten\.json: cannot be read/);
    await writeFile(join(folder, "torn.json"), "{");
    assert.match(problemsOf("./torn.json")[0] ?? "", /^\.\/torn\.json: is not JSON: /);
  });
});

describe("the plan of a topology", () => {
  const plansOf = (argv: readonly string[] = [], environment: Record<string, string> = {}) => {
    const all = { ...environment, KINORA_DATA: "/nowhere" };
    const loaded = loadConfig(argv, all, tmpdir());
    const topology = readTopology("nine");
    const plans = planProcesses({
      topology,
      loaded,
      argv,
      environment: all,
      cwd: tmpdir(),
      databaseUrl: "postgres://d",
    });
    return new Map(plans.map((plan) => [plan.name, plan]));
  };

  it("gives each process its services, ports, database, and the addresses of all services", () => {
    const auth = plansOf().get("auth");
    assert.equal(auth?.url, "http://127.0.0.1:9007");
    assert.deepEqual(auth?.argv, [
      "--topology",
      "one",
      "--host",
      "127.0.0.1",
      "--port",
      "9007",
      "--services",
      "auth,user,relation",
      "--rpc-port",
      "19107",
    ]);
    assert.equal(auth?.env["KINORA_DB_URL"], "postgres://d");
    const addresses = auth?.env["KINORA_REGISTRY_ADDRESS"]?.split(",") ?? [];
    assert.ok(addresses.includes("relation=127.0.0.1:19107") && addresses.includes("video=127.0.0.1:19105"));
    assert.deepEqual(addresses.map((address) => address.replace(/=.*/, "")).toSorted(), others("gateway").toSorted());
  });

  it("gives the ports and host of the caller to the gateway, and keeps other processes on loopback", () => {
    const flags = ["--host", "0.0.0.0", "--port", "8080"];
    const plans = plansOf(flags, { KINORA_RPC_PORT: "9999" });
    const gateway = plans.get("gateway");
    assert.deepEqual(gateway?.argv.slice(flags.length, -4), ["--topology", "one", ...flags]);
    assert.equal(gateway?.argv.at(-1), "9999");
    assert.equal(gateway?.url, "http://127.0.0.1:8080");
    assert.deepEqual(plans.get("upload")?.argv.slice(flags.length + 2, -4), ["--host", "127.0.0.1", "--port", "9091"]);
  });

  it("leaves addresses to the registry of the caller", () => {
    const argv = ["--registry", "dns", "--registry-address", "{service}.test:19090"];
    const secret = { KINORA_CLUSTER_SECRET: "kX3-vQ9_bT7wLr2ZpYd8MfHs4JgNc6Ue1Ra0" };
    const auth = plansOf(argv, secret).get("auth");
    assert.equal(auth?.env["KINORA_REGISTRY_ADDRESS"], undefined);
    assert.deepEqual(auth?.argv.slice(0, argv.length), argv);
  });

  it("passes the delay of a stop to the gateway alone, as only clients of the gateway notice", () => {
    const environment = { KINORA_STOP_DELAY: "3s" };
    const plans = plansOf([], environment);
    const { config } = loadConfig([], environment, tmpdir());
    const settings = (name: string) => dependentSettings(plans.get(name) ?? assert.fail(name), config);
    assert.deepEqual(
      ["gateway", "auth"].map((name) => settings(name)["KINORA_STOP_DELAY"]),
      ["3000ms", "0ms"],
    );
  });
});

it("a line of a process has its name, and remains JSON where it is", async () => {
  const written: string[] = [];
  const target = { write: (text: string) => void written.push(text) };
  const output = createLineOutput(6, { stdout: target, stderr: target });
  const stdout = Readable.from(['{"level":"info","msg":"a"}\nKinora is ready at http://h\n12:00 INFO b\n']);
  const lines = output.attach("auth", { stdout, stderr: Readable.from([]) });
  await finished(stdout);
  await until(() => written.length === 2);
  assert.deepEqual(written, ['{"process":"auth","level":"info","msg":"a"}\n', "auth   │ 12:00 INFO b\n"]);
  assert.deepEqual(lines.announcement, ["Kinora is ready at http://h"]);
  assert.equal(lines.tail.length, 2);
});

let folder = "";
let files = 0;

/** Yields its path from the folder. */
async function write(processes: readonly object[]): Promise<string> {
  const file = `./own-${++files}.json`;
  await writeFile(join(folder, file), JSON.stringify({ meaning: "A test.", processes }));
  return file;
}

function problemsOf(name: string): string[] {
  try {
    readTopology(name, folder);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    assert.equal(error.exitCode, 2);
    return error.problems.map(({ where, says }) => `${where}: ${says}`);
  }
  return assert.fail("it was accepted");
}
