import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { becomes, desktop, openBrowser, visit } from "../../test/browser/browser.ts";
import { Instance } from "../../test/instance/instance.ts";
import { percentile } from "../../test/fault/crash/crash-loop.ts";
import { freePorts } from "../../test/ports.ts";
import { Client } from "../client.ts";
import { startedRoom } from "./live-publisher.ts";
import { ageOf, clockStream, publishClock } from "./clock-picture.ts";
import { median, record } from "../record.ts";

/*
 * From glass to glass: a publisher draws the time into the picture, and what a browser shows is read back from its pixels.
 * By RTMP to the room's page, to the same engine without low latency, and by WHIP to WHEP. All on one machine.
 */
const samples = 100;
const everyMs = 200;
/** The time in which a player reaches its place; it is not measured. */
const settleMs = 8_000;
const joins = 5;
const drops = 5;
const dropMs = 3_000;
/** Until the browser has put the page before away, which takes the processor from the next one. */
const betweenJoinsMs = 1_000;
const [lowGoalMs, plainGoal, webrtcGoalMs, firstGoalMs, againGoalMs] = [1_500, 4, 250, 1_000, 4_000] as const;
/** 24 bits of milliseconds last longer than the bench. */
const fromMs = Date.now();

interface Room {
  readonly id: number;
  readonly push_url: string;
  readonly stream_key: string;
}

const [port] = await freePorts(1);
const env = { KINORA_RATE_LIMIT: "off", KINORA_LOG_LEVEL: "error", KINORA_LIVE_RUNGS: "0" };
await using instance = await Instance.start({ env, flags: ["--rtmp-port", String(port)] });
const client = new Client(instance.url);
await client.register("bench");
const browser = await openBrowser("whole");
const { low, plain, firsts, agains } = await byRtmp(browser);
const webrtc = await byWebrtc(browser);
await browser.close();

const p95 = (ages: readonly number[]) =>
  percentile(
    ages.toSorted((a, b) => a - b),
    0.95,
  );
const row = (name: string, ages: readonly number[]) =>
  `| ${name} | ${median(ages).toFixed(0)} ms | ${p95(ages).toFixed(0)} ms | ${ages.length} |`;
const spread = (times: readonly number[]) =>
  `${median(times).toFixed(0)} ms (${Math.min(...times).toFixed(0)}–${Math.max(...times).toFixed(0)})`;
const gain = p95(plain) / p95(low);
await record("live-latency", [
  "From the time in the publisher's picture to the same picture in Chromium, read from its pixels; key frames every two seconds, encoder included.",
  "",
  "| | median | 95 of 100 | samples |",
  "|---|---|---|---|",
  row("RTMP to the room's page (LL-HLS)", low),
  row("RTMP to the same engine without low latency", plain),
  row("WHIP to WHEP", webrtc),
  "",
  `- LL-HLS: ${p95(low).toFixed(0)} ms; the goal is ${lowGoalMs} ms.`,
  `- HLS without low latency: ${gain.toFixed(1)} times that; the goal is ${plainGoal} times at least.`,
  `- WHIP to WHEP: ${p95(webrtc).toFixed(0)} ms; the goal is ${webrtcGoalMs} ms.`,
  `- First frame of a page that is opened, its script included: ${spread(firsts)}; the goal is ${firstGoalMs} ms.`,
  `- From the start of an encoder that comes back ${dropMs / 1_000} s after it was killed to its first picture on a page that was open all the time: ${spread(agains)}; the goal is ${againGoalMs} ms.`,
]);

/** The ages of what an element of the page shows. */
async function agesOf(page: Page, element: string): Promise<number[]> {
  const ages: number[] = [];
  await page.waitForTimeout(settleMs);
  while (ages.length < samples) {
    const age = await page.evaluate<number | null>(ageOf(element, fromMs));
    if (age !== null) ages.push(age);
    await page.waitForTimeout(everyMs);
  }
  return ages;
}

interface ByRtmp {
  readonly low: number[];
  readonly plain: number[];
  readonly firsts: number[];
  readonly agains: number[];
}

