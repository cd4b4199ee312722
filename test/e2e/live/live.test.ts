import assert from "node:assert/strict";
import { type ChildProcess, execFile } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { isNightly } from "../../depth.ts";
import { publish as startEncoder } from "../../encoder.ts";
import { Person } from "../../users/person.ts";
import { freePorts } from "../../ports.ts";
import { startOnTemplate } from "../../instance/template.ts";
import { until } from "../../until.ts";
import { isAccessible } from "../../browser/accessibility.ts";
import { becomes, desktop, logIn, openBrowser, openSettings, phone, visit } from "../../browser/browser.ts";
import { cutOff } from "../../browser/fit.ts";
import { failDecoder, keepSourceBuffers } from "../../browser/decoder-fault.ts";
import type { Instance } from "../../instance/instance.ts";
import { openShaka } from "../../browser/shaka.ts";

describe("a live stream in a real browser", () => {
  before(async () => {
    const [port] = await freePorts(1);
    instance = await startOnTemplate({ env: { KINORA_RATE_LIMIT: "off" }, flags: ["--rtmp-port", String(port)] });
    browser = await openBrowser();
  });
  after(async () => {
    for (const encoder of encoders) encoder.kill("SIGKILL");
    await browser?.close();
    await instance?.[Symbol.asyncDispose]();
  });

  it("is prepared, watched close to live, outlives a lost encoder without a reload, and ends", async () => {
    const host = await visit(browser, desktop);
    await register(host.page, "nkechi");
    await host.page.goto(`${instance.url}/live/new`);
    await host.page.getByRole("textbox", { name: "Title" }).fill("Last night at the depot");
    await host.page.getByRole("button", { name: "Continue" }).click();
    const field = (name: string) => host.page.getByRole("textbox", { name });
    const [address, key] = [await field("Server address").inputValue(), await field("Stream key").inputValue()];
    const id = new URL(host.page.url()).searchParams.get("room");

    const viewer = await visit(browser, phone);
    const { page } = viewer;
    await keepSourceBuffers(page);
    await page.goto(`${instance.url}/live/${id}`);
    await page.getByRole("heading", { name: "It has not started yet" }).waitFor();
    await looksGood(page);
    await looksGood(host.page);
    await page.evaluate("window.isSamePage = true");

    await host.page.getByRole("button", { name: "Go live", exact: true }).click();
    await host.page
      .getByRole("alert")
      .getByText("Start streaming first, in your software or from this browser.")
      .waitFor();
    // Without a stream there is no playlist, which is fatal to the player: the page asks again.
    await host.page.waitForResponse((answer) => answer.url().endsWith("/hls/master.m3u8") && answer.status() === 409);
    let encoder = publish(`${address}/${key}`);
    await host.page.getByText("Only you see this").waitFor();
    await host.page.getByRole("button", { name: "Go live", exact: true }).click();
    await host.page.waitForURL("**/studio");

    // It begins by itself.
    await grows(page);
    await becomes(page, `${delayS} < 3`);
    for (const one of [page, host.page]) await looksGood(one);
    if (isNightly) await looksGoodInOtherDress(`/live/${id}`);

    await kill(encoder);
    await page.getByRole("heading", { name: "The host will be right back" }).waitFor();
    assert.ok(await page.evaluate(`document.querySelector("video").readyState >= 2`), "the last picture stays");
    await host.page.getByText("Your stream stopped arriving").waitFor();
    encoder = publish(`${address}/${key}`);
    await page.getByRole("heading", { name: "The host will be right back" }).waitFor({ state: "hidden" });
    await grows(page);
    await becomes(page, `${delayS} < 3`);

    // Playlists that are refused for a while stop the picture, not the page.
    const playlists = "**/hls/*.m3u8*";
    await page.route(playlists, (route) => route.fulfill({ status: 404 }));
    await becomes(page, `document.querySelector("video").readyState < 3`);
    await page.unroute(playlists);
    await grows(page);

    await outlivesFault(page);
    await leavesStandstill(id);
    await likesAfterLogIn(page, id);

    await host.page.getByRole("button", { name: "End stream" }).click();
    await host.page.getByRole("dialog").getByRole("button", { name: "End stream" }).click();
    await page.getByRole("heading", { name: "The stream has ended" }).waitFor();
    await page.getByRole("link", { name: "More of nkechi" }).waitFor();
    await looksGood(page);
    assert.equal(await page.evaluate("window.isSamePage"), true, "the page was not loaded again");
    await kill(encoder);
    assert.deepEqual([host.complaints, viewer.complaints], [[], []]);
    for (const { context } of [host, viewer]) await context.close();
  });

  it("gives its host a clip of the last seconds, which plays, and is edited where all own videos are", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    await register(page, "thandi");
    const { id, stream_key, push_url } = await post(page, "/lives", { title: "Last night at the depot" });
    await post(page, `/lives/${id}/start`, {});
    const encoder = publish(`${push_url}/${stream_key}`, "640x360");
    await page.goto(`${instance.url}/live/${id}/studio`);
    await page.getByRole("button", { name: "Length of clips" }).click();
    await page.getByRole("menuitemradio", { name: "15 s" }).click();
    await page.getByRole("button", { name: "Clip last 15 s" }).waitFor();
    await until(async () => (await segmentsOf(id)) >= 8);
    await page.getByRole("button", { name: "Clip last 15 s" }).click();
    await page.getByText("Clip ready").waitFor();
    const clips = page.getByRole("region", { name: "Clips" });
    await clips.getByText("Draft, only you see it").waitFor();
    await clips.getByRole("link", { name: "Edit and publish" }).click();
    const title = page.getByRole("dialog").getByRole("textbox", { name: "Title" });
    await title.waitFor();
    assert.equal(await title.inputValue(), "Last night at the depot · clip");
    const clip = new URL(page.url()).searchParams.get("edit");
    await page.goto(`${instance.url}/watch/${clip}`);
    await becomes(page, `document.querySelector("video")?.currentTime > 1`);
    await goesBack(page, id);
    await kill(encoder);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("is played by Shaka Player, by FFmpeg, and in the frame of another site", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    await register(page, "halima");
    const { id, stream_key, push_url } = await post(page, "/lives", { title: "Harbour at night" });
    await post(page, `/lives/${id}/start`, {});
    const encoder = publish(`${push_url}/${stream_key}`);
    const address = `${instance.url}/api/v1/lives/${id}/hls/master.m3u8`;
    // Shaka Player fails where a playlist has parts alone yet.
    await until(async () => (await segmentsOf(id)) > 0);
    await openShaka(page, instance.url);
    await page.evaluate(`start(${JSON.stringify(address)})`);
    await grows(page);
    assert.equal(await page.evaluate("player.isLive()"), true);
    assert.deepEqual(await page.evaluate("errors"), []);
    await page.goto(`${instance.url}/embed/live/${id}`);
    await grows(page);
    assert.equal(await page.getByRole("link", { name: "Harbour at night" }).getAttribute("href"), `/live/${id}`);

    const read = ["-v", "error", "-i", address, "-t", "3", "-f", "framecrc", "-"];
    const { stdout, stderr } = await promisify(execFile)("ffmpeg", read, { timeout: 180_000 });
    const packets = (track: number) => stdout.split("\n").filter((line) => line.startsWith(`${track},`)).length;
    assert.ok(packets(0) >= 40 && packets(1) >= 100, `${packets(0)} pictures, ${packets(1)} of sound`);
    assert.equal(stderr, "");
    await kill(encoder);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("has a chat that two viewers share, also after a lost connection, and gifts that are paid and counted", async () => {
    const host = await visit(browser, desktop);
    await register(host.page, "amara");
    const { id } = await post(host.page, "/lives", { title: "Sunday repairs" });
    await post(host.page, `/lives/${id}/start`, {});
    const [ada, ben] = [await visit(browser, desktop), await visit(browser, phone)];
    for (const [{ page }, name] of [
      [ada, "ada"],
      [ben, "ben"],
    ] as const) {
      await register(page, name);
      await page.goto(`${instance.url}/live/${id}`);
    }
    const say = async (page: Page, text: string) => {
      await page.getByRole("textbox", { name: "Say something" }).fill(text);
      await page.keyboard.press("Enter");
    };
    const reads = (page: Page, text: string) => page.getByRole("log").getByText(text, { exact: true }).waitFor();
    await say(ada.page, "Does anybody hear me?");
    await reads(ben.page, "Does anybody hear me?");
    await say(ben.page, "Loud and clear");
    await reads(ada.page, "Loud and clear");

    await ben.context.setOffline(true);
    await ben.page.getByText("Reconnecting…").waitFor();
    await say(ada.page, "Then let us begin");
    await reads(ada.page, "Then let us begin");
    await ben.context.setOffline(false);
    await reads(ben.page, "Then let us begin");
    await ben.page.getByText("Reconnecting…").waitFor({ state: "hidden" });
    assert.equal(await ben.page.getByRole("log").getByText("Loud and clear", { exact: true }).count(), 1);

    await ada.page.getByRole("button", { name: /Lantern/ }).click();
    await ada.page.getByRole("button", { name: "Send", exact: true }).click();
    await ada.page.getByRole("button", { name: "Combo ×1" }).click();
    await ben.page.getByRole("log").getByText("×2").waitFor();
    for (const { page } of [ada, ben]) await looksGood(page);
    await ada.page.getByRole("link", { name: "Balance" }).getByText("900").waitFor();
    await host.page.goto(`${instance.url}/me/wallet`);
    await host.page.getByText("Gift from ada").first().waitFor();
    await host.page.getByText("80", { exact: true }).first().waitFor();
    assert.deepEqual([host.complaints, ada.complaints], [[], []]);
    for (const { context } of [host, ada, ben]) await context.close();
  });
});

let instance: Instance;
let browser: Browser;
const encoders = new Set<ChildProcess>();

/** The page is accessible, no wider than the screen, and cuts no text off. */
async function looksGood(page: Page): Promise<void> {
  await isAccessible(page);
  assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), `${page.url()} is too wide`);
  assert.deepEqual(await page.evaluate(cutOff), [], page.url());
}

