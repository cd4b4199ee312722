import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { checkCertificates } from "#kernel/certificates/certificates";
import { certs } from "../../cmd/certs.ts";
import { processNames } from "../../cmd/compose/certificates.ts";
import { roleNames } from "../../cmd/services.ts";

describe("npm run certs", () => {
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), "kinora-certs-"));
    folder = join(parent, "authority");
  });
  afterEach(() => rm(parent, { recursive: true }));

  it("makes an authority and certificates by which processes trust each other, with keys for the owner alone", async () => {
    assert.match((await run("init")).stdout, /^the authority is in force until \d{4}-\d\d-\d\d$/);
    assert.equal((await run("issue", "kinora", "player")).code, 0);
    const pem = await filesOf("kinora");
    const { endsAtMs } = checkCertificates(pem, processNames, Date.now());
    assert.equal(Math.round((endsAtMs - Date.now()) / 86_400_000), 365);
    assert.throws(() => checkCertificates({ ...pem, key: "" }, processNames, Date.now()));
    const player = await filesOf("player");
    assert.throws(() => checkCertificates(player, processNames, Date.now()), { file: "cert" });
    for (const name of ["ca-key.pem", "kinora/key.pem", "player/key.pem"])
      assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600, name);
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    assert.deepEqual((await readdir(join(folder, "kinora"))).toSorted(), ["ca.pem", "cert.pem", "key.pem"]);
  });

  it("issues one for the gateway and each service, with the hosts of foreign clients", async () => {
    await run("init");
    await run("issue", "--all", "--days", "30", "--hosts", "grpc.example.org,10.0.0.7");
    const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
    assert.deepEqual(names.map(({ name }) => name).toSorted(), roleNames.toSorted());
    assert.equal((await certificateOf("video")).subjectAltName, "DNS:video, DNS:grpc.example.org, IP Address:10.0.0.7");
  });

  it("overwrites nothing without --force", async () => {
    await run("init");
    await run("issue", "kinora");
    const before = await filesOf("kinora");
    for (const words of [["init"], ["issue", "video", "kinora"]]) {
      const { code, stderr } = await run(...words);
      assert.deepEqual([code, /already.*--force/.test(stderr)], [1, true], stderr);
    }
    assert.deepEqual(await filesOf("kinora"), before);
    await assert.rejects(readFile(join(folder, "video/cert.pem")), { code: "ENOENT" });
    assert.equal((await run("issue", "kinora", "--force")).code, 0);
    assert.notEqual((await filesOf("kinora")).key, before.key);
  });

  it("renews what ends soon, the named or all, with a new key for the same names", async () => {
    await run("init");
    await run("issue", "kinora", "--days", "20", "--hosts", "grpc.example.org");
    await run("issue", "user");
    const [before, user] = [await filesOf("kinora"), await filesOf("user")];
    assert.match((await run("renew")).stdout, /^kinora is in force until \S+$/);
    assert.equal((await certificateOf("kinora")).subjectAltName, "DNS:kinora, DNS:grpc.example.org");
    const renewed = await filesOf("kinora");
    assert.notEqual(renewed.key, before.key);
    checkCertificates(renewed, processNames, Date.now());
    assert.equal((await run("renew")).stdout, "no certificate ends within 30 days");
    assert.deepEqual(await filesOf("user"), user);
    await run("renew", "user");
    assert.notDeepEqual(await filesOf("user"), user);
    assert.match((await run("renew", "--all")).stdout, /^kinora .*\nuser /);
    assert.deepEqual(await run("renew", "video"), { code: 1, stdout: "", stderr: "there is no certificate video" });
  });

  it("shows when each ends, and those of a replaced authority", async () => {
    await run("init");
    await run("issue", "kinora", "player", "--days", "40");
    const { stdout } = await run("show");
    assert.match(
      stdout,
      /^authority: in force until \S+ \(\d+ days\), SHA-256 (?:[0-9A-F]{2}:){31}[0-9A-F]{2}\nkinora: for a process, in force until \S+ \((?:39|40) days\)\nplayer: for a foreign client, in force/,
    );
    await run("init", "--force");
    assert.match((await run("show")).stdout, /^kinora: for a process, of an authority before this one: renew it$/m);
  });

  it("refuses wrong arguments with its usage, and a folder without an authority", async () => {
    for (const words of [
      [],
      ["sign"],
      ["issue"],
      ["issue", "../up"],
      ["issue", "Kinora!"],
      ["issue", "kinora", "--days", "0"],
      ["issue", "kinora", "--hosts", "a b"],
      ["issue", "--all", "kinora"],
      ["show", "kinora"],
      ["init", "--loud"],
    ])
      assert.equal((await run(...words)).code, 2, words.join(" "));
    assert.equal(await runBare(["init"]), 2);
    const { code, stderr } = await run("issue", "kinora");
    assert.deepEqual([code, stderr], [1, "there is no authority in this folder: npm run certs -- init makes one"]);
    assert.match((await run("--help")).stdout, /^npm run certs -- init\|issue\|renew\|show/);
  });
});

let parent = "";
let folder = "";

const runBare = (words: readonly string[]): Promise<number> =>
  certs(words, {}, { log: () => undefined, error: () => undefined });

async function run(...words: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const output = { log: (text: string) => void stdout.push(text), error: (text: string) => void stderr.push(text) };
  const code = await certs([...words, "--out", folder], {}, output);
  return { code, stdout: stdout.join("\n"), stderr: stderr.join("\n") };
}

async function filesOf(name: string) {
  const read = (file: string) => readFile(join(folder, name, `${file}.pem`), "utf8");
  const [cert, key, ca] = await Promise.all([read("cert"), read("key"), read("ca")]);
  return { cert, key, ca };
}

const certificateOf = async (name: string): Promise<X509Certificate> => new X509Certificate((await filesOf(name)).cert);
