import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { becomes, desktop, openBrowser, visit } from "../../test/browser/browser.ts";
import { Instance } from "../../test/instance/instance.ts";
import { Client } from "../client.ts";
import { makeClip } from "./clip.ts";
import { median, record } from "../record.ts";

/*
 * From the last byte of a 100 MB compatible source to the first segment answered with 200, and to the first frame in
 * Chromium.
 */
const rounds = 3;
const folder = await mkdtemp(join(tmpdir(), "kinora-bench-"));
const clip = makeClip(folder, 100);
const { size } = await stat(clip);
await using instance = await Instance.start({ env: { KINORA_RATE_LIMIT: "off" } });
const client = new Client(instance.url);
await client.register("bench");
const browser = await openBrowser("whole");
const segments: number[] = [];
const frames: number[] = [];
for (let i = 0; i < rounds; i++) {
  // A tab that is open already: what is counted is Kinora's work and the page's, not how a browser starts.
  const { page, context } = await visit(browser, desktop);
  await page.goto(`${instance.url}/ping`);
  const { id, sentAt } = await client.upload(clip);
  const video = await client.ask<{ id: number }>("/videos", { title: `round ${i}`, media_id: id });
  await firstSegment(video.id);
  segments.push(performance.now() - sentAt);
  await page.goto(`${instance.url}/watch/${video.id}`);
  await becomes(page, `document.querySelector("video")?.readyState >= 2`);
  frames.push(performance.now() - sentAt);
  await context.close();
  await waitUntilReady(id);
}
await browser.close();
await rm(folder, { recursive: true });
const row = (what: string, times: readonly number[], goal: string) =>
  `| ${what} | ${(median(times) / 1_000).toFixed(2)} s (${(Math.min(...times) / 1_000).toFixed(2)}–${(Math.max(...times) / 1_000).toFixed(2)}) | ${goal} |`;
await record("first-segment", [
  `A source of ${(size / 1e6).toFixed(0)} MB, H.264 and AAC, 60 s; ${rounds} rounds; counted from its last byte.`,
  "",
  "| to | measured | goal |",
  "|---|---|---|",
  row("the first segment answered with 200", segments, "≤ 1 s"),
  row("the first frame in Chromium, page included", frames, "≤ 2 s"),
]);

/** All renditions are made: the next round begins on a machine that has nothing else to do. */
async function waitUntilReady(mediaId: number): Promise<void> {
  for (;;) {
    const { status } = await client.ask<{ status: string }>(`/media/${mediaId}/transcode`);
    if (status === "completed") return;
    if (status === "failed") throw new Error("the transcode failed");
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function firstSegment(id: number): Promise<void> {
  for (;;) {
    const master = await fetch(`${instance.url}/api/v1/streaming/${id}/master.m3u8`);
    if (!master.ok) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      continue;
    }
    const variant = (await master.text()).split("\n").find((line) => line !== "" && !line.startsWith("#")) ?? "";
    const address = new URL(variant, master.url);
    const playlist = await (await fetch(address)).text();
    const [, length = 0, offset = 0] = playlist.match(/#EXT-X-BYTERANGE:(\d+)@(\d+)/) ?? [];
    const file = playlist.split("\n").find((line) => line !== "" && !line.startsWith("#")) ?? "";
    const range = `bytes=${offset}-${Number(offset) + Number(length) - 1}`;
    const segment = await fetch(new URL(file, address), { headers: { range } });
    if (segment.status !== 206 || (await segment.arrayBuffer()).byteLength !== Number(length))
      throw new Error("not a segment");
    return;
  }
}
