import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { systemChildren } from "./children.ts";
import { Supply } from "./supply.ts";

describe("the media tools of a machine", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kinora-ffmpeg-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("are logged once with the known faults of their FFmpeg and the remedy", async () => {
    const [warning, ...more] = await warnings("7.0.0");
    assert.deepEqual(more, []);
    assert.match(warning?.message ?? "", /known faults .* install a newer one/);
    assert.match(String(warning?.fields["says"]), /CVE-2024-7055 and CVE-2025-1594/);
  });

  it("are logged without a warning where the distribution mends its FFmpeg", async () => {
    assert.deepEqual(await warnings("5.1.9-0+deb12u1"), []);
  });
});

let folder: string;

/** The warnings that are logged for an FFmpeg of this version. */
async function warnings(version: string) {
  const program = join(folder, "ffmpeg");
  const answer = `ffmpeg version ${version} Copyright\nlibavutil 59. 8.100\nlibx264 aac scale setsar fps aresample`;
  await writeFile(program, `#!/bin/sh\nprintf '${answer}\\n'\n`);
  await chmod(program, 0o755);
  const logged: { message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const log = { info: () => undefined, warn: (message: string, fields = {}) => void logged.push({ message, fields }) };
  const parts = { configured: program, searchPath: folder, sandbox: "none", children: systemChildren, log } as const;
  const supply = new Supply(parts);
  await Promise.all([supply.tools(), supply.tools()]);
  return logged;
}
