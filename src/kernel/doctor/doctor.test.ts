import assert from "node:assert/strict";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { examine, type Finding } from "./doctor.ts";
import { ok } from "#kernel/doctor/finding";
import { usualLimits } from "#kernel/http/limits";

describe("the doctor", () => {
  before(async () => void (folder = await mkdtemp(join(tmpdir(), "kinora-doctor-"))));
  after(() => rm(folder, { recursive: true }));

  it("lists its checks, with a remedy for each that is not in order", async () => {
    const findings = await look();
    const names = [
      "configuration",
      "limits",
      "Node",
      "data folder",
      "disk",
      "database",
      "cache",
      "FFmpeg",
      "decoders",
      "public port",
    ];
    assert.deepEqual(
      findings.map(({ name }) => name),
      names,
    );
    for (const { name, state, says, mend } of findings) {
      assert.ok(says.length > 0, name);
      assert.equal(mend === "", state === "ok", `${name}: ${says}`);
    }
    assert.match(of(findings, "database").says, /PostgreSQL \d+ from its package, run /);
  });

  it("lists every limit with its effective value", async () => {
    const { state, says } = of(await look([], { KINORA_LIMIT_HEADERS: "3s", KINORA_LIMIT_LOOPBACK: "on" }), "limits");
    assert.equal(state, "ok");
    assert.match(says, /^KINORA_LIMIT_HEADERS=3000 KINORA_LIMIT_BODY=30000 .*KINORA_LIMIT_LOOPBACK=on /);
    assert.ok(Object.keys(usualLimits).length - 1 <= says.split(" ").length, says);
  });

  it("warns of an unreachable Redis, and accepts an installation without one", async () => {
    assert.match(of(await look(), "cache").says, /in each process/);
    const { state, says } = of(await look([], { KINORA_REDIS_URL: "redis://:secret@127.0.0.1:1" }), "cache");
    assert.equal(state, "warn");
    assert.match(says, /^Redis at 127\.0\.0\.1:1 is away: .*ECONNREFUSED/);
  });

  it("warns of a replica that does not answer", async () => {
    const at = {
      KINORA_DB_URL: "postgres://a:secret@127.0.0.1:1/x",
      KINORA_DB_REPLICA_URLS: "postgres://b:secret@127.0.0.1:2/x",
    };
    const { state, says } = of(await look([], at), "replica");
    assert.equal(state, "warn");
    assert.match(says, /^PostgreSQL at 127\.0\.0\.1:2 does not answer: .*ECONNREFUSED/);
    assert.doesNotMatch(says, /secret/);
  });

  it("reports mistakes in the configuration and continues with its other checks", async () => {
    const findings = await look(["--port", "many"], { KINORA_HSOT: "x" });
    const wrong = findings.filter(({ name, state }) => name === "configuration" && state === "missing");
    assert.deepEqual(
      wrong.map(({ says }) => says),
      [
        "KINORA_HSOT: there is no such setting, see --help",
        "--port: must be a whole number from 0 to 65535 (it is `many`)",
      ],
    );
    assert.ok(findings.length > 6);
  });

  it("distinguishes a port in use from a free one", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    const flags = ["--port", String(address.port)];
    assert.equal(of(await look(flags), "public port").state, "warn");
    server.close();
    await once(server, "close");
    assert.equal(of(await look(flags), "public port").state, "ok");
  });

  it("reports an FFmpeg that is too old, broken or missing", async () => {
    const program = join(folder, "ffmpeg");
    const findingOf = async (text: string) => {
      await writeFile(program, `#!/bin/sh\n${text}\n`);
      await chmod(program, 0o755);
      return of(await look([], { PATH: folder }), "FFmpeg");
    };
    assert.match(
      (await findingOf("echo ffmpeg version 4.4.2-0ubuntu")).says,
      /^4\.4\.2-0ubuntu .* is older than 5\.1$/,
    );
    assert.equal((await findingOf("exit 3")).state, "missing");
    assert.match((await findingOf('echo "ffmpeg version 5.1.9"')).says, /lacks libx264, aac$/);
    await rm(program);
    assert.equal(of(await look([], { PATH: folder }), "FFmpeg").state, "missing");
  });

  it("reports a data folder that is a file, and an incomplete database", async () => {
    await writeFile(join(folder, "file"), "");
    assert.equal(of(await look(["--data", "file"]), "data folder").state, "missing");
    await mkdir(join(folder, "broken/postgres"), { recursive: true });
    assert.match(of(await look(["--data", "broken"]), "database").says, /not a whole database/);
  });
});

let folder: string;
const root = join(import.meta.dirname, "../../..");
const look = (argv: readonly string[] = [], env: Record<string, string> = { PATH: process.env["PATH"] ?? "" }) =>
  examine(argv, env, folder, root, async () => [ok("decoders", "they are looked at elsewhere")], {
    names: ["gateway", "video"],
    aliases: {},
  });

function of(findings: readonly Finding[], name: string): Finding {
  const match = findings.find((finding) => finding.name === name);
  assert.ok(match);
  return match;
}
