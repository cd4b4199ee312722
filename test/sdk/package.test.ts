import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import packageJson from "../../package.json" with { type: "json" };
import type * as Sdk from "../../sdk/index.ts";
import type { Instance } from "../instance/instance.ts";
import { startOnTemplate } from "../instance/template.ts";
import { until } from "../until.ts";
import { BrokenLine } from "./broken-line.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const clip = join(root, "test/media/anamorphic-sar.mp4");
const partBytes = 2 ** 20;
const password = "blue bicycle";

describe("the client package", () => {
  before(async () => {
    await run(process.execPath, [join(root, "scripts/sdk.ts")]);
    sdk = (await import(join(root, "sdk/dist/index.js"))) as typeof Sdk; // Built from it.
    instance = await startOnTemplate({
      env: { KINORA_UPLOAD_CHUNK_MAX: "1 MiB", KINORA_RATE_LIMIT: "off" },
    });
    const visitor = new sdk.Kinora({ baseUrl: instance.url });
    for (const username of ["mira", "tom"]) {
      const session = await visitor.ask("auth.register", { body: { username, password } });
      tokens.set(username, session);
    }
  });
  after(() => instance?.[Symbol.asyncDispose]());

  it("has the name, version and licence of a package to publish, and no dependencies", async () => {
    const text = await readFile(join(root, "sdk/dist/package.json"), "utf8");
    const published = JSON.parse(text) as Record<string, unknown>; // npm's file.
    const { name, version, license, dependencies } = published;
    assert.deepEqual([name, version, license], ["@kinora/client", packageJson.version, packageJson.license]);
    assert.deepEqual([dependencies, published["private"]], [undefined, undefined]);
  });

  it("uploads and publishes a file, lists it, and pages through the feed, by its examples", async () => {
    for (let n = 0; n < 2; n++) {
      const { stdout } = await example("upload", instance.url, "mira", password, clip);
      assert.match(stdout, /^upload \d+\n0 %\n100 %\nvideo \d+ is published/);
    }
    assert.match((await example("list", instance.url, "mira", password)).stdout, /^(?:\d+ public anamorphic.*\n){2}$/);
    const visitor = new sdk.Kinora({ baseUrl: instance.url });
    await until(async () => (await visitor.ask("recommend.videos", {})).list.length === 2);
    assert.match((await example("feed", instance.url, "1")).stdout, /^(?:\d+ anamorphic-sar.mp4, by \w+\n){2}$/);
  });

  it("fails with the code, status and fields of the server's error", async () => {
    const refused = example("list", instance.url, "mira", "red bicycle");
    await assert.rejects(refused, { code: 1, stderr: "auth.bad_credentials: the name or the password is wrong\n" });
    const member = clientOf("mira");
    await assert.rejects(member.ask("video.get", { path: { id: 7 } }), { code: "video.not_found", status: 404 });
    await assert.rejects(member.ask("video.create", { body: { title: "" } }), (error) => {
      assert.ok(error instanceof sdk.KinoraError);
      assert.deepEqual([error.code, error.fields[0]?.field], ["kernel.invalid_input", "title"]);
      return true;
    });
  });

  it("renews a token that was refused, once for concurrent requests", async () => {
    const { token: _, ...session } = tokensOf("tom");
    const renewals: Sdk.Tokens[] = [];
    const baseUrl = instance.url;
    const signIn = new sdk.SignIn({ baseUrl }, { ...session, token: "expired" }, (pair) => renewals.push(pair));
    const member = new sdk.Kinora({ baseUrl, token: signIn.token });
    const answers = await Promise.all([1, 2, 3].map(() => member.ask("user.get", { path: { id: "me" } })));
    assert.deepEqual([answers.map(({ username }) => username), renewals.length], [["tom", "tom", "tom"], 1]);
    tokens.set("tom", signIn.tokens);
  });

  it("repeats a read after a lost connection, and not what changes something", async () => {
    await using line = await BrokenLine.to(instance.url);
    const member = clientOf("mira", line.url);
    line.breakAfter(1);
    assert.equal((await member.ask("user.get", { path: { id: "me" } })).username, "mira");
    line.breakAfter(1);
    await assert.rejects(member.ask("message.ticket", { body: {} }), { code: "network.unreachable", status: 0 });
  });

  it("continues an upload whose connection broke, without sending durable parts again", async () => {
    await using line = await BrokenLine.to(instance.url);
    const file = blobOf(4.5);
    const progress: number[] = [];
    const failures: (string | undefined)[] = [];
    line.breakAfter(2.5 * partBytes);
    const sent = await sdk.upload(clientOf("mira", line.url), {
      file,
      name: "broken.bin",
      purpose: "drive",
      parallel: 1,
      onProgress: (bytes) => progress.push(bytes),
      onWaiting: (error) => failures.push(error?.code),
    });
    assert.equal(sent.sha256, await hashOf(file));
    assert.deepEqual(failures, ["network.unreachable", undefined]);
    assert.deepEqual(progress, [0, ...[1, 2, 3, 4].map((n) => n * partBytes), file.size]);
    const overheadBytes = 65_536;
    assert.ok(line.sentBytes < file.size + partBytes + overheadBytes, `${line.sentBytes} bytes`);
  });

  it("pauses an upload by a signal, and continues it by its id in another client", async () => {
    const file = blobOf(4.5);
    const pause = new AbortController();
    let id = 0;
    let durableBytes = 0;
    const paused = sdk.upload(clientOf("mira"), {
      file,
      name: "paused.bin",
      purpose: "drive",
      parallel: 1,
      signal: pause.signal,
      onBegin: (begun) => (id = begun),
      onProgress(bytes) {
        durableBytes = bytes;
        if (bytes >= 2 * partBytes) pause.abort();
      },
    });
    await assert.rejects(paused, { name: "AbortError" });
    const progress: number[] = [];
    const onProgress = (bytes: number) => void progress.push(bytes);
    const sent = await sdk.upload(clientOf("mira"), { file, name: "paused.bin", id, onProgress });
    assert.ok((progress[0] ?? 0) >= durableBytes && durableBytes > 0, `${durableBytes}, then ${progress.join(", ")}`);
    assert.equal(sent.sha256, await hashOf(file));
    assert.deepEqual(await sdk.upload(clientOf("mira"), { file, name: "paused.bin", id }), sent);
  });

  it("yields each update once and in order, over a line that broke", async () => {
    await using line = await BrokenLine.to(instance.url);
    const contents: string[] = [];
    const end = new AbortController();
    const follow = async () => {
      for await (const update of sdk.updates(clientOf("mira", line.url), { after: 0, signal: end.signal }))
        if (update.type !== "reset" && update.message) contents.push(update.message.content);
    };
    const following = follow();
    await write("one");
    await until(() => contents.length === 1);
    line.cut();
    await write("two");
    line.repair();
    await write("three");
    await until(() => contents.length >= 3);
    line.break();
    await write("four");
    await until(() => contents.length >= 4);
    end.abort();
    await following;
    assert.deepEqual(contents, ["one", "two", "three", "four"]);
  });

  it("follows updates from a number on until it is ended, by its example", async () => {
    const follower = spawn(process.execPath, [examplePath("updates"), instance.url, "mira", password, "0"]);
    const output = outputOf(follower);
    await until(() => /^\d+ message four$/m.test(output.text), { said: () => output.text });
    await write("five");
    await until(() => /^\d+ message five$/m.test(output.text), { said: () => output.text });
    follower.kill("SIGINT");
    assert.equal(await output.closed, 0);
  });

  it("ends the stream of updates with an error when the session is over", async () => {
    const baseUrl = instance.url;
    const signIn = await sdk.SignIn.begin({ baseUrl }, { username: "tom", password });
    const member = new sdk.Kinora({ baseUrl, token: signIn.token });
    await member.ask("auth.logout", { body: {} });
    await assert.rejects(sdk.updates(member).next(), { name: "KinoraError", status: 401 });
  });
});

