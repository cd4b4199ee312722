import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import type { Browser, BrowserContext, Page, Request } from "playwright-core";
import { Person } from "../../users/person.ts";
import { startOnTemplate } from "../../instance/template.ts";
import { until } from "../../until.ts";
import { becomes, desktop, openBrowser, openSettings, phone, plays, visit } from "../../browser/browser.ts";
import type { Instance } from "../../instance/instance.ts";

/** A page of another site with the player in a frame. */
const embedding = (
  src: string,
) => `<!doctype html><iframe src="${src}" width="640" height="360" allow="autoplay"></iframe>
  <script>
    const received = [];
    const frame = document.querySelector("iframe");
    const post = (message) => frame.contentWindow.postMessage(message, new URL(frame.src).origin);
    addEventListener("message", ({ source, data }) => source === frame.contentWindow && received.push(data));
  </script>`;
/** The colour of a control of the player. */
const accent = `(() => {
  const probe = document.createElement("i");
  probe.style.color = "var(--accent)";
  document.querySelector(".embed").append(probe);
  return getComputedStyle(probe).color;
})()`;

/** The watched videos: a tone of so many decibels more than FFmpeg's own, and its audience. */
const titles = {
  soft: { moreDb: -5, lengthS: 20, visibility: "public" },
  tall: { moreDb: 0, lengthS: 20, visibility: "public" },
  loud: { moreDb: 13, lengthS: 20, visibility: "public" },
  private: { moreDb: 0, lengthS: 120, visibility: "unlisted" },
} as const;
type Title = keyof typeof titles | "quiet";