/** A room that plays, as its viewers see it on a desktop and in the other language and theme. */
async function looksGoodInOtherDress(path: string): Promise<void> {
  const { page, context, complaints } = await visit(browser, desktop, { locale: "zh-CN", colorScheme: "light" });
  await context.addInitScript(`localStorage.setItem("kinora.theme", "light")`);
  await page.goto(instance.url + path);
  await grows(page);
  await looksGood(page);
  assert.deepEqual(complaints, []);
  await context.close();
}

/** Pictures and sound that wait for each other, as for a discontinuity that only one has, are begun anew. */
async function leavesStandstill(id: string | null): Promise<void> {
  const { page, context, complaints } = await visit(browser, desktop);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  let beginnings = 0;
  await page.route("**/hls/master.m3u8*", (route) => {
    beginnings++;
    return route.continue();
  });
  await page.route("**/hls/audio-dvr.m3u8*", async (route) => {
    if (beginnings > 1) return route.continue();
    const answer = await route.fetch();
    const more = (await answer.text()).replace(
      /(DISCONTINUITY-SEQUENCE:)(\d+)/,
      (_, name, n) => `${name}${Number(n) + 9}`,
    );
    return route.fulfill({ response: answer, body: more });
  });
  await page.goto(`${instance.url}/live/${id}`);
  await becomes(page, `document.querySelector("video")?.currentTime > 0`);
  assert.equal(beginnings, 2);
  // The request for the first picture is sent once, and before the app is there.
  const playback = `/api/v1/lives/${id}/playback`;
  assert.ok(asked.indexOf(playback) < asked.findIndex((path) => /\/assets\/room-page/.test(path)));
  assert.equal(
    asked.slice(0, asked.indexOf(`/api/v1/lives/${id}/hls/master.m3u8`)).filter((path) => path === playback).length,
    1,
  );
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await grows(page);
  assert.deepEqual(complaints, []);
  await context.close();
}

