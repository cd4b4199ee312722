import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { runner } from "../../cmd/runner.ts";
import { RunnerProcess } from "../instance/runner-process.ts";
import { runHere } from "../process/command.ts";
import { until } from "../until.ts";

/** The answer of the home to a request of a runner: a status and the body. */
type Answer = (path: string, body: Readonly<Record<string, unknown>>) => readonly [status: number, body: unknown];

describe("npm run runner", () => {
  before(() => new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve)));
  after(() => void server.close());

  it("refuses an address that is missing or that would carry tokens in the clear, with the setting to change", async () => {
    for (const [args, expected] of [
      [[], /^KINORA_RUNNER_URL: needed: the address of the Kinora that gives the jobs\n$/],
      [["--runner-url", "http://video.example.org"], /^KINORA_RUNNER_URL: must be https: .*\n$/],
      [["--runner-url", "ftp://video.example.org"], /^--runner-url: .*\n$/],
    ] as const) {
      const { code, error } = await runHere(runner, [...args]);
      assert.equal(code, 2);
      assert.match(error, expected);
    }
    assert.match((await runHere(runner, ["--help"])).text, /KINORA_RUNNER_TOKEN/);
  });

  it("ends with exit code 2 and one sentence where the home refuses it", async () => {
    for (const [given, env, expected] of [
      [refusal(401, "runner.registration_refused"), {}, /^KINORA_RUNNER_TOKEN: .* does not know this token/],
      [refusal(409, "runner.other_version"), {}, /^KINORA_RUNNER_URL: the versions of .* do not work together/],
      [() => [404, "<html>"], {}, /^KINORA_RUNNER_URL: at .* no Kinora with runners answers/],
      [() => [200, { hello: 1 }], {}, /^KINORA_RUNNER_URL: at .* no Kinora with runners answers/],
      [refusal(500, ""), { KINORA_RUNNER_TOKEN: "" }, /^KINORA_RUNNER_TOKEN: needed to register at /],
    ] as readonly [Answer, object, RegExp][]) {
      answer = given;
      await using started = await RunnerProcess.start({ ...environment(), ...env });
      assert.equal((await started.exited).code, 2, started.log.join("\n"));
      assert.match(started.log.findLast((line) => line.startsWith("KINORA_")) ?? "", expected);
    }
  });

  it("registers once, keeps its token for itself, and waits for a home that is away", async () => {
    const asked: string[] = [];
    let failures = 2;
    answer = (path, body) => {
      asked.push(path);
      if (failures-- > 0) return [503, {}];
      if (path === "") return [200, success({ id: 7, runner_token: `krun_7_${String(body["name"])}` })];
      return [200, success({ job: null, wait: 0.5 })];
    };
    const folder = await mkdtemp(join(tmpdir(), "kinora-runner-"));
    {
      const started = await RunnerProcess.start({ ...environment(), KINORA_RUNNER_NAME: "cellar" }, folder);
      await until(() => asked.includes("/jobs"), { said: () => started.log.join("\n") });
      assert.deepEqual(asked.slice(0, 3), ["", "", ""]);
      const file = join(folder, "runner/runner.json");
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      assert.equal(JSON.parse(await readFile(file, "utf8")).token, "krun_7_cellar");
      assert.equal((await started.stop()).code, 0);
    }
    asked.length = 0;
    answer = (path) => {
      asked.push(path);
      return refusal(401, "runner.refused")(path, {});
    };
    await using again = await RunnerProcess.start({ KINORA_RUNNER_URL: url() }, folder);
    assert.equal((await again.exited).code, 2);
    assert.deepEqual(asked, ["/jobs"]);
    assert.match(again.log.at(-1) ?? "", /^KINORA_RUNNER_TOKEN: .* has removed this runner: remove .*runner\.json/);
  });

  it("refuses the data folder of a runner of another home", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kinora-runner-"));
    answer = (path) => [200, success(path === "" ? { id: 7, runner_token: "krun_7_x" } : { job: null, wait: 1 })];
    const started = await RunnerProcess.start(environment(), folder);
    await until(() => started.log.some((line) => line.includes("the runner takes jobs")));
    await started.stop();
    await using other = await RunnerProcess.start({ KINORA_RUNNER_URL: "https://other.example" }, folder);
    assert.equal((await other.exited).code, 2);
    assert.match(other.log.at(-1) ?? "", /^KINORA_RUNNER_URL: this data folder belongs to a runner of /);
  });

  it("reads the registration token from a file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kinora-token-"));
    const file = join(folder, "token");
    await writeFile(file, "kreg_1_secret\n");
    const tokens: unknown[] = [];
    answer = (_, body) => {
      tokens.push(body["registration_token"]);
      return refusal(401, "runner.registration_refused")("", {});
    };
    await using started = await RunnerProcess.start({ KINORA_RUNNER_URL: url(), KINORA_RUNNER_TOKEN_FILE: file });
    assert.equal((await started.exited).code, 2);
    assert.deepEqual(tokens, ["kreg_1_secret"]);
    await rm(folder, { recursive: true });
  });
});

let answer: Answer = () => [500, {}];
const server: Server = createServer((request, response) => {
  void bodyOf(request).then((body) => {
    const [status, given] = answer((request.url ?? "").replace("/api/v1/runners", ""), body);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(given));
  });
});

const bodyOf = async (request: IncomingMessage) => (await json(request)) as Readonly<Record<string, unknown>>; // Runners send objects.
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // It listens on a port.
const environment = () => ({ KINORA_RUNNER_URL: url(), KINORA_RUNNER_TOKEN: "kreg_1_secret" });
const success = (data: object) => ({ code: 0, message: "success", data });
const refusal =
  (status: number, error: string): Answer =>
  () => [status, { code: status, message: "no", data: null, error, trace_id: "" }];
