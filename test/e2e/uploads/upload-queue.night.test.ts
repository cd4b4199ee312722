import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { Person } from "../../users/person.ts";
import { startOnTemplate } from "../../instance/template.ts";
import { until } from "../../until.ts";
import { becomes, type Device, desktop, logIn, openBrowser, phone, visit } from "../../browser/browser.ts";
import { card, clip, open, publishFive, title } from "./five-uploads.ts";
import type { Instance } from "../../instance/instance.ts";
import { SlowLine } from "../../browser/slow-line.ts";

describe("the queue of uploads in a real browser", () => {
  before(async () => {
    instance = await startOnTemplate({ env: { KINORA_RATE_LIMIT: "off" } });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await instance?.[Symbol.asyncDispose]();
  });

  it("publishes five files together on a phone, after one was replaced, one scheduled and one given a cover", async () => {
    await using at = await uploader(phone);
    await publishFive(at.page, at.person);
    await at.page.getByRole("link", { name: "Watch it: rotated 90" }).waitFor();
    at.isQuiet();
  });

  it("sends two files at a time, publishes one by itself, and goes on while other pages are open", async () => {
    await using line = await SlowLine.to(instance.url);
    await using at = await uploader(desktop, line.url);
    const { page, person } = at;
    // Next to nothing arrives until all is filled in, however long a busy machine takes for that.
    line.bytesPerSecond = 200;
    await page
      .getByLabel("Choose video")
      .setInputFiles(["basic-720p.mp4", "moov-at-end.mp4", "video-only.mp4"].map(clip));
    await card(page, "video-only.mp4").getByText("Waits for the files before it").waitFor();
    // A small file is soon on the line as a whole, and then waits for its answer.
    assert.equal(await page.locator(`article:is([data-status="sending"], [data-status="checking"])`).count(), 2);
    await open(page, "moov-at-end.mp4");
    await title(page).fill("By itself");
    await page.getByRole("button", { name: "Publish", exact: true }).click();
    await page.getByText("Published as soon as the upload is done.").waitFor();
    await page.getByRole("link", { name: "Explore" }).first().click();
    await page.getByRole("link", { name: /^Video uploads: Uploading 3 videos/ }).waitFor();
    await line.clear();
    await until(async () => {
      const { list } = (await person.get("/users/me/videos")) as { list: Row[] }; // The contract's own shape.
      return list.some((video) => video["title"] === "By itself");
    });
    at.isQuiet();
  });

  it("keeps texts over a reload, takes a removal back, and begins the next video with the last choices", async () => {
    await using at = await uploader(phone);
    const { page } = at;
    await page.getByLabel("Choose video").setInputFiles([clip("moov-at-end.mp4"), clip("video-only.mp4")]);
    await card(page, "video-only.mp4").getByText("Uploaded").waitFor();
    await card(page, "moov-at-end.mp4").getByText("Uploaded").waitFor();
    await open(page, "moov-at-end.mp4");
    await title(page).fill("Half-typ");
    await page.reload();
    await open(page, "moov-at-end.mp4");
    await becomes(page, `document.querySelector("input[name=title]")?.value === "Half-typ"`);
    await page.getByRole("button", { name: "Remove “moov-at-end.mp4”" }).tap();
    await card(page, "moov-at-end.mp4").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).tap();
    await card(page, "moov-at-end.mp4").waitFor();
    await becomes(page, `document.querySelector("input[name=title]")?.value === "Half-typ"`);
    await open(page, "video-only.mp4");
    await page.getByRole("button", { name: /Who can watch/ }).tap();
    await page.getByRole("option", { name: "Unlisted" }).tap();
    await page.getByRole("button", { name: "Publish", exact: true }).tap();
    await card(page, "video-only.mp4")
      .getByRole("link", { name: /^Watch it/ })
      .waitFor();
    await page.getByLabel("Add videos").setInputFiles(clip("fragmented.mp4"));
    await open(page, "fragmented.mp4");
    await page.getByRole("button", { name: /Unlisted.*Who can watch|Who can watch.*Unlisted/ }).waitFor();
    at.isQuiet();
  });
});

let instance: Instance;
let browser: Browser;

type Row = Record<string, unknown>;

/** A new user on the upload page. */
async function uploader(device: Device, url = instance.url) {
  const person = new Person(instance.url);
  await person.signUp();
  const { page, context, complaints } = await visit(browser, device, { isUnhurried: true });
  await logIn(page, url, person);
  await page.goto(`${url}/upload`);
  return {
    page,
    person,
    isQuiet: () => assert.deepEqual(complaints, []),
    [Symbol.asyncDispose]: () => context.close(),
  };
}
