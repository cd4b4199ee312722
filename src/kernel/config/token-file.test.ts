import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { silentLog } from "../log/port.ts";
import { TokenFile } from "./token-file.ts";

describe("a token in a file", () => {
  before(async () => void (folder = await mkdtemp(join(tmpdir(), "kinora-token-"))));
  beforeEach(async () => {
    path = join(folder, "token");
    await writeFile(path, `${first}\n`);
  });
  after(() => rm(folder, { recursive: true }));

  it("is accepted, and nothing that resembles it", async () => {
    const token = await open();
    assert.ok(await token.matches(first));
    for (const text of ["", first.slice(1), `${first}x`, first.toLowerCase(), `${first}\n`])
      assert.ok(!(await token.matches(text)), text);
  });

  it("is replaced with its file, and stays while that is wrong, with one log line", async () => {
    const lines: string[] = [];
    const token = await open({ ...silentLog, error: (message) => void lines.push(message) });
    const second = randomBytes(32).toString("base64url");
    await writeFile(path, second);
    await token.read();
    assert.deepEqual([await token.matches(first), await token.matches(second)], [false, true]);
    await writeFile(path, "short");
    for (let n = 0; n < 3; n++) await token.read();
    assert.ok(await token.matches(second));
    assert.deepEqual(lines, ["a token cannot be read again: the one before stays valid"]);
  });

  it("is refused at the start when it is absent or weak, without its text", async () => {
    await writeFile(path, "secret-of-nobody");
    await assert.rejects(open(), {
      name: "ConfigError",
      message: `KINORA_TOKEN_FILE: the token in ${path} must have at least 32 characters`,
    });
    path = "/nowhere";
    await assert.rejects(open(), { message: "KINORA_TOKEN_FILE: the file /nowhere cannot be read" });
  });
});

let folder = "";
let path = "";
const first = randomBytes(32).toString("base64url");
const open = (log = silentLog) => TokenFile.open("KINORA_TOKEN_FILE", path, log);
