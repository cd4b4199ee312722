import { openAsBlob } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { Kinora } from "../../sdk/client.ts";
import { SignIn } from "../../sdk/sign-in.ts";
import { upload } from "../../sdk/upload.ts";
import { openBrowser, phone, visit } from "../../test/browser/browser.ts";
import { Instance } from "../../test/instance/instance.ts";
import { settled } from "../../test/instance/tables.ts";
import { administrator } from "../../test/instance/template.ts";
import { until } from "../../test/until.ts";
import { median, record } from "../record.ts";

/*
 * The feed on a phone: what a visitor's first page loads and when it shows something over 1.6 Mbit/s and 150 ms, and
 * what swiping through 60 videos costs. Times depend on the machine; bytes and memory do not.
 */
const visits = 5;
const swipes = 60;
const line = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };

await using instance = await demo();
const browser = await openBrowser();
try {
  const firsts: First[] = [];
  for (let n = 0; n < visits; n++) firsts.push(await firstPage(browser));
  await publishMore();
  const swiped = await swipe(browser);
  const at = (of: (first: First) => number) => {
    const all = firsts.map(of);
    return `${Math.round(median(all))} (${Math.round(Math.min(...all))}–${Math.round(Math.max(...all))})`;
  };
  await record("feed", [
    `Debian's Chromium, 390 × 844, empty caches, no session; the demonstration clips first. Median of ${visits} visits.`,
    "",
    "| first page, 1.6 Mbit/s and 150 ms | measured | goal |",
    "|---|---|---|",
    `| cover, ms | ${at(({ coverMs }) => coverMs)} | ≤ 1500 |`,
    `| first frame, ms | ${at(({ frameMs }) => frameMs)} | ≤ 4000 |`,
    `| scripts of the app before the first frame, bytes | ${at(({ appBytes }) => appBytes)} | ≤ 110 kB |`,
    `| player, bytes | ${at(({ playerBytes }) => playerBytes)} | |`,
    `| all before the first frame, bytes | ${at(({ allBytes }) => allBytes)} | |`,
    "",
    `| ${swipes} videos, one after the other | measured | goal |`,
    "|---|---|---|",
    `| next first frame, ms: median, 90 % | ${swiped.frameMs.join(", ")} | ≤ 300 |`,
    `| longest task while swiping, ms | ${swiped.longestTaskMs} | ≤ 100 |`,
    `| heap after the second, after the last, MB | ${swiped.heapMb.join(", ")} | + 10 at most |`,
    `| elements of the page after the second, after the last | ${swiped.nodes.join(", ")} | |`,
    `| \`<video>\` at once | ${swiped.videos} | ≤ 3 |`,
  ]);
} finally {
  await browser.close();
}

/** A server with the demonstration clips. */
async function demo(): Promise<Instance> {
  const server = await Instance.start({
    flags: ["--demo"],
    env: {
      KINORA_ADMIN_USERNAME: administrator.username,
      KINORA_ADMIN_PASSWORD: administrator.password,
      KINORA_RATE_LIMIT: "off",
    },
  });
  await until(async () => (await countFeed(server)) >= 24, { waitMs: 900_000 });
  await settled(server, 900_000);
  return server;
}

/** How many videos the feed has, up to 50. */
async function countFeed({ url }: Instance): Promise<number> {
  const answer = await fetch(`${url}/api/v1/recommend/feed?limit=50`);
  const { data } = (await answer.json()) as { data: { list: unknown[] } }; // The contract's own shape.
  return data.list.length;
}

/** One more video for each swipe. */
async function publishMore(): Promise<void> {
  const signIn = await SignIn.begin({ baseUrl: instance.url }, administrator);
  const kinora = new Kinora({ baseUrl: instance.url, token: signIn.token });
  const file = await openAsBlob(join(import.meta.dirname, "../../test/media/basic-720p.mp4"));
  for (let n = 0; n < swipes; n++) {
    const { media_id: mediaId } = await upload(kinora, { file, name: `${n}.mp4` });
    if (mediaId === null) throw new Error("the clip is not a video");
    await kinora.ask("video.create", { body: { title: `Clip ${n}`, media_id: mediaId } });
  }
  await until(async () => (await countFeed(instance)) >= 50, { waitMs: 300_000 });
}