async function byRtmp(browser: Browser): Promise<ByRtmp> {
  const room = await client.ask<Room>("/lives", { title: "A clock" });
  using publishers = new DisposableStack();
  const publish = () => publishers.use(publishClock(`${room.push_url}/${room.stream_key}`, fromMs));
  const publisher = publish();
  await startedRoom(client, room.id);
  const firsts: number[] = [];
  for (let n = 0; n < joins; n++) {
    const { page, context } = await visit(browser, desktop);
    await page.addInitScript(
      `document.addEventListener("loadeddata", () => (window.firstMs ??= performance.now()), { capture: true });`,
    );
    await page.goto(`${instance.url}/live/${room.id}`);
    await becomes(page, "window.firstMs > 0");
    firsts.push(await page.evaluate<number>("window.firstMs"));
    await context.close();
    await pause(betweenJoinsMs);
  }
  const { page, context } = await visit(browser, desktop);
  await page.goto(`${instance.url}/live/${room.id}`);
  const low = await agesOf(page, `document.querySelector("video")`);
  const agains = await againsOf(page, publisher, publish);
  await page.evaluate(plainPlayer());
  const plain = await agesOf(page, "window.plainVideo");
  await context.close();
  await client.ask(`/lives/${room.id}/end`, {});
  return { low, plain, firsts, agains };
}

/** Has the publisher go and come back, and yields how long the page takes to show it. */
async function againsOf(page: Page, first: Disposable, publish: () => Disposable): Promise<number[]> {
  const agains: number[] = [];
  let publisher = first;
  await page.evaluate("window.isSamePage = true");
  while (agains.length < drops) {
    publisher[Symbol.dispose]();
    await pause(dropMs);
    const againMs = Date.now();
    publisher = publish();
    const age = ageOf(`document.querySelector("video")`, fromMs);
    await becomes(page, `((age) => age !== null && Date.now() - age > ${againMs})(${age})`);
    agains.push(Date.now() - againMs);
    await page.waitForTimeout(settleMs);
  }
  assert.equal(await page.evaluate("window.isSamePage"), true);
  return agains;
}

/** The engine that the page has loaded, once more, as players that know no low latency. */
function plainPlayer(): string {
  return `(async () => {
  const [script, master] = ["/assets/hls-", "/master.m3u8"].map((part) => performance.getEntriesByType("resource").find(({ name }) => name.includes(part)).name);
  document.querySelector("video").remove();
  const { default: Hls } = await import(script);
  const video = (window.plainVideo = Object.assign(document.createElement("video"), { muted: true, autoplay: true }));
  document.body.append(video);
  const hls = new Hls({ lowLatencyMode: false, enableWorker: false });
  hls.loadSource(master);
  hls.attachMedia(video);
})()`;
}

async function byWebrtc(browser: Browser): Promise<number[]> {
  const room = await client.ask<Room>("/lives", { title: "A clock by WebRTC" });
  const host = await visit(browser, desktop);
  await host.page.goto(`${instance.url}/explore`);
  await host.page.evaluate(offerScript("whip", room, `${clockStream(fromMs)}.getTracks()`));
  await startedRoom(client, room.id);
  const viewer = await visit(browser, desktop);
  await viewer.page.goto(`${instance.url}/explore`);
  await viewer.page.evaluate(offerScript("whep", room, "[]"));
  await becomes(viewer.page, "window.shown.videoWidth > 0");
  const ages = await agesOf(viewer.page, "window.shown");
  for (const { context } of [host, viewer]) await context.close();
  return ages;
}

/** Connects a page by WebRTC: with tracks it publishes, without it watches. */
function offerScript(way: "whip" | "whep", { id, stream_key }: Room, tracks: string): string {
  return `(async () => {
  const connection = (window.connection = new RTCPeerConnection());
  const video = (window.shown = Object.assign(document.createElement("video"), { muted: true, autoplay: true }));
  const stream = (video.srcObject = new MediaStream());
  document.body.append(video);
  connection.ontrack = ({ track }) => stream.addTrack(track);
  const tracks = ${tracks};
  for (const track of tracks) {
    const transceiver = connection.addTransceiver(track, { direction: "sendonly" });
    const h264 = RTCRtpSender.getCapabilities("video").codecs.filter(({ mimeType }) => mimeType === "video/H264");
    transceiver.setCodecPreferences(h264);
  }
  if (tracks.length === 0) connection.addTransceiver("video", { direction: "recvonly" });
  await connection.setLocalDescription();
  const headers = { "content-type": "application/sdp", ...(${way === "whip"} && { authorization: "Bearer ${stream_key}" }) };
  const answer = await fetch("/api/v1/lives/${id}/${way}", { method: "POST", headers, body: connection.localDescription.sdp });
  const sdp = await answer.text();
  if (!answer.ok) throw new Error(sdp);
  await connection.setRemoteDescription({ type: "answer", sdp });
})()`;
}
