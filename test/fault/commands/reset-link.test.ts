import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { user } from "../../../cmd/user.ts";
import type { Instance } from "../../instance/instance.ts";
import { sharedInstance } from "../../instance/shared.ts";
import { runAlone, runHere } from "../../process/command.ts";

describe("npm run user -- reset-link", () => {
  before(async () => {
    instance = await sharedInstance();
  });

  it("lets a user sign in again, next to a running server and without one (S3.6)", async () => {
    await post("/api/v1/users/register", { username: "Mira", password: "forgotten horse" });
    const args = ["reset-link", "mira", "--data", instance.data];
    await setBy(linkIn(await runAlone("user", args)), "a better horse");
    await instance.stop();
    const address = linkIn(await run("reset-link", "MIRA", "--public-url", "https://video.example/"));
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

function linkIn({ code, text, error }: Awaited<ReturnType<typeof run>>): string {
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

const run = (...args: string[]) =>
  runHere(user, args.length > 1 && args[1] !== "--data" ? [...args, "--data", instance.data] : args);
