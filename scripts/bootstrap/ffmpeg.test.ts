import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { installedFolder } from "./ffmpeg.mjs";

describe("the FFmpeg that is installed", () => {
  before(async () => {
    home = await mkdtemp(join(tmpdir(), "kinora-programs-"));
  });
  after(() => rm(home, { recursive: true }));

  it("is the first one that is new enough", async () => {
    const [old, current] = [await program("old", says("4.4.1")), await program("current", says("5.1.9-0+deb12u1"))];
    assert.equal(await installedFolder([join(home, "none"), old, current].join(delimiter)), current);
    assert.equal(await installedFolder(old), undefined);
  });

  it("is asked again after it failed once", async () => {
    const folder = await program("once", `[ -e "$0.asked" ] || { : > "$0.asked"; exit 1; }\n${says("7.1.2")}`);
    assert.equal(await installedFolder(folder), undefined);
    assert.equal(await installedFolder(folder), folder);
  });
});

let home: string;
const says = (version: string) => `echo "ffmpeg version ${version} Copyright (c) 2000-2026 the FFmpeg developers"`;

/** A folder with a program `ffmpeg` of these lines. */
async function program(name: string, lines: string): Promise<string> {
  const folder = join(home, name);
  await mkdir(folder);
  await writeFile(join(folder, "ffmpeg"), `#!/bin/sh\n${lines}\n`);
  await chmod(join(folder, "ffmpeg"), 0o755);
  return folder;
}