describe("pages with videos in a real browser", () => {
  before(prepare, { timeout: 600_000 });
  after(async () => {
    await browser?.close();
    await instance?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it("play titles at one loudness, and as recorded when that setting is off", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    await context.addInitScript(meter);
    const soft = await loudnessOf(page, "soft");
    const loud = await loudnessOf(page, "loud");
    assert.ok(Math.abs(soft.evenDb - loud.evenDb) < 2, `alike: ${JSON.stringify({ soft, loud })}`);
    const apart = loud.madeDb - soft.madeDb;
    assert.ok(Math.abs(apart - (titles.loud.moreDb - titles.soft.moreDb)) < 2, `as made: ${apart}`);
    // So quiet a title is turned up as far as that goes, without its noise becoming the loudest there is.
    const quiet = await loudnessOf(page, "quiet");
    assert.ok(Math.abs(quiet.evenDb - quiet.madeDb - 12) < 1, JSON.stringify(quiet));
    assert.deepEqual(complaints, []);
    await context.close();
  });

  for (const [who, calm] of [
    ["a viewer with reduced motion", { reducedMotion: "reduce", savesData: false }],
    ["a viewer with data saving", { reducedMotion: "no-preference", savesData: true }],
  ] as const)
    it(`move no card for ${who}, and show the same text on it`, async () => {
      const { page, context, complaints } = await visit(browser, desktop);
      const lively = await cardsOf(page, { reducedMotion: "no-preference", savesData: false });
      assert.equal(lively.moving, 1);
      const fetched: string[] = [];
      page.on("request", (request) => fetched.push(request.url()));
      const still = await cardsOf(page, calm);
      assert.equal(still.moving, 0);
      assert.deepEqual(still.said, lively.said);
      assert.deepEqual(
        fetched.filter((url) => url.includes("preview")),
        [],
      );
      assert.deepEqual(complaints, []);
      await context.close();
    });

  it("play in a frame of another site, which steers them by messages and receives theirs", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    const src = `${instance.url}/embed/${ids.soft}?color=3b82f6&branding=0`;
    const other = createServer((_, answer) => answer.setHeader("content-type", "text/html").end(embedding(src)));
    await once(other.listen(0, "127.0.0.1"), "listening");
    const { port } = other.address() as AddressInfo; // The address of a TCP server.
    await page.goto(`http://localhost:${port}/`);
    await becomes(page, `received.some(({ kinora, id }) => kinora === "ready" && id === ${ids.soft})`);
    const frame = page.frames().find((one) => one.url() === src);
    assert.ok(frame);
    assert.equal(await frame.locator("video").count(), 0, "a picture until it is asked to play");
    assert.equal(await frame.getByRole("link").count(), 0, "no branding");
    // Noise of other scripts, which changes nothing.
    await page.evaluate(`post("hello"); post({ kinora: "seek", time: "9" })`);
    await page.evaluate(`post({ kinora: "play" }); post({ kinora: "seek", time: 10 })`);
    await becomes(page, `received.some(({ kinora, time }) => kinora === "time" && time >= 10)`);
    await page.evaluate(`post({ kinora: "volume", muted: true, volume: 0.3 }); post({ kinora: "rate", rate: 2 })`);
    await becomes(page, `received.some(({ kinora, volume, muted }) => kinora === "volume" && volume === 0.3 && muted)`);
    await becomes(page, `received.some(({ kinora, rate }) => kinora === "rate" && rate === 2)`);
    await page.evaluate(`post({ kinora: "pause" })`);
    await becomes(page, `received.at(-1)?.kinora === "pause"`);
    assert.deepEqual(await frame.evaluate(`document.querySelector("video").paused`), true);
    assert.match(String(await frame.evaluate(accent)), /oklch\(0\.\d+ 0\.\d+ 2[56]\d/);
    assert.deepEqual(complaints, []);
    await context.close();
    other.close();
  });

  it("do not shift on a phone when the shape of a tall video arrives late", async () => {
    const { page, context, complaints } = await visit(browser, phone, { locale: "zh-CN" });
    await page.addInitScript(shiftMeter);
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route(`**/api/v1/videos/${ids.tall}`, async (route) => {
      await released;
      await route.continue();
    });
    await page.goto(`${instance.url}/watch/${ids.tall}`);
    // Painted as it is while it waits, with what else is known already.
    await becomes(
      page,
      `document.querySelectorAll("section[aria-labelledby=up-next] a[href*='/watch/'] img").length > 0`,
    );
    await page.evaluate(`new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))`);
    release();
    await plays(page);
    assert.ok((await page.evaluate<number>(`window.shift`)) < 0.1, `by ${await page.evaluate<number>("window.shift")}`);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  for (const isOffline of [false, true])
    it(`play on after a seek in a tab that slept past the end of its token${isOffline ? " and woke without a connection" : ""}`, async () => {
      const { page, context, complaints } = await visit(browser, desktop);
      const requests: { token: string; status: number }[] = [];
      let started: Request[] = [];
      page.on("request", (request) => {
        if (request.url().includes(".mp4?")) started.push(request);
      });
      page.on("response", (answer) => {
        if (answer.url().includes(".mp4?")) requests.push({ token: tokenIn(answer.url()), status: answer.status() });
      });
      await page.goto(`${instance.url}/watch/${ids.private}`);
      await plays(page);
      const before = requests.at(-1)?.token;
      assert.ok(before);
      await sleep(context, page, before, isOffline);
      const place = await page.evaluate<number>(`document.querySelector("video").currentTime`);
      // Beyond what is in the buffer, which may be all the sleeper would have seen for a while.
      const to = 100;
      requests.length = 0;
      started = [];
      await page.evaluate(`document.querySelector("video").currentTime = ${to}`);
      if (isOffline) {
        // It says why it does not get on, and goes on by itself when it may.
        await page.getByRole("status").filter({ hasText: "You’re offline" }).waitFor();
        await becomes(page, `document.querySelector("video").readyState < 3`);
        // Requests that were sent before the sleep may arrive after it.
        const statuses = await Promise.all(started.map(async (request) => (await request.response())?.status()));
        assert.deepEqual(
          statuses.filter((status) => status !== undefined),
          [],
        );
        await context.setOffline(false);
      }
      await becomes(page, `document.querySelector("video").currentTime > ${to + 0.5}`, 40_000);
      assert.ok(place < to - 30 && requests.some(({ token, status }) => token !== before && status === 206));
      await becomes(page, `!document.querySelector("video").paused && document.querySelector("video").videoWidth > 0`);
      assert.deepEqual(complaints, []);
      await context.close();
    });
});

let instance: Instance;
let browser: Browser;
let administrator: Person;
let folder = "";
const ids = {} as Record<Title, number>; // Filled before the first case.
const run = promisify(execFile);
const aheadMs = 6 * 60_000;

async function prepare(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "kinora-watching-"));
  // The server's clock alone goes ahead: nobody need wait for a token's end.
  const clock = join(folder, "clock.mjs");
  await writeFile(
    clock,
    `const now = Date.now; let aheadMs = 0;
     process.on("SIGUSR2", () => { aheadMs += ${aheadMs}; });
     Date.now = () => now() + aheadMs;`,
  );
  const env = { KINORA_RATE_LIMIT: "off", NODE_OPTIONS: `--import=${pathToFileURL(clock).href}` };
  instance = await startOnTemplate({ env });
  administrator = new Person(instance.url, "keeper");
  await administrator.signUp();
  const files: [Title, string, "public" | "unlisted"][] = [
    ["quiet", join(import.meta.dirname, "../../media/quiet-audio.mp4"), "public"],
  ];
  for (const title of Object.keys(titles) as (keyof typeof titles)[]) // By the type of the table.
    files.push([title, await make(title), titles[title].visibility]);
  for (const [title, path, visibility] of files) {
    const query = new URLSearchParams({ purpose: "media", name: `${title}.mp4` });
    const raw = { type: "application/octet-stream", bytes: await readFile(path) };
    const { status, data, message } = await administrator.ask("POST", `/upload?${query.toString()}`, { raw });
    assert.equal(status, 200, message);
    const mediaId = Number(data["media_id"]);
    const body = { title, media_id: mediaId, visibility };
    ids[title] = Number((await administrator.ask("POST", "/videos", { body })).data["id"]);
    const task = async () => (await administrator.ask("GET", `/media/${mediaId}/transcode`)).data["status"];
    await until(async () => (await task()) === "completed", { waitMs: 240_000 });
  }
  browser = await openBrowser();
}

/** Makes a title with FFmpeg's own sources. */
async function make(title: keyof typeof titles): Promise<string> {
  const { moreDb, lengthS } = titles[title];
  const path = join(folder, `${title}.mp4`);
  const from = [
    "-f",
    "lavfi",
    "-i",
    `testsrc2=s=${title === "tall" ? "180x320" : "320x180"}:r=12:d=${lengthS}`,
    "-f",
    "lavfi",
    "-i",
  ];
  const sound = `sine=f=330:r=48000:d=${lengthS},volume=${moreDb}dB`;
  const encode = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -force_key_frames expr:gte(t,n_forced*2) -c:a aac";
  await run("ffmpeg", ["-v", "error", ...from, sound, ...encode.split(" "), path]);
  return path;
}

/** How far what was painted moved since. */
const shiftMeter = `window.shift = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });`;

/** Listens where the page's sound leaves it. */
const meter = `{
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode) {
      window.ear = new AnalyserNode(this.context, { fftSize: 32768 });
      connect.call(this, window.ear);
    }
    return connect.call(this, to, ...rest);
  };
}`;
const levelDb = `(() => {
  const samples = new Float32Array(window.ear.fftSize);
  window.ear.getFloatTimeDomainData(samples);
  return 10 * Math.log10(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
})()`;

/** How loud a title is with the setting on and off, in decibels of the whole range. */
async function loudnessOf(page: Page, title: Title): Promise<{ evenDb: number; madeDb: number }> {
  await page.goto(`${instance.url}/watch/${ids[title]}`);
  await page.locator("video").waitFor();
  // The sound has played for longer than the meter's window, and its level is stable.
  const reading = async () => {
    const begun = await page.evaluate<number>(`document.querySelector("video").currentTime`);
    await page.evaluate(`document.querySelector("video").loop = true`);
    await becomes(
      page,
      `Math.abs(document.querySelector("video").currentTime - ${begun}) > 1.2 && isFinite(${levelDb})`,
    );
    return page.evaluate<number>(levelDb);
  };
  // The level is wrong while the sound stops for a moment.
  const settled = async () => {
    let last = await reading();
    return until(async () => {
      const next = await reading();
      const isSame = Math.abs(next - last) < 0.5;
      last = next;
      return isSame ? next : undefined;
    });
  };
  await plays(page);
  // A gesture, without which browsers let no graph of sound begin.
  await page.keyboard.press("m");
  await page.keyboard.press("m");
  await becomes(page, `window.ear?.context.state === "running"`);
  const evenDb = await settled();
  await openSettings(page);
  const toggle = page.getByRole("dialog").getByText("Even loudness");
  await toggle.click();
  const madeDb = await settled();
  await toggle.click();
  return { evenDb, madeDb };
}

interface Calm {
  readonly reducedMotion: "reduce" | "no-preference";
  readonly savesData: boolean;
}

/** The text and movement of cards on the administrator's page while a mouse rests on them. */
async function cardsOf(page: Page, { reducedMotion, savesData }: Calm) {
  await page.emulateMedia({ reducedMotion });
  await page.addInitScript(
    `Object.defineProperty(NetworkInformation.prototype, "saveData", { get: () => ${savesData}, configurable: true })`,
  );
  await page.mouse.move(0, 0);
  await page.goto(`${instance.url}/@keeper`);
  const card = page.locator("main article").filter({ hasText: "soft" });
  await card.locator("a[href*='/watch/']").first().hover();
  const wants = reducedMotion === "no-preference" && !savesData;
  if (wants) await card.locator("[data-preview]").waitFor();
  // As long as a preview would have needed, by the page's own clock.
  else await page.evaluate(`new Promise((resolve) => setTimeout(resolve, 1_000))`);
  // How long ago it was made differs from look to look.
  const said = (await card.innerText()).replace(/ · .*$/, "");
  await becomes(
    page,
    `[...document.querySelectorAll("main a[href*='/watch/'] img")].every((image) => image.naturalWidth > 0)`,
  );
  return { said, moving: await page.locator("[data-preview]").count() };
}

const tokenIn = (url: string): string => new URL(url).searchParams.get("token") ?? "";

/** The page stands still as a browser lets tabs that nobody looks at, and the server's time passes. */
async function sleep(context: BrowserContext, page: Page, slept: string, isOffline: boolean): Promise<void> {
  const session = await context.newCDPSession(page);
  await session.send("Page.setWebLifecycleState", { state: "frozen" });
  if (isOffline) await context.setOffline(true);
  process.kill(instance.pid, "SIGUSR2");
  const token = `master.m3u8?token=${slept}`;
  const refused = async () => (await fetch(`${instance.url}/api/v1/streaming/${ids.private}/${token}`)).status === 403;
  await until(refused, { said: () => "the token it slept with is not over" });
  await session.send("Page.setWebLifecycleState", { state: "active" });
}