let sdk: typeof Sdk;
let instance: Instance;
const tokens = new Map<string, Sdk.Tokens>();

function tokensOf(username: string): Sdk.Tokens {
  const session = tokens.get(username);
  assert.ok(session, username);
  return session;
}

const clientOf = (username: string, baseUrl = instance.url): Sdk.Kinora =>
  new sdk.Kinora({ baseUrl, token: () => tokensOf(username).token });

/** Sends a message to the follower of updates. */
async function write(content: string): Promise<void> {
  const tom = clientOf("tom");
  const { id } = await clientOf("mira").ask("user.get", { path: { id: "me" } });
  await tom.ask("message.send", { body: { receiver_id: id, content } });
}

const examplePath = (name: string): string => join(root, `sdk/examples/${name}.ts`);
const example = (name: string, ...args: readonly string[]) => run(process.execPath, [examplePath(name), ...args]);

function outputOf(child: ChildProcess): { text: string; closed: Promise<number | null> } {
  const closed = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  const output = { text: "", closed };
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => (output.text += text));
  return output;
}

/** Bytes of which no two parts are equal. */
const blobOf = (parts: number): Blob =>
  new Blob([Uint8Array.from({ length: parts * partBytes }, (_, n) => (n ^ (n >> 8) ^ (n >> 16)) & 0xff)]);

const hashOf = async (file: Blob): Promise<string> =>
  createHash("sha256")
    .update(await file.bytes())
    .digest("hex");
