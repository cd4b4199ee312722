import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { systemChildren } from "./children.ts";
import { type SandboxLevel, sandboxLevels } from "./denials.ts";
import { resolveFfmpeg } from "./ffmpeg.ts";
import { fileUrl, input } from "../lock.ts";
import { run } from "./run.ts";
import { chooseSandbox, waysTo } from "./sandbox.ts";
import { folder, testTools, without } from "../testing.ts";

const tools = await testTools();
const skip = without(tools, "FFmpeg");

test("FFmpeg on the search path is found with its capabilities", { skip }, () => {
  assert.match(tools?.ffmpeg.version ?? "", /\d/);
  assert.ok(tools?.ffmpeg.capabilities.includes("libx264"));
});

test("a configured FFmpeg that cannot be used is an error, without a fallback to another one", { skip }, async (t) => {
  const searchPath = process.env["PATH"] ?? "";
  for (const [configured, why] of [
    ["/nonexistent/ffmpeg", /does not run/],
    ["no-such-ffmpeg", /not on the search path/],
    [await printing(await folder(t), "hello"), /is not FFmpeg/],
    [await printing(await folder(t), old), /older than 5\.1/],
    [await printing(await folder(t), recent), /lacks libx264/],
  ] as const)
    await assert.rejects(resolveFfmpeg({ configured, searchPath }), why);
});

test("the provided FFmpeg is used when the search path has none or an old one", { skip }, async (t) => {
  const [at, searchPath] = [await folder(t), await folder(t)];
  await printing(searchPath, old);
  assert.equal(await resolveFfmpeg({ searchPath, provided: join(at, "absent") }), undefined);
  const provided = await program(at, "ffmpeg", `exec '${tools?.ffmpeg.path}' "$@"`);
  for (const path of ["/nonexistent", searchPath])
    assert.equal((await resolveFfmpeg({ searchPath: path, provided }))?.origin, "provided");
});

test("an FFmpeg that is too old does not hide a newer one behind it on the search path", { skip }, async (t) => {
  const [first, second] = [await folder(t), await folder(t)];
  await printing(first, old);
  const path = await program(second, "ffmpeg", `exec '${tools?.ffmpeg.path}' "$@"`);
  assert.equal((await resolveFfmpeg({ searchPath: [first, second].join(delimiter) }))?.path, path);
});

test("the provided FFmpeg has only the ffprobe beside it", { skip }, async (t) => {
  const [at, searchPath] = [await folder(t), await folder(t)];
  const provided = await program(at, "ffmpeg", `exec '${tools?.ffmpeg.path}' "$@"`);
  await program(searchPath, "ffprobe", "echo ffprobe version 7.0");
  assert.equal((await resolveFfmpeg({ searchPath, provided }))?.ffprobe, undefined);
  const beside = await program(at, "ffprobe", "echo ffprobe version 7.0");
  assert.equal((await resolveFfmpeg({ searchPath, provided }))?.ffprobe, beside);
});

test("the strongest sandbox level that works on this system is chosen", {
  skip,
}, async () => {
  const works = async (level: SandboxLevel): Promise<boolean> => {
    const sandbox = await chooseSandbox(systemChildren, [tools?.ffmpeg.path ?? "", "-version"], level);
    return sandbox.level === level;
  };
  const chosen = sandboxLevels.indexOf(tools?.sandbox.level ?? "none");
  assert.ok(await works(sandboxLevels[chosen] ?? "none"));
  for (const above of sandboxLevels.slice(0, chosen)) assert.equal(await works(above), false, above);
});

test("sandbox levels with a file view show a child only its input and the loopback interface", { skip }, async (t) => {
  const at = await folder(t);
  await writeFile(join(at, "input"), "");
  await writeFile(join(at, "neighbour"), "");
  const limits = { cpuSeconds: 5, fileBytes: 1000 };
  for (const level of ["bwrap", "namespaces"] as const)
    for (const sandbox of waysTo(level)) {
      const inside = (...program: string[]) =>
        run(systemChildren, {
          command: sandbox.wrap(program, limits, { inputs: [join(at, "input")] }),
          deadlineMs: 60_000,
        });
      if ((await inside("/bin/true").catch(() => undefined)) === undefined) continue;
      assert.equal((await inside("/bin/ls", at)).output, "input\n");
      const { output } = await inside("/bin/cat", "/proc/self/net/dev");
      assert.deepEqual(
        [...output.matchAll(/^\s*(\w+):/gm)].map((match) => match[1]),
        ["lo"],
      );
    }
});

test("an input is opened with its own demuxer, from files only, and never as an option (S4.4)", () => {
  const args = input("mov", "/data/-evil.mp4");
  assert.deepEqual(args.slice(-2), ["-i", "file:/data/-evil.mp4"]);
  assert.equal(args[args.indexOf("-f") + 1], "mov");
  assert.equal(args[args.indexOf("-protocol_whitelist") + 1], "file,pipe");
  for (const path of ["-i", "http://127.0.0.1/", "clip.mp4", "concat:a|b", "/a\0b"]) assert.throws(() => fileUrl(path));
});

const old = "ffmpeg version 4.1 Copyright\\nlibavutil      56. 22.100 / 56. 22.100";
const recent = "ffmpeg version 7.0 Copyright\\nlibavutil      59.  8.100 / 59.  8.100";

/** A program called ffmpeg that prints one thing whatever it is asked. */
const printing = (at: string, words: string) => program(at, "ffmpeg", `printf '${words}\\n'`);

async function program(at: string, name: string, script: string): Promise<string> {
  const path = join(at, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}
