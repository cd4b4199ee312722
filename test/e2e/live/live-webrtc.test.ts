import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { sharedInstance } from "../../instance/shared.ts";
import { until } from "../../until.ts";
import { Person } from "../../users/person.ts";
import { becomes, desktop, logIn, phone, sharedBrowser, visit } from "../../browser/browser.ts";
import type { Instance } from "../../instance/instance.ts";

describe("a live stream from a browser", () => {
  before(async () => {
    instance = await sharedInstance();
    browser = await sharedBrowser("whole");
  });

  it("says why nothing is sent where the camera is not allowed, on a phone too", async () => {
    const { page, context, complaints } = await visit(browser, phone);
    await prepare(page, "amina");
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await page.getByText("Your browser does not allow the camera or the microphone.").waitFor();
    assert.equal(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("is sent, watched by HLS, WebRTC and FLV, and outlives the change to the studio", async () => {
    const host = await visit(browser, desktop);
    await host.context.grantPermissions(["camera", "microphone"]);
    const id = await prepare(host.page, "bilal");
    await host.page.getByRole("button", { name: "Start", exact: true }).click();
    await host.page.getByText("Sending", { exact: true }).waitFor();
    await host.page.getByText(/[1-9]\d* kbit\/s · \d+ fps/).waitFor();
    await host.page.getByRole("button", { name: "Go live", exact: true }).click();
    await host.page.waitForURL("**/studio");
    await host.page.getByText("Sending", { exact: true }).waitFor();

    const viewer = await visit(browser, phone);
    const files = filesOf(viewer.page);
    await viewer.page.goto(`${instance.url}/live/${id}`);
    const film = `document.querySelector("video")`;
    await becomes(viewer.page, `${film}?.currentTime > 1 && ${film}.videoWidth > 0`);

    await playsWithoutOpus(id);
    assert.ok(files.some((name) => name.startsWith("audio-")));
    assert.deepEqual(
      files.filter((name) => name.startsWith("aac")),
      [],
      "a browser that plays Opus stays with it",
    );

    await becomes(viewer.page, watching(`/api/v1/lives/${id}/whep`));
    await becomes(viewer.page, `window.whep.sound > 0`);
    assert.deepEqual(await viewer.page.evaluate(firstTags(`/api/v1/lives/${id}/stream.flv`)), ["FLV", 5, 18]);

    await host.page.getByRole("button", { name: "Stop sending" }).click();
    await viewer.page.getByRole("heading", { name: "The host will be right back" }).waitFor();
    await host.page.getByRole("button", { name: "End stream" }).click();
    await host.page.getByRole("dialog").getByRole("button", { name: "End stream" }).click();
    await viewer.page.getByRole("heading", { name: "The stream has ended" }).waitFor();
    assert.deepEqual([host.complaints, viewer.complaints], [[], []]);
    for (const { context } of [host, viewer]) await context.close();
  });
});

let instance: Instance;
let browser: Browser;

/** A new account with a room, at the choice of what to send from this browser. */
async function prepare(page: Page, username: string): Promise<string | null> {
  const person = new Person(instance.url, username);
  await person.signUp();
  await logIn(page, instance.url, person);
  await page.goto(`${instance.url}/live/new`);
  await page.getByRole("textbox", { name: "Title" }).fill("From the kitchen");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("tab", { name: "From this browser" }).click();
  await page.getByRole("button", { name: "Camera", exact: true }).waitFor();
  return new URL(page.url()).searchParams.get("room");
}

/** A browser without Opus, as older versions of Safari are, has the sound in AAC, which goes on coming. */
async function playsWithoutOpus(id: string | null): Promise<void> {
  // On a busy machine its first segment takes longer than all before.
  await until(async () => {
    const master = await fetch(`${instance.url}/api/v1/lives/${id}/hls/master.m3u8`);
    return (await master.text()).includes("sound-aac");
  });
  const { page, context, complaints } = await visit(browser, desktop);
  await page.addInitScript(`{
    const isSupported = MediaSource.isTypeSupported.bind(MediaSource);
    MediaSource.isTypeSupported = (type) => !/opus/i.test(type) && isSupported(type);
  }`);
  const files = filesOf(page);
  // As in the first seconds of a stream, before a segment of AAC is whole.
  let isFirst = true;
  await page.route("**/hls/master.m3u8*", async (route) => {
    if (!isFirst) return route.continue();
    isFirst = false;
    const response = await route.fetch();
    return route.fulfill({ response, body: withoutAac(await response.text()) });
  });
  await page.goto(`${instance.url}/live/${id}`);
  const state = `(({ buffered, currentTime, webkitAudioDecodedByteCount }) => ({
    timeS: currentTime,
    endS: buffered.length ? buffered.end(buffered.length - 1) : 0,
    soundBytes: webkitAudioDecodedByteCount,
  }))(document.querySelector("video"))`;
  // Another encoder begins for it beside two browsers.
  await becomes(page, `document.querySelector("video")?.currentTime > 1`);
  const { timeS, endS, soundBytes } = await page.evaluate<Record<"timeS" | "endS" | "soundBytes", number>>(state);
  await becomes(
    page,
    `(({ timeS, endS, soundBytes }) => timeS > ${timeS} + 1 && endS > ${endS} + 1 && soundBytes > ${soundBytes})(${state})`,
  );
  assert.ok(files.some((name) => name.startsWith("aac-")));
  assert.ok(!files.some((name) => name.startsWith("audio")), files.join());
  assert.deepEqual(complaints, []);
  await context.close();
}

/** A master playlist less its renditions in AAC and the variants with them. */
function withoutAac(playlist: string): string {
  const text = playlist
    .replaceAll(/#EXT-X-STREAM-INF:[^\n]*AUDIO="sound-aac"[^\n]*\n[^\n]*\n/g, "")
    .replaceAll(/#EXT-X-MEDIA:[^\n]*GROUP-ID="sound-aac"[^\n]*\n/g, "");
  assert.ok(text.includes("opus") && !text.includes("sound-aac"), text);
  return text;
}

/** The names of what a page asks for. */
function filesOf(page: Page): string[] {
  const names: string[] = [];
  page.on("request", (request) => names.push(new URL(request.url()).pathname.split("/").at(-1) ?? ""));
  return names;
}

/** Begins to watch by WHEP, once; true when pictures have a size. */
const watching = (url: string): string => `(async () => {
  if (!window.whep) {
    const whep = (window.whep = { sound: 0 });
    const connection = new RTCPeerConnection();
    const stream = new MediaStream();
    const video = document.createElement("video");
    Object.assign(video, { muted: true, srcObject: stream });
    for (const kind of ["video", "audio"]) connection.addTransceiver(kind, { direction: "recvonly" });
    connection.ontrack = ({ track }) => stream.addTrack(track);
    await connection.setLocalDescription();
    const answer = await fetch(${JSON.stringify(url)}, { method: "POST", headers: { "content-type": "application/sdp" }, body: connection.localDescription.sdp });
    await connection.setRemoteDescription({ type: "answer", sdp: await answer.text() });
    setInterval(async () => (await connection.getStats()).forEach((one) => {
      if (one.type === "inbound-rtp" && one.kind === "audio") whep.sound = one.packetsReceived;
    }), 200);
    whep.video = video;
    video.play().catch(() => undefined);
  }
  return window.whep.video.videoWidth > 0 && window.whep.video.currentTime > 1;
})()`;

/** How an FLV stream begins: its name, what it has, and the type of its first tag. */
const firstTags = (url: string): string => `(async () => {
  const { body } = await fetch(${JSON.stringify(url)});
  const reader = body.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return [new TextDecoder().decode(value.slice(0, 3)), value[4], value[13]];
})()`;
