import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { systemChildren } from "./process/children.ts";
import { resolveFfmpeg } from "./process/ffmpeg.ts";
import { indexTrack, type TrackIndex } from "./mp4/indexer.ts";
import { chooseSandbox } from "./process/sandbox.ts";
import { mediaContainer, sniffBytesMax } from "./sniff.ts";
import { probe, type Probe } from "./source/probe.ts";
import type { Tools } from "./process/tools.ts";

/** The host's media tools for a test; `undefined` without FFmpeg, where CI is not set. */
export async function testTools(): Promise<Tools | undefined> {
  const ffmpeg = await resolveFfmpeg({
    configured: process.env["KINORA_FFMPEG"],
    searchPath: process.env["PATH"] ?? "",
  });
  if (ffmpeg === undefined) {
    if (process.env["CI"] === "true") throw new Error("CI needs FFmpeg 5.1 or later");
    return undefined;
  }
  const sandbox = await chooseSandbox(systemChildren, [ffmpeg.path, "-version"]);
  return { ffmpeg, sandbox, children: systemChildren };
}

/** The value of `skip` for a test that needs `tool`: a sentence when it is absent. */
export const without = (tool: unknown, name: string): string | false =>
  tool === undefined ? `${name} is not installed` : false;

export const clip = (name: string): string => fileURLToPath(new URL(`../../test/media/${name}`, import.meta.url));

/** A folder that is removed with the test. */
export async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "kinora-media-"));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Sniffs and probes a file, as an upload would be. */
export async function probeFile(tools: Tools, path: string): Promise<Probe> {
  const bytes = await readFile(path);
  return probe(tools, path, mediaContainer(bytes.subarray(0, sniffBytesMax)));
}

export async function indexFile(path: string): Promise<TrackIndex> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return await indexTrack(async (offset, length) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    }, size);
  } finally {
    await file.close();
  }
}
