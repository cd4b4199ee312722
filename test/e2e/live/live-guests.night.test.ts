import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { startOnTemplate } from "../../instance/template.ts";
import { becomes, desktop, logIn, openBrowser, phone, visit } from "../../browser/browser.ts";
import type { Instance } from "../../instance/instance.ts";

describe("guests of a live room in a real browser", () => {
  before(async () => {
    // Smaller renditions would cost more than all of it.
    instance = await startOnTemplate({ env: { KINORA_LIVE_RUNGS: "0" } });
    browser = await openBrowser("whole");
  });
  after(async () => {
    await browser?.close();
    await instance?.[Symbol.asyncDispose]();
  });

  it("are invited, shown beside the host to viewers, played without segments by the host, and removed", async () => {
    const host = await person("amina");
    const id = await goLive(host.page);
    const guest = await person("bilal");
    const viewer = await visit(browser, phone);
    for (const { page } of [guest, viewer]) await page.goto(`${instance.url}/live/${id}`);
    await becomes(viewer.page, `${playing(viewerPlays)} === 1`);
    await viewer.page.evaluate("window.isSamePage = true");

    await host.page.getByRole("button", { name: "Invite", exact: true }).click();
    const sheet = host.page.getByRole("dialog");
    await sheet.getByRole("textbox", { name: "Username" }).fill("@bilal");
    await sheet.getByRole("button", { name: "Invite", exact: true }).click();
    await host.page.getByText("Invited", { exact: true }).waitFor();
    await guest.page.getByRole("heading", { name: "amina invites you to join" }).waitFor();
    await guest.page.getByRole("button", { name: "Join", exact: true }).click();
    await guest.page.getByRole("button", { name: "Mute your microphone" }).waitFor();

    // Both players of the viewer go on, from buffers of segments.
    await becomes(viewer.page, `${playing(viewerPlays)} === 2`);
    await becomes(viewer.page, `document.querySelector(".live-tile[data-guest]").textContent.includes("bilal")`);
    // Host and guest play each other by WebRTC.
    await becomes(host.page, `${playing(talks)} === 1`);
    await becomes(guest.page, `${playing(talks)} === 2`);

    await host.page.getByRole("button", { name: "Remove bilal" }).click();
    await becomes(viewer.page, `document.querySelectorAll(".live-stage video").length === 1`);
    await guest.page.getByText("You are no longer on air").waitFor();
    await becomes(guest.page, `document.querySelectorAll(".live-stage video").length === 1`);
    assert.equal(await viewer.page.evaluate("window.isSamePage === true"), true, "without a reload");
    await becomes(viewer.page, `${playing(viewerPlays)} === 1`);
    // FFmpeg draws the cover, which a busy machine does not start in time.
    const complaints = [host, guest, viewer].flatMap((one) => one.complaints);
    assert.deepEqual(
      complaints.filter((line) => !line.includes("/picture.jpg")),
      [],
    );
    for (const { context } of [host, guest, viewer]) await context.close();
  });
});

let instance: Instance;
let browser: Browser;
const password = "blue bicycle";

/** Small and few pictures, whatever the page asks for: three pages encode and decode them on one machine. */
const smallCamera = `{
  const devices = navigator.mediaDevices;
  const real = devices.getUserMedia.bind(devices);
  devices.getUserMedia = ({ audio, video }) => real({ audio, video: video && { width: 320, height: 180, frameRate: 10 } });
}`;

/** An account whose browser may use camera and microphone. */
async function person(username: string) {
  const visitor = await visit(browser, desktop);
  await visitor.context.addInitScript(smallCamera);
  await visitor.context.grantPermissions(["camera", "microphone"]);
  const answer = await visitor.context.request.post(`${instance.url}/api/v1/users/register`, {
    headers: { origin: instance.url },
    data: { username, password },
  });
  assert.equal(answer.status(), 200, await answer.text());
  await logIn(visitor.page, instance.url, { username, password });
  return visitor;
}

/** A room that is live from this browser; yields its number. */
async function goLive(page: Page): Promise<string | null> {
  await page.goto(`${instance.url}/live/new`);
  await page.getByRole("textbox", { name: "Title" }).fill("Kitchen talk");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("tab", { name: "From this browser" }).click();
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByText("Sending", { exact: true }).waitFor();
  const id = new URL(page.url()).searchParams.get("room");
  await page.getByRole("button", { name: "Go live", exact: true }).click();
  await page.waitForURL("**/studio");
  return id;
}

const viewerPlays = `video.srcObject === null && video.buffered.length > 0 && video.buffered.end(video.buffered.length - 1) > 1`;
const talks = "video.srcObject instanceof MediaStream";
/** How many pictures of a room are there and go on, of those for which the condition holds. */
const playing = (condition: string): string => `(() => {
  window.seen ??= new WeakMap();
  return [...document.querySelectorAll(".live-tile video")].filter((video) => {
    const before = window.seen.get(video) ?? video.currentTime;
    window.seen.set(video, before);
    return video.videoWidth > 0 && video.currentTime > before + 0.5 && ${condition};
  }).length;
})()`;
