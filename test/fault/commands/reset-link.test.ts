import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Instance } from "../../instance/instance.ts";
import { startOnTemplate } from "../../instance/template.ts";

describe("npm run user -- reset-link", () => {
  before(async () => {
    instance = await startOnTemplate();
  });
  after(() => instance[Symbol.asyncDispose]());

  it("lets a user sign in again, next to a running server and without one (S3.6)", async () => {
    await post("/api/v1/users/register", { username: "Mira", password: "forgotten horse" });
    await setBy(await link("mira"), "a better horse");
    await instance.stop();
    const address = await link("MIRA", "--public-url", "https://video.example/");
    assert.match(address, /^https:\/\/video\.example\/reset#[\w-]{32}$/);
    await instance.restart();
    await setBy(address, "the best horse");
    const again = await post("/api/v1/auth/password/reset", {
      token: address.split("#")[1],
      password: "another horse",
    });
    assert.deepEqual([again.status, again.body.error], [400, "auth.bad_reset"]);
  });

  it("reports an unknown user and invalid arguments", async () => {
    const nobody = await run("reset-link", "nobody");
    assert.deepEqual([nobody.code, nobody.error], [1, "nobody is called nobody\n"]);
    for (const args of [["fly"], ["reset-link"], ["reset-link", "--data"], []]) {
      const { code, error } = await run(...args);
      assert.deepEqual([code, /reset-link NAME/.test(error)], [2, true]);
    }
  });
});

let instance: Instance;

async function link(name: string, ...flags: string[]): Promise<string> {
  const { code, text, error } = await run("reset-link", name, ...flags);
  assert.deepEqual([code, error], [0, ""]);
  return text.split("\n")[0] ?? "";
}

/** Sets the password by the link, and signs in with it. */
async function setBy(made: string, password: string): Promise<void> {
  const set = await post("/api/v1/auth/password/reset", { token: made.split("#")[1], password });
  assert.equal(set.status, 200, JSON.stringify(set.body));
  assert.equal((await post("/api/v1/users/login", { username: "mira", password })).status, 200);
}

async function post(path: string, body: object): Promise<{ status: number; body: { error?: string } }> {
  const answer = await fetch(instance.url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as { error?: string } }; // The envelope.
}

const run = (...args: string[]): Promise<{ code: number; text: string; error: string }> =>
  new Promise((resolve) => {
    const cli = join(import.meta.dirname, "../../../cmd/cli.ts");
    execFile(
      process.execPath,
      [cli, "user", ...args, ...(args.length > 1 && args[1] !== "--data" ? ["--data", instance.data] : [])],
      (failure, text, error) => resolve({ code: Number(failure?.code ?? 0), text, error }),
    );
  });
