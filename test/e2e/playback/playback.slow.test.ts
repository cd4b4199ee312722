import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import type { Browser, Locator, Page } from "playwright-core";
import { Person } from "../../users/person.ts";
import { sharedInstance } from "../../instance/shared.ts";
import { inTurn, isNightly } from "../../depth.ts";
import { until } from "../../until.ts";
import {
  becomes,
  desktop,
  logIn,
  openSettings,
  phone,
  plays,
  selectOption,
  sharedBrowser,
  visit,
} from "../../browser/browser.ts";
import { failDecoder, keepSourceBuffers } from "../../browser/decoder-fault.ts";
import type { Instance } from "../../instance/instance.ts";
import { openShaka } from "../../browser/shaka.ts";

/** FFmpeg's sources for each title, and whether it is for holders of the link alone. */
const titles = {
  landscape: { picture: "854x480", sound: true, visibility: "public" },
  portrait: { picture: "480x854", sound: true, visibility: "unlisted" },
  "audio-only": { picture: undefined, sound: true, visibility: "public" },
  "video-only": { picture: "854x480", sound: false, visibility: "unlisted" },
} as const;
type Title = keyof typeof titles;
const allTitles = Object.keys(titles) as Title[]; // By the type of the table.
const lengthS = 14;

describe("playback and captions in a real browser", () => {
  before(prepare, { timeout: 600_000 });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const title of isNightly ? allTitles : (["portrait", "audio-only"] as const))
    it(`work in dash.js for a ${title} title, with seeking and, where it has a picture, quality switches`, async () => {
      const { page, context } = await visit(browser, desktop);
      await page.route(`${instance.url}/dash-test/**`, async (route) => {
        const isPage = route.request().url().endsWith("/");
        await (isPage
          ? route.fulfill({ contentType: "text/html", body: dashPage })
          : route.fulfill({ contentType: "text/javascript", body: await dashScript() }));
      });
      await page.goto(`${instance.url}/dash-test/`);
      const { dash_url: url } = await videoOf(title);
      await page.evaluate(`start(${JSON.stringify(url)})`);
      await becomes(page, `video.currentTime > 0.5 && video.buffered.length > 0 && video.buffered.end(0) > 1.5`);
      await slowDown(page);
      const { picture, visibility } = titles[title];
      assert.equal(url.includes("token="), visibility === "unlisted");
      if (picture === undefined) assert.equal(await page.evaluate(`video.videoWidth`), 0);
      else {
        // Force-replace: a short title is in the buffer as a whole, and nothing would be seen of another quality.
        for (const place of [-1, 0]) {
          const size = await page.evaluate<string>(`choose(${place})`);
          await becomes(page, `video.videoWidth + "x" + video.videoHeight === ${JSON.stringify(size)}`);
        }
        assert.equal(await page.evaluate(`new Set(sizes()).size >= 2`), true);
        assert.deepEqual(await page.evaluate(`codecs()`), await codecsOf(title));
      }
      await page.evaluate(`video.currentTime = 9`);
      await becomes(
        page,
        `!video.seeking && video.currentTime > 9.4 && video.buffered.end(video.buffered.length - 1) > 10`,
      );
      assert.equal(await page.evaluate(`player.getTracksFor("text").length`), title === "landscape" ? 2 : 0);
      assert.deepEqual(await page.evaluate(`errors`), []);
      await context.close();
    });

  for (const title of isNightly ? allTitles : (["landscape", "video-only"] as const))
    for (const kind of inTurn(["hls_url", "dash_url"] as const, 0))
      it(`work in Shaka Player for a ${title} title by its ${kind}, with seeking and, where it has a picture, quality switches`, async () => {
        const { page, context } = await visit(browser, desktop);
        await openShaka(page, instance.url);
        const url = (await videoOf(title))[kind];
        await page.evaluate(`start(${JSON.stringify(url)})`);
        await becomes(page, `video.currentTime > 0.5 && video.buffered.length > 0 && video.buffered.end(0) > 1.5`);
        await slowDown(page);
        if (title === "landscape") {
          // In HLS it shows captions only when a segment of the picture comes after them: its TextEngine waits for the
          // timestamps. They are chosen before the qualities, and not once all is in the buffer.
          await page.evaluate(`showCaptions("zh")`);
          await becomes(page, `performance.getEntriesByType("resource").some(({ name }) => name.includes(".vtt"))`);
        }
        if (titles[title].picture === undefined) assert.equal(await page.evaluate(`video.videoWidth`), 0);
        else {
          for (const place of [-1, 0]) {
            const size = await page.evaluate<string>(`choose(${place})`);
            await becomes(page, `video.videoWidth + "x" + video.videoHeight === ${JSON.stringify(size)}`);
          }
          assert.deepEqual(await page.evaluate(`codecs()`), await codecsOf(title));
        }
        await page.evaluate(`video.currentTime = 9`);
        await becomes(
          page,
          `!video.seeking && video.currentTime > 9.4 && video.buffered.end(video.buffered.length - 1) > 10`,
        );
        if (title === "landscape") {
          // It would come to its end meanwhile.
          await page.evaluate(`(video.pause(), video.currentTime = 3)`);
          await becomes(page, `document.body.innerText.includes("你好")`);
        }
        assert.deepEqual(await page.evaluate(`errors`), []);
        await context.close();
      });

  for (const title of ["portrait", "audio-only", "video-only"] as const)
    it(`work in our own player for a ${title} title, with seeking`, async () => {
      const { page, context, complaints } = await visit(browser, desktop);
      await context.addInitScript(noteTypes);
      await page.goto(`${instance.url}/watch/${ids[title]}`);
      await becomes(page, `document.querySelector("video")?.currentTime > 0.5`);
      const { picture } = titles[title];
      if (picture !== undefined) {
        const codecs = Object.values(await codecsOf(title));
        const [type = ""] = await page.evaluate<string[]>(`window.types.filter((type) => type.startsWith("video/"))`);
        assert.ok(
          codecs.some((codec) => type.toLowerCase().includes(codec)),
          `${type}, not one of ${codecs.join(", ")}`,
        );
      }
      assert.equal(await page.evaluate(`document.querySelector("video").videoWidth > 0`), picture !== undefined);
      if (picture === undefined) await page.getByRole("slider", { name: "Sound over time" }).waitFor();
      await page.evaluate(`document.querySelector("video").currentTime = 9`);
      await becomes(
        page,
        `(({ seeking, currentTime, buffered }) => !seeking && currentTime > 9.4 && buffered.end(buffered.length - 1) > 10)(document.querySelector("video"))`,
      );
      assert.deepEqual(complaints, []);
      await context.close();
    });

  it("work in our own player with captions by key and menu, quality switches and seeking", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    await page.goto(`${instance.url}/watch/${ids.landscape}`);
    await plays(page);
    await slowDown(page);
    const isShown = (said: string) =>
      becomes(
        page,
        `[...document.querySelector("video").textTracks].some(({ mode, activeCues }) =>
        mode === "showing" && [...activeCues ?? []].some(({ text }) => text.includes(${JSON.stringify(said)})))`,
      );
    const isNone = `[...document.querySelector("video").textTracks].every(({ mode }) => mode !== "showing")`;
    await becomes(page, isNone);
    await page.keyboard.press("c");
    await isShown("welcome");
    await page.keyboard.press("c");
    await becomes(page, isNone);
    await openSettings(page, "Captions");
    await page.getByText("简体中文").click();
    await isShown("你好");
    // Their look is for every video on this device, until it is reset.
    const rules = `document.adoptedStyleSheets.flatMap(({ cssRules }) => [...cssRules].map(({ cssText }) => cssText)).join()`;
    await page.getByRole("button", { name: "Caption style" }).click();
    await page.getByRole("radio", { name: "Largest" }).press("Space");
    await page.getByRole("radio", { name: "Yellow" }).press("Space");
    await becomes(page, `/video::cue.*font-size: 200%/.test(${rules})`);
    await page.reload();
    await plays(page);
    await slowDown(page);
    await becomes(page, `!(${isNone})`);
    await becomes(page, `/video::cue.*rgb\\(255, 238, 88\\)/.test(${rules})`);
    await openSettings(page, "Captions");
    await page.getByRole("button", { name: "Caption style" }).click();
    await page.getByRole("button", { name: "Reset to default" }).click();
    await becomes(page, `/video::cue.*font-size: 100%/.test(${rules})`);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });

    await openSettings(page, "Quality");
    const choices = page.getByRole("dialog").getByText(/^\d+p$/);
    await choices.first().waitFor();
    const heights = (await choices.allInnerTexts()).map((text) => Number.parseInt(text, 10));
    assert.ok(heights.length >= 2, heights.join());
    for (const height of [Math.min(...heights), Math.max(...heights)]) {
      // A busy machine may be at the end by now, where no other picture comes.
      await page.evaluate(`document.querySelector("video").currentTime = 0`);
      await page.getByText(`${height}p`, { exact: true }).click();
      await becomes(page, `document.querySelector("video").videoHeight === ${height}`);
    }
    await page.keyboard.press("Escape");
    const before = await page.evaluate<number>(`document.querySelector("video").currentTime`);
    await page.keyboard.press("ArrowRight");
    await becomes(page, `document.querySelector("video").currentTime >= ${Math.min(before + 4.5, lengthS - 1)}`);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("show captions in the feed over its words, in the language and look of the watch page's player", async () => {
    const { page, context, complaints } = await visit(browser, phone);
    await context.addInitScript(`
      localStorage.setItem("kinora.caption-style", '{"color":"yellow"}');
      sessionStorage.setItem("kinora.feed.for-you", "${ids.landscape}")`);
    await page.goto(`${instance.url}/for-you`);
    await becomes(page, `document.querySelector("article:not([inert]) video")?.currentTime > 0.2`);
    const card = page.locator("article:not([inert])");
    const sheet = page.getByRole("dialog", { name: "More" });
    const choose = async (setting: string, value: string) => {
      await card.getByRole("button", { name: "More", exact: true }).click();
      await sheet.getByRole("button", { name: setting }).click();
      await sheet.getByRole("radiogroup", { name: setting }).getByText(value, { exact: true }).click();
      await page.keyboard.press("Escape");
      await sheet.waitFor({ state: "detached" });
    };
    const english = card.getByText("hello & welcome");
    await choose("Captions", "English");
    await english.waitFor();
    const color = `getComputedStyle(document.querySelector('article:not([inert]) [lang="en"] span span')).color`;
    assert.equal(await page.evaluate(color), "rgb(255, 238, 88)");
    // One voice: what the page draws, the browser does not.
    const modes = `[...document.querySelector("article:not([inert]) video").textTracks].map(({ mode }) => mode)`;
    assert.equal((await page.evaluate<string[]>(modes)).includes("showing"), false);
    const said = await boxOf(english);
    const words = await boxOf(card.getByRole("heading", { level: 2 }));
    assert.ok(said.y > 96 && said.y + said.height <= words.y, JSON.stringify({ said, words }));
    for (const control of await card.getByRole("button").or(card.getByRole("link")).all())
      assert.equal(isOver(said, await boxOf(control)), false, await control.evaluate((node) => node.outerHTML));

    // Near its end, when all of it may be in the buffer.
    await page.evaluate(`document.querySelector("article:not([inert]) video").currentTime = ${lengthS - 1}`);
    await choose("Quality", "240p");
    await becomes(page, `document.querySelector("article:not([inert]) video").videoHeight === 240`);

    // It is remembered with the player's own choice: there it is on now, and off again in both.
    await page.goto(`${instance.url}/watch/${ids.landscape}`);
    await plays(page);
    await becomes(page, `[...document.querySelector("video").textTracks].some(({ mode }) => mode === "showing")`);
    await page.goto(`${instance.url}/for-you`);
    await english.waitFor();
    await choose("Captions", "Off");
    await english.waitFor({ state: "detached" });
    assert.equal(await page.evaluate(`localStorage.getItem("kinora.captions")`), null);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("continue in our own player with a new token when one is refused, without an interruption", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    const renewed = tokenIn((await administrator.ask("GET", `/streaming/${ids.portrait}/address`)).data["hls_url"]);
    let requestCount = 0;
    await page.route("**/address", async (route) => {
      requestCount += 1;
      const answer = await route.fetch();
      const text = await answer.text();
      await route.fulfill({
        response: answer,
        body: requestCount === 1 ? text : text.replace(/token=[\w.-]+/g, `token=${renewed}`),
      });
    });
    let used: string[] = [];
    page.on("response", (answer) => {
      if (answer.url().includes(".mp4?"))
        used.push(`${tokenIn(answer.url()) === renewed ? "new" : "old"} ${answer.status()}`);
    });
    let isOver = false;
    await page.route(/\.mp4\?/, (route) =>
      isOver && tokenIn(route.request().url()) !== renewed ? route.fulfill({ status: 403 }) : route.fallback(),
    );
    await page.goto(`${instance.url}/watch/${ids.portrait}`);
    await plays(page);
    await slowDown(page);
    await page.evaluate(
      `(window.stalls = 0, document.querySelector("video").addEventListener("emptied", () => window.stalls++))`,
    );
    assert.ok(used.length > 0 && used.every((one) => one === "old 206"), used.join());
    // The addresses in the playlists are refused from now on, as when they have ended.
    isOver = true;
    used = [];
    await openSettings(page, "Quality");
    // A picture that is shown already is not fetched again.
    const side = await page.evaluate<number>(`document.querySelector("video").videoWidth`);
    await page.getByText(side === 480 ? "240p" : "480p", { exact: true }).click();
    await until(() => used.includes("new 206"), { said: () => used.join() });
    assert.equal(requestCount, 2);
    assert.equal(await page.evaluate(`window.stalls`), 0);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("go on in our own player after a fault of the decoder", async () => {
    const { page, context } = await visit(browser, desktop);
    await keepSourceBuffers(page);
    await page.goto(`${instance.url}/watch/${ids.portrait}`);
    await plays(page);
    await slowDown(page);
    const beforeS = await page.evaluate<number>(`document.querySelector("video").currentTime`);
    await failDecoder(page);
    await becomes(
      page,
      `((video) => !video.paused && video.currentTime > ${beforeS} + 0.5)(document.querySelector("video"))`,
    );
    await context.close();
  });

  it("work in a browser's native player with a token in a cookie", async () => {
    const { page, context } = await visit(browser, desktop);
    await page.addInitScript(`delete window.MediaSource; delete window.ManagedMediaSource;`);
    await page.goto(`${instance.url}/watch/${ids.portrait}`);
    await plays(page);
    assert.match(await page.evaluate<string>(`document.querySelector("video").src`), /master\.m3u8\?token=/);
    const cookies = await context.cookies(`${instance.url}/api/v1/streaming/${ids.portrait}/master.m3u8`);
    const match = cookies.find(({ name }) => name === "kinora_playback");
    assert.deepEqual([match?.path, match?.httpOnly], [`/api/v1/streaming/${ids.portrait}/`, true]);
    await context.close();
  });

  it("let an owner add and remove captions on the edit page, and refuse an invalid file", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    await logIn(page, instance.url, administrator);
    await page.goto(`${instance.url}/studio?edit=${ids["video-only"]}`);
    const captions = page.getByRole("group", { name: "Captions" });
    await selectOption(captions, "Language", "Русский");
    await captions.locator("input[type=file]").setInputFiles(join(import.meta.dirname, "../../media/captions-en.srt"));
    await captions.getByRole("listitem").getByText("Русский").first().waitFor();
    await captions.getByText("2 lines").waitFor();
    await captions.locator("input[type=file]").setInputFiles(join(import.meta.dirname, "../../media/script.svg"));
    await page.getByText("These are no captions we can read").waitFor();
    const russian =
      "1\n00:00:01,0 --> 00:00:02,0\n\xcf\xf0\xe8\xe2\xe5\xf2\n\n2\n00:00:0x --> 00:00:09\n\xec\xe8\xf0\n";
    const file = { name: "russian.srt", mimeType: "application/x-subrip", buffer: Buffer.from(russian, "latin1") };
    await captions.locator("input[type=file]").setInputFiles(file);
    const preview = captions.getByRole("group", { name: "Check the captions" });
    await preview.getByText("Привет").waitFor();
    await preview.getByText("Line 6: its time cannot be read").waitFor();
    await selectOption(captions, "Language", "Français");
    await preview.getByText("does not read as the chosen language").waitFor();
    await selectOption(preview, "Encoding", "Cyrillic (Windows-1251)");
    await preview.getByText("Привет").waitFor();
    await selectOption(captions, "Language", "Русский");
    await preview.getByRole("button", { name: "Add captions" }).click();
    await preview.waitFor({ state: "detached" });
    await captions.getByText("1 line").waitFor();
    await captions.getByRole("button", { name: "Remove captions in Русский" }).click();
    await captions.getByText("1 line").waitFor({ state: "detached" });
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

async function prepare(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "kinora-playback-"));
  instance = await sharedInstance();
  administrator = new Person(instance.url, "keeper");
  await administrator.signUp();
  const sent = Object.keys(titles) as Title[];
  const media: number[] = [];
  for (const title of sent) media.push(await send(title));
  for (const [place, title] of sent.entries()) {
    const mediaId = media[place] ?? 0;
    const task = async () => (await administrator.ask("GET", `/media/${mediaId}/transcode`)).data["status"];
    await until(async () => (await task()) === "completed", { waitMs: 240_000 });
    const body = { title, media_id: mediaId, visibility: titles[title].visibility };
    ids[title] = Number((await administrator.ask("POST", "/videos", { body })).data["id"]);
    if (title !== "landscape") continue;
    for (const [language, said] of [
      ["en", "hello &amp; <b>welcome</b>"],
      ["zh-Hans", "你好"],
    ]) {
      const text = `WEBVTT\n\n00:00.000 --> 00:${lengthS}.000\n${said}\n`;
      const { status } = await administrator.ask("POST", `/media/${mediaId}/captions`, { body: { language, text } });
      assert.equal(status, 200);
    }
  }
  browser = await sharedBrowser("whole");
}

type Box = NonNullable<Awaited<ReturnType<Locator["boundingBox"]>>>;

async function boxOf(element: Locator): Promise<Box> {
  const box = await element.boundingBox();
  assert.ok(box !== null);
  return box;
}

const isOver = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Makes a title with FFmpeg's own sources and uploads it. */
async function send(title: Title): Promise<number> {
  const { picture, sound } = titles[title];
  const path = join(folder, `${title}.mp4`);
  const video = picture === undefined ? [] : ["-f", "lavfi", "-i", `testsrc2=s=${picture}:r=12:d=${lengthS}`];
  const audio = sound ? ["-f", "lavfi", "-i", `sine=f=330:d=${lengthS}`] : [];
  const encode = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -force_key_frames expr:gte(t,n_forced*2) -c:a aac";
  await run("ffmpeg", ["-v", "error", ...video, ...audio, ...encode.split(" "), path]);
  const query = new URLSearchParams({ purpose: "media", name: `${title}.mp4` });
  const raw = { type: "application/octet-stream", bytes: await readFile(path) };
  const { status, data, message } = await administrator.ask("POST", `/upload?${query.toString()}`, { raw });
  assert.equal(status, 200, message);
  return Number(data["media_id"]);
}

async function videoOf(title: Title): Promise<{ readonly hls_url: string; readonly dash_url: string }> {
  const { data } = await administrator.ask("GET", `/videos/${ids[title]}`);
  return { hls_url: String(data["hls_url"]), dash_url: String(data["dash_url"]) };
}

/** The codec of each quality of a title, by its size: its profile and level as ffprobe reads them in the file itself. */
async function codecsOf(title: Title): Promise<Record<string, string>> {
  const { hls_url } = await videoOf(title);
  const codecs = new Map<string, string>();
  const master = new URL(hls_url, instance.url);
  for (const variant of addressesIn(await textOf(master))) {
    const address = new URL(variant, master);
    const [file] = addressesIn(await textOf(address));
    const { href } = new URL(file ?? "", address);
    const { stdout } = await run("ffprobe", [
      ..."-v error -select_streams v -show_entries stream=width,height,profile,level -of json".split(" "),
      href,
    ]);
    const { streams } = JSON.parse(stdout) as { streams: Stream[] }; // As ffprobe is documented.
    for (const { width, height, profile, level } of streams)
      codecs.set(`${width}x${height}`, `avc1.${profiles[profile]}${level.toString(16)}`);
  }
  assert.ok(codecs.size >= 2, `${codecs.size} qualities`);
  return Object.fromEntries(codecs);
}
interface Stream {
  readonly width: number;
  readonly height: number;
  readonly profile: keyof typeof profiles;
  readonly level: number;
}
/** A copy keeps what was uploaded. */
const profiles = { High: "6400", "Constrained Baseline": "42c0" };
const addressesIn = (playlist: string) => playlist.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
const textOf = async (address: URL) => (await fetch(address)).text();
/** Notes in a page what its player says it is going to play. */
const noteTypes = `
  window.types = [];
  const add = MediaSource.prototype.addSourceBuffer;
  MediaSource.prototype.addSourceBuffer = function (type) {
    window.types.push(type);
    return add.call(this, type);
  };`;

/** From now on the film lasts four times as long: at its end a player fetches no other quality, and shows no caption. */
const slowDown = (page: Page): Promise<void> => page.evaluate(`document.querySelector("video").playbackRate = 0.25`);

const tokenIn = (url: unknown): string => new URL(String(url), "http://kinora.test").searchParams.get("token") ?? "";

const dashScript = () => readFile(createRequire(import.meta.url).resolve("dashjs"));
const dashPage = `<!doctype html><video id="video" muted></video><script src="dash.js"></script><script>
  const video = document.getElementById("video"), errors = [];
  let player;
  function start(url) {
    player = dashjs.MediaPlayer().create();
    player.updateSettings({ streaming: { abr: { autoSwitchBitrate: { video: false } } } });
    player.on("error", ({ error }) => errors.push(error.message));
    player.initialize(video, url, true);
  }
  const ladder = () => player.getRepresentationsByType("video").toSorted((a, b) => a.width - b.width);
  const codecs = () =>
    Object.fromEntries(ladder().map(({ width, height, codecs }) => [width + "x" + height, codecs.replace(/.*codecs="([^"]+)".*/, "$1")]));
  const sizes = () => ladder().map(({ width, height }) => width + "x" + height);
  function choose(place) {
    const one = ladder().at(place);
    player.setRepresentationForTypeById("video", one.id, true);
    return one.width + "x" + one.height;
  }
</script>`;
