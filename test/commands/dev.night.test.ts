import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { processTree, survivors } from "../process/process-tree.ts";
import { until } from "../until.ts";

const root = join(import.meta.dirname, "../..");
const copied = ["cmd", "src", "demo", "api", "scripts", "sdk", "web", "package.json", "tsconfig.json"];
const file = "src/gateway/operations.ts";

let folder: string;
let dev: ChildProcess;
let url = "";
let output = "";

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "kinora-dev-"));
  for (const name of copied) await cp(join(root, name), join(folder, name), { recursive: true });
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  dev = spawn(process.execPath, ["scripts/dev.ts", "--port", "0", "--data", "data"], { cwd: folder, detached: true });
  for (const stream of [dev.stdout, dev.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      url ||= /^dev +│ open (\S+)$/m.exec(output)?.[1] ?? "";
    });
  await until(() => url !== "", { said: () => output });
});
after(async () => {
  for (const pid of processTree(dev.pid ?? 0).map((one) => one.pid)) kill(pid);
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
});

it("the development server serves the page with hot reload and the API at one address", async () => {
  assert.match(await (await fetch(url)).text(), /\/@vite\/client/);
  assert.equal((await fetch(`${url}/api/v1/instance`)).status, 200);
  assert.match((await fetch(`${url}/src/main.tsx`)).headers.get("content-type") ?? "", /javascript/);
});

it("the development server answers with changed code after a save, even after one that could not start", async () => {
  const original = await readFile(join(folder, file), "utf8");
  await writeFile(join(folder, file), "this is not a program(");
  await until(() => output.includes("did not start"), { said: () => output });
  assert.ok(original.includes('"pong"'));
  await writeFile(join(folder, file), original.replace('"pong"', '"ping pong"'));
  const answer = async (): Promise<unknown> => (await fetch(`${url}/ping`)).json();
  await until(async () => JSON.stringify(await answer().catch(() => null)).includes("ping pong") || undefined, {
    said: () => output,
  });
  await until(() => /reloaded in \d+\.\d s/.test(output) || undefined, { said: () => output });
});

it("the development server reloads after every save by a rename, and after a new file in a new folder", async () => {
  const original = await readFile(join(folder, file), "utf8");
  const reloads = () => output.match(/reloaded in/g)?.length ?? 0;
  const reloaded = async (save: () => Promise<void>) => {
    const before = reloads();
    await save();
    await until(() => reloads() > before, { said: () => output });
  };
  // A watch on the file itself would miss the second.
  for (const round of [1, 2])
    await reloaded(async () => {
      await writeFile(join(folder, "saved"), `${original}// ${round}\n`);
      await rename(join(folder, "saved"), join(folder, file));
    });
  await reloaded(async () => {
    await mkdir(join(folder, "src/policy/new"));
    await writeFile(join(folder, "src/policy/new/file.ts"), "export {};\n");
  });
  await reloaded(() => writeFile(join(folder, "src/policy/new/file.ts"), "export {}; // again\n"));
});

it("the development server ends all its processes at Ctrl-C", async () => {
  const all = processTree(dev.pid ?? 0);
  assert.ok(all.length > 5, "the supervisor, the database, Vite, the server and its successor");
  const ended = once(dev, "exit");
  dev.kill("SIGINT");
  assert.deepEqual(await ended, [0, null]);
  await until(() => survivors(all).length === 0 || undefined);
});

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}
