import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { loadConfig } from "../../cmd/compose/config.ts";
import { fleetChecks } from "../../cmd/doctor/fleet.ts";
import { keys as runKeys } from "../../cmd/keys.ts";
import type { Instance } from "../instance/instance.ts";
import { failedStart } from "../instance/failed-start.ts";
import { rows } from "../instance/tables.ts";
import { startOnTemplate } from "../instance/template.ts";
import { Person } from "../users/person.ts";

describe("npm run keys", () => {
  before(async () => {
    instance = await startOnTemplate();
    mira = new Person(instance.url, "mira");
    await mira.signUp();
  });
  after(() => instance[Symbol.asyncDispose]());

  it("lists the keys, and rotates one beside a running server, which signs nobody out", async () => {
    const listed = await keys("list");
    assert.equal(listed.code, 0);
    for (const name of ["auth.signing", "streaming.playback", "live.unlock", "message.end-mails"])
      assert.match(listed.stdout, new RegExp(`^${name}: signs since the first start$`, "m"));
    const rotated = await keys("rotate", "auth.signing");
    assert.equal(rotated.stdout, "auth.signing: a new value signs in 60 s");
    assert.match((await keys("list", "auth.signing")).stdout, /^auth\.signing: signs since .*, a new value in \d+ s$/);
    assert.equal((await keys("list")).stdout.match(/a new value/g)?.length, 1);
    assert.equal((await mira.ask("GET", "/users/me")).status, 200);
  });

  it("is looked at by the doctor, with the node numbers", async () => {
    const { config } = loadConfig(["--data", instance.data], {}, instance.data);
    const [keysRow, numbers] = await fleetChecks(config);
    assert.deepEqual([keysRow?.state, numbers?.says], ["ok", "up to 1 of 64 node numbers of a service are held"]);
    const { config: other } = loadConfig(
      ["--data", instance.data],
      { KINORA_CLUSTER_SECRET: randomBytes(32).toString("base64url") },
      "",
    );
    const [wrongSecret] = await fleetChecks(other);
    assert.equal(wrongSecret?.state, "missing");
    assert.match(wrongSecret.says, /sealed with another cluster secret: auth\.factors, auth\.first-run, auth\.signing/);
  });

  it("refuses unknown words and keys with the names that there are", async () => {
    assert.equal((await keys("turn")).code, 2);
    const { code, stderr } = await keys("rotate", "auth.other");
    assert.equal(code, 2);
    assert.match(stderr, /there is no key auth\.other; keys are auth\.signing, auth\.first-run, /);
    assert.match((await keys("--help")).stdout, /^npm run keys -- list\|rotate\|renew/);
  });

  it("voids what a key signed by its renewal, which also answers a lost cluster secret", async () => {
    await instance.stop();
    await rm(join(instance.data, "secrets"), { recursive: true });
    const { code, text } = await failedStart(instance);
    assert.equal(code, 2);
    assert.match(
      text,
      /^Kinora cannot start: the key \S+ in the database is sealed with another cluster secret: set KINORA_CLUSTER_SECRET /m,
    );
    assert.match((await keys("list", "auth.signing")).stdout, /sealed with another cluster secret/);
    assert.equal((await keys("renew")).code, 0);
    await instance.restart();
    assert.equal((await mira.ask("GET", "/users/me")).status, 401);
    assert.equal((await rows(instance.data, "auth", "SELECT FROM keys")).length, 4);
    const again = new Person(instance.url, mira.username);
    await again.signIn();
    assert.equal((await again.ask("GET", "/users/me")).status, 200);
  });
});

let instance: Instance;
let mira: Person;

/** The command in this process: to load all services for each would take a second. */
async function keys(...words: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const flags = words[0] === "--help" ? [] : ["--data", instance.data];
  const output = { log: (text: string) => void stdout.push(text), error: (text: string) => void stderr.push(text) };
  const code = await runKeys([...words, ...flags], {}, output);
  return { code, stdout: stdout.join("\n"), stderr: stderr.join("\n") };
}
