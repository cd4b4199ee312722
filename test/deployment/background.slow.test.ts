import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { isRunning, type Running, running } from "#kernel/postgres/process-table";
import { type BackgroundProcess, BackgroundProcesses } from "../../cmd/topology/background.ts";
import { templateCopy } from "../instance/template.ts";
import { type TestTopology, writeTopology } from "../instance/topologies.ts";
import { runAlone } from "../process/command.ts";
import { until } from "../until.ts";
import { Person } from "../users/person.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");

describe("processes of a topology in the background", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kinora-background-"));
    data = await templateCopy();
    topology = await writeTopology("three", folder);
    args = ["--topology", topology.file, "--data", data, "--rtmp-port", "0"];
  });
  after(async () => {
    await runAlone("stop-all", args);
    for (const path of [folder, data]) await rm(path, { recursive: true });
  });

  it("are started by start-all, with a line, a log and a process number for each", async () => {
    const { code, text, error } = await runAlone("start-all", args);
    assert.equal(code, 0, error);
    const names = ["account", "database", "gateway", "video"];
    for (const name of names) {
      const pid = Number((await readFile(join(data, "logs", `${name}.pid`), "utf8")).split("\n")[0]);
      assert.match(text, new RegExp(`^✔ ${name}: .*process ${pid}, log ${data}/logs/${name}\\.log$`, "m"));
      assert.match(await readFile(join(data, "logs", `${name}.log`), "utf8"), /"msg":/);
      processes.push(running(pid) ?? assert.fail(`${name} does not run`));
    }
    for (const { port } of topology.processes)
      for (const path of ["/health", "/ready"])
        assert.equal((await fetch(`http://127.0.0.1:${port}${path}`)).status, 200);
    await new Person(`http://127.0.0.1:${topology.port}`).signUp();
  });

  it("are not started twice", async () => {
    const { code, error } = await runAlone("start-all", args);
    assert.equal(code, 1);
    assert.match(error, /^gateway, account, video, database: runs already, stop it with scripts\/stop-all\.sh$/m);
  });

  it("are replaced one by one by the service command, by the name of a service or an older one", async () => {
    const [account] = processes;
    const { port = 0 } = topology.processes.find(({ name }) => name === "account") ?? {};
    assert.ok(account);
    process.kill(account.pid, "SIGKILL");
    await until(() => !isRunning(account));
    const single = spawn(process.execPath, [join(root, "cmd/cli.ts"), "service", "api-user", ...args]);
    assert.equal(await new Promise((resolve) => single.once("close", resolve)), 2);
    const child = spawn(process.execPath, [join(root, "cmd/cli.ts"), "service", "user", ...args], { stdio: "ignore" });
    const closed = new Promise((resolve) => child.once("close", resolve));
    await until(async () => (await fetch(`http://127.0.0.1:${port}/ready`).catch(() => undefined))?.ok);
    await new Person(`http://127.0.0.1:${topology.port}`).signUp();
    child.kill("SIGTERM");
    assert.equal(await closed, 0);
  });

  it("are ended by stop-all, the gateway first and the database last, and nothing else is", async () => {
    const foreign = spawn("sleep", ["600"]);
    await writeFile(join(data, "logs/stranger.pid"), `${foreign.pid}\nyesterday\nservice\n`);
    const { code, text, error } = await runAlone("stop-all", args);
    assert.equal(code, 0, error);
    const lines = text.trimEnd().split("\n");
    assert.match(lines[0] ?? "", /^✔ gateway: stopped/);
    assert.match(lines.at(-1) ?? "", /^✔ database: stopped/);
    assert.match(text, /^✖ stranger: had ended, process \d+$/m);
    assert.match(text, /^✖ account: had ended, process \d+$/m);
    assert.deepEqual(processes.filter(isRunning), []);
    assert.equal(foreign.kill(), true);
    assert.deepEqual(
      (await readdir(join(data, "logs"))).filter((file) => file.endsWith(".pid")),
      [],
    );
    const again = await runAlone("stop-all", args);
    assert.equal(again.code, 0);
    assert.match(again.text, /^nothing that scripts\/start-all\.sh started runs/);
  });

  it("are all stopped when one cannot start, whose last lines are shown", async () => {
    const account = { KINORA_RELATION_DB_URL: "postgres://nobody@127.0.0.1:1/nowhere" };
    const broken = await writeTopology("three", folder, { account });
    const { code, error } = await runAlone("start-all", [...args, "--topology", broken.file]);
    assert.equal(code, 1);
    assert.match(
      error,
      /^Kinora cannot start: the process account ended before it was ready; the end of .*account\.log:/m,
    );
    assert.match(error, /ECONNREFUSED 127\.0\.0\.1:1/);
    assert.deepEqual(
      (await readdir(join(data, "logs"))).filter((file) => file.endsWith(".pid")),
      [],
    );
  });
});

describe("a background process", () => {
  it("that does not stop in time is killed, which is reported", async () => {
    const logs = await mkdtemp(join(tmpdir(), "kinora-background-"));
    const background = new BackgroundProcesses(logs);
    const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('begins');";
    const started = [
      background.start({ name: "stubborn", rank: "service", argv: ["--eval", stubborn], env: process.env }),
      background.start({ name: "front", rank: "gateway", argv: ["--eval", "setInterval(() => {}, 1000)"], env: {} }),
    ];
    await until(() => readFileSync(join(logs, "stubborn.log"), "utf8") === "begins\n");
    assert.deepEqual(
      background.list().map(({ name }) => name),
      ["front", "stubborn"],
    );
    const reports: [string, string][] = [];
    await background.stop(background.list(), 300, ({ name }: BackgroundProcess, how) => void reports.push([name, how]));
    assert.deepEqual(reports, [
      ["front", "stopped"],
      ["stubborn", "killed"],
    ]);
    await until(() => started.every((process) => !isRunning(process)));
    assert.deepEqual(background.list(), []);
    await rm(logs, { recursive: true });
  });
});

for (const script of ["start-all", "stop-all"])
  it(`scripts/${script}.sh explains itself`, async () => {
    const { stdout } = await run("sh", [join(root, `scripts/${script}.sh`), "--help"]);
    assert.match(stdout, new RegExp(`^scripts/${script}\\.sh \\[`));
  });

let folder = "";
let data = "";
let args: string[] = [];
let topology: TestTopology;
const processes: Running[] = [];