/**
 * A viewer at a desk goes back to the start of a recorded stream and stays there, whatever happens to the decoder. Then
 * they come back to live. Smaller renditions keep the newest seconds alone: the sent one is shown until then.
 */
async function goesBack(page: Page, id: number): Promise<void> {
  await keepSourceBuffers(page);
  await page.goto(`${instance.url}/live/${id}`);
  await grows(page);
  await openSettings(page, "Quality");
  await page.getByText("240p", { exact: true }).click();
  const shows = (heightPx: number) => becomes(page, `document.querySelector("video").videoHeight === ${heightPx}`);
  await shows(240);
  await page.keyboard.press("Escape");
  const bar = page.getByRole("slider", { name: /^Position/ });
  await bar.press("Home");
  const back = page.getByRole("button", { name: "Go to live" });
  await back.waitFor();
  await shows(360);
  await grows(page);
  await looksGood(page);
  await failDecoder(page);
  await grows(page);
  await back.waitFor();
  await bar.press("ArrowRight");
  // The controls are there for who moves the pointer.
  await page.locator("video").hover();
  const folder = process.env["PICTURES"];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/live-back.png` });
  await back.click();
  await becomes(page, `${delayS} < 3`);
  await shows(240);
}

/** The delay behind live that the page shows, in seconds. */
const delayS = `Number(/([\\d.]+) s behind live/.exec(document.body.innerText)?.[1] ?? NaN)`;

/** A visitor likes the room, logs in over the page, and the like is counted. */
async function likesAfterLogIn(page: Page, id: string | null): Promise<void> {
  const farah = new Person(instance.url, "farah");
  await farah.signUp();
  await page.getByRole("button", { name: "Like", exact: true }).first().tap();
  const sheet = page.getByRole("dialog", { name: "Log in to like this stream" });
  await sheet.getByLabel("Username").fill(farah.username);
  await sheet.getByLabel("Password", { exact: true }).fill(farah.password);
  await sheet.getByRole("button", { name: "Log in" }).tap();
  await until(async () => (await farah.get(`/lives/${id}`))["like_count"] === 1);
}

/** A fault of the decoder stops the picture, and its viewer does nothing. */
async function outlivesFault(page: Page): Promise<void> {
  await failDecoder(page);
  await grows(page);
  await becomes(page, `${delayS} < 3`);
}

/** How many whole segments the playlist of a room's pictures has. */
async function segmentsOf(id: unknown): Promise<number> {
  const playlist = await fetch(`${instance.url}/api/v1/lives/${String(id)}/hls/video.m3u8`);
  return (await playlist.text()).split("#EXTINF").length - 1;
}

/** Settles when the picture moves by itself and more of it arrives. */
async function grows(page: Page): Promise<void> {
  const now = `((video) => ({ isPlaying: video?.paused === false, timeS: video?.currentTime ?? 0,
    endS: video?.buffered.length ? video.buffered.end(video.buffered.length - 1) : 0 }))(document.querySelector("video"))`;
  const { timeS, endS } = await page.evaluate<{ timeS: number; endS: number }>(now);
  await becomes(
    page,
    `(({ isPlaying, timeS, endS }) => isPlaying && timeS > ${timeS} + 1 && endS > ${endS} + 1)(${now})`,
  );
}

async function register(page: Page, username: string): Promise<void> {
  const person = new Person(instance.url, username);
  await person.signUp();
  await logIn(page, instance.url, person);
}

interface Room {
  readonly id: number;
  readonly stream_key?: string;
  readonly push_url?: string;
}

/** Asks the API as who is signed in on the page. */
async function post(page: Page, path: string, body: object): Promise<Room> {
  const headers = { "x-kinora-session": "cookie", origin: instance.url };
  const answer = await page.context().request.post(`${instance.url}/api/v1${path}`, { headers, data: body });
  const { data } = (await answer.json()) as { data: Room }; // As the API describes it.
  return data;
}

/** As a host's software does. */
function publish(to: string, size?: string): ChildProcess {
  const encoder = startEncoder(to, size);
  encoders.add(encoder);
  return encoder;
}

async function kill(encoder: ChildProcess): Promise<void> {
  if (encoder.exitCode !== null || encoder.signalCode !== null) return;
  const ended = new Promise((resolve) => encoder.once("exit", resolve));
  encoder.kill("SIGKILL");
  await ended;
}