interface First {
  readonly coverMs: number;
  readonly frameMs: number;
  readonly appBytes: number;
  readonly playerBytes: number;
  readonly allBytes: number;
}

async function firstPage(browser: Browser): Promise<First> {
  const { page, context } = await visit(browser, phone);
  await context.addInitScript(`
    const note = (name) => (window[name] ??= performance.now());
    document.addEventListener("load", ({ target }) => target.naturalWidth > 200 && note("coverMs"), true);
    document.addEventListener("loadeddata", () => note("frameMs"), true);`);
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", line);
  const urls = new Map<string, string>();
  const files: { url: string; bytes: number; endMs: number }[] = [];
  let beganS = 0;
  devtools.on("Network.requestWillBeSent", ({ requestId, request, timestamp }) => {
    beganS ||= timestamp;
    urls.set(requestId, request.url);
  });
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength, timestamp }) => {
    files.push({
      url: urls.get(requestId) ?? "",
      bytes: encodedDataLength,
      endMs: (timestamp - beganS) * 1_000,
    });
  });
  await page.goto(instance.url, { waitUntil: "commit" });
  await until(() => page.evaluate<boolean>("window.frameMs !== undefined"));
  const { coverMs, frameMs } = await page.evaluate<First>("({ coverMs: window.coverMs, frameMs: window.frameMs })");
  await context.close();
  const bytesOf = (isMeant: (url: string) => boolean) =>
    files.filter(({ url, endMs }) => endMs <= frameMs && isMeant(url)).reduce((sum, { bytes }) => sum + bytes, 0);
  const isPlayer = (url: string) => /\/hls-[^/]*\.js$/.test(url);
  return {
    coverMs,
    frameMs,
    appBytes: bytesOf((url) => url.endsWith(".js") && !isPlayer(url)),
    playerBytes: bytesOf(isPlayer),
    allBytes: bytesOf(() => true),
  };
}

interface Swiped {
  readonly frameMs: readonly [number, number];
  readonly longestTaskMs: number;
  readonly heapMb: readonly [string, string];
  readonly nodes: readonly [number, number];
  readonly videos: number;
}

async function swipe(browser: Browser): Promise<Swiped> {
  const { page, context } = await visit(browser, phone);
  const devtools = await context.newCDPSession(page);
  const weigh = async () => {
    await devtools.send("HeapProfiler.collectGarbage");
    const { usedSize } = await devtools.send("Runtime.getHeapUsage");
    const { nodes } = await devtools.send("Memory.getDOMCounters");
    return { mb: (usedSize / 1e6).toFixed(1), nodes };
  };
  const readCard = () =>
    page.evaluate<{ place: string; hasFrame: boolean; videos: number }>(`(() => {
      const card = document.querySelector("article.feed-card:not([inert])");
      const video = card?.querySelector("video");
      const videos = document.querySelectorAll("video").length;
      return { place: card?.getAttribute("aria-posinset"), hasFrame: (video?.readyState ?? 0) >= 2, videos };
    })()`);
  await page.goto(instance.url);
  await until(async () => (await readCard()).hasFrame);
  await page.evaluate(`window.tasks = [];
    new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ type: "longtask" });`);
  const times: number[] = [];
  let [videos, second] = [0, await weigh()];
  for (let n = 1; n <= swipes; n++) {
    const before = await readCard();
    const beganMs = performance.now();
    await page.keyboard.press("ArrowDown");
    await until(async () => {
      const now = await readCard();
      videos = Math.max(videos, now.videos);
      return now.place !== before.place && now.hasFrame;
    });
    times.push(performance.now() - beganMs);
    // As long as a glance.
    await page.waitForTimeout(500);
    if (n === 2) second = await weigh();
  }
  const last = await weigh();
  const tasks = await page.evaluate<number[]>("window.tasks");
  await context.close();
  const sorted = times.toSorted((a, b) => a - b);
  return {
    frameMs: [Math.round(median(sorted)), Math.round(sorted[Math.floor(sorted.length * 0.9)] ?? 0)],
    longestTaskMs: Math.round(Math.max(0, ...tasks)),
    heapMb: [second.mb, last.mb],
    nodes: [second.nodes, last.nodes],
    videos,
  };
}
