import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { glob } from "node:fs/promises";
import { transfer } from "../../../cmd/transfer.ts";
import type { Instance } from "../../instance/instance.ts";
import { startOnTemplate } from "../../instance/template.ts";

const administrator = { KINORA_ADMIN_USERNAME: "keeper", KINORA_ADMIN_PASSWORD: "correct horse battery" };

describe("npm run transfer", () => {
  before(async () => {
    archive = await mkdtemp(join(tmpdir(), "kinora-archive-"));
    const env = { ...administrator, KINORA_BLOB_STORES: `archive=file:${archive}`, KINORA_TRANSFER_GRACE: "0s" };
    instance = await startOnTemplate({ env });
  });
  after(async () => {
    await instance[Symbol.asyncDispose]();
    await rm(archive, { recursive: true, force: true });
  });

  it("moves and verifies the files of a running server, and reports results and damage", async () => {
    const bytes = randomBytes(100_000);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const { token } = await json("/api/v1/users/login", {
      username: "keeper",
      password: administrator.KINORA_ADMIN_PASSWORD,
    });
    const sent = await fetch(`${instance.url}/api/v1/upload?name=a.bin&purpose=drive`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/octet-stream" },
      body: bytes,
    });
    assert.equal(sent.status, 200);
    const moved = await run("move", "--from", "default", "--to", "archive", "--space", "upload");
    assert.deepEqual([moved.code, moved.error], [0, ""]);
    assert.match(moved.text, /done: 1 of 1 objects, 100 % of 0\.1 MiB/);
    assert.deepEqual(await objectsIn(archive), [sha256]);
    assert.deepEqual(await objectsIn(join(instance.data, "blobs")), []);
    assert.equal((await run("verify", "--store", "archive")).code, 0);
    const stores = await run("stores");
    assert.deepEqual([stores.code, stores.text], [0, "✔ default (the default)\n✔ archive\n"]);
    const id = moved.text.match(/^\d+/)?.[0] ?? "";
    assert.match((await run("status", id)).text, new RegExp(`^${id}  move default → archive  done`));
    assert.match((await run("status")).text, /verify archive {2}done[^]*move default/);

    const [path = ""] = await Array.fromAsync(glob("upload/*/*/*", { cwd: archive }));
    await writeFile(join(archive, path), randomBytes(100_000));
    const damaged = await alone("verify", "--store", "archive");
    assert.equal(damaged.code, 1);
    assert.match(damaged.text, /✖ upload\/[0-9a-f]{64}: its bytes are not those that were stored/);
  });

  it("reports invalid arguments, an unreachable server and an invalid token", async () => {
    for (const [code, says, ...args] of [
      [2, /say which store: --from/, "move", "--to", "archive"],
      [2, /there is no store of this name/, "move", "--from", "default", "--to", "nowhere"],
      [2, /another one/, "move", "--from", "default", "--to", "default"],
      [2, /--rate must be a size/, "verify", "--store", "archive", "--rate", "fast"],
      [2, /no command fly/, "fly"],
      [2, /say which transfer/, "cancel", "everything"],
      [2, /no such transfer/, "status", "5"],
      [2, /Unknown option/, "status", "--nothing"],
    ] as const) {
      const answer = await run(...args);
      assert.deepEqual([answer.code, says.test(answer.error)], [code, true], `${args.join(" ")}: ${answer.error}`);
    }
    const nobody = await run("status", "--url", "http://127.0.0.1:1");
    assert.equal(nobody.code, 3);
    assert.match(nobody.error, /no server answers at http:\/\/127\.0\.0\.1:1/);
    const stranger = await execute(["status", "--url", instance.url], { KINORA_TOKEN: "nobody" });
    assert.equal(stranger.code, 3, stranger.error);
    assert.equal((await execute(["--help"], {})).code, 0);
  });
});

let instance: Instance;
let archive: string;

const run = (...args: string[]) =>
  execute(args.includes("--url") ? args : [...args, "--url", instance.url], administrator);

/** As the command of this name runs it, in this process, which has loaded its code once for all. */
async function execute(args: readonly string[], env: Readonly<Record<string, string>>) {
  let [text, error] = ["", ""];
  const output = {
    log: (line: string) => void (text += `${line}\n`),
    error: (line: string) => void (error += `${line}\n`),
  };
  const code = await transfer(args, env, output);
  return { code, text, error };
}

/** In a process of its own, as users run it. */
function alone(...args: string[]) {
  const cli = join(import.meta.dirname, "../../../cmd/cli.ts");
  const env = { PATH: process.env["PATH"], ...administrator };
  const options = { env, cwd: instance.data, timeout: 60_000 };
  return new Promise<{ code: number; text: string }>((resolve) => {
    execFile(process.execPath, [cli, "transfer", ...args, "--url", instance.url], options, (failed, text) => {
      resolve({ code: typeof failed?.code === "number" ? failed.code : failed ? -1 : 0, text });
    });
  });
}

async function json(path: string, body: object): Promise<{ token: string }> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${instance.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  assert.equal(answer.status, 200);
  return ((await answer.json()) as { data: { token: string } }).data; // The contract of sign-in.
}

const objectsIn = async (folder: string): Promise<string[]> =>
  (await Array.fromAsync(glob("upload/*/*/*", { cwd: folder }))).map((path) => path.split("/").at(-1) ?? "");
