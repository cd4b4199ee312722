import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { stripTypeScriptTypes } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { openBrowser } from "../../test/browser/browser.ts";
import { percentile } from "../../test/fault/crash/crash-loop.ts";
import { median, record } from "../record.ts";

/*
 * How long frames take while messages fly over the picture of a live room: 100 of them at once, and 1,000, with the code
 * of the page and nothing beside it. Short messages in a large picture, since lanes keep them from touching.
 */
const [few, many] = [100, 1_000] as const;
const goal = 2;
/** As long as a message flies. */
const crossingS = 8;
const measuredMs = 10_000;
const viewport = { width: 1_920, height: 1_080 };

const web = join(import.meta.dirname, "../../web/src");
const server = createServer((request, response) => {
  const [path = "/"] = (request.url ?? "/").split("?");
  if (path === "/") {
    response.setHeader("content-type", "text/html");
    response.end('<canvas style="position:fixed;inset:0;width:100%;height:100%"></canvas>');
    return;
  }
  response.setHeader("content-type", "text/javascript");
  void readFile(join(web, path), "utf8").then(
    (source) => response.end(stripTypeScriptTypes(source)),
    () => response.writeHead(404).end(),
  );
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address() as AddressInfo; // It listens on a port.
const browser = await openBrowser("whole");

/** Milliseconds between frames, and how many messages each frame drew. */
async function framesWith(count: number): Promise<{ readonly gapsMs: number[]; readonly flying: number }> {
  const page = await browser.newPage({ viewport });
  await page.goto(`http://127.0.0.1:${port}/`);
  const program = `(async () => {
    const { airOf } = await import("/live/danmaku/air.ts");
    let drawn = 0;
    const draw = CanvasRenderingContext2D.prototype.drawImage;
    CanvasRenderingContext2D.prototype.drawImage = function (...given) { drawn++; return draw.apply(this, given); };
    const air = airOf(document.querySelector("canvas"), 1);
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    let said = 0;
    const begunMs = performance.now();
    setInterval(() => {
      const due = ((performance.now() - begunMs) / 1_000) * ${count / crossingS};
      for (; said < due; said++) air.add(String(said % 10), 0xffffff, false);
    }, 10);
    await new Promise((resolve) => setTimeout(resolve, ${(crossingS + 2) * 1_000}));
    const [gapsMs, flying] = [[], []];
    let lastMs = await new Promise(requestAnimationFrame);
    const endMs = lastMs + ${measuredMs};
    while (lastMs < endMs) {
      drawn = 0;
      const nowMs = await new Promise(requestAnimationFrame);
      gapsMs.push(nowMs - lastMs);
      flying.push(drawn);
      lastMs = nowMs;
    }
    return { gapsMs, flying: flying.toSorted((a, b) => a - b)[flying.length >> 1] };
  })()`;
  const frames = await page.evaluate<{ gapsMs: number[]; flying: number }>(program);
  await page.close();
  return frames;
}

const measured = [];
for (const count of [few, many]) measured.push({ count, ...(await framesWith(count)) });
await browser.close();
server.close();
const p95 = (gaps: readonly number[]) =>
  percentile(
    gaps.toSorted((a, b) => a - b),
    0.95,
  );
const [some, all] = measured;
const ratio = p95(all?.gapsMs ?? []) / p95(some?.gapsMs ?? []);
await record("danmaku", [
  `Chromium without a graphics processor, ${viewport.width} × ${viewport.height}.`,
  "",
  "| messages wanted at once | drawn in the median frame | median frame | 95 of 100 frames |",
  "|---|---|---|---|",
  ...measured.map(
    ({ count, gapsMs, flying }) =>
      `| ${count} | ${flying} | ${median(gapsMs).toFixed(1)} ms | ${p95(gapsMs).toFixed(1)} ms |`,
  ),
  "",
  `- 95 of 100 frames: ${ratio.toFixed(2)} times; the goal is ${goal} times.`,
]);
