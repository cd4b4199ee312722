import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { inTurn } from "#test/depth";
import { Person } from "../../users/person.ts";
import { startOnTemplate } from "../../instance/template.ts";
import { until } from "../../until.ts";
import {
  becomes,
  type Device,
  desktop,
  logIn,
  openBrowser,
  phone,
  plays,
  selectOption,
  visit,
} from "../../browser/browser.ts";
import type { Instance } from "../../instance/instance.ts";

const clips = join(import.meta.dirname, "../../media");

describe("a user's own videos in a real browser", () => {
  before(async () => {
    instance = await startOnTemplate({ env: { KINORA_RATE_LIMIT: "off", KINORA_OUTGOING_ALLOW: allowed } });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await instance?.[Symbol.asyncDispose]();
  });

  it("can get another file under the same address, and keep the old one when the new one is invalid", async () => {
    await using at = await owner(desktop, { clip: "moov-at-end.mp4", title: "Sea" });
    const { page, id } = at;
    const before = await at.video();
    await page.goto(`${instance.url}/studio?edit=${id}`);
    const file = page.getByRole("group", { name: "Video file" });
    await file.locator("input[type=file]").setInputFiles(join(clips, "html-as-video.mp4"));
    await file.getByText("The new file was not sent; the old one plays on.").waitFor();
    await file.locator("input[type=file]").setInputFiles(join(clips, "video-only.mp4"));
    await page.getByText("The new file plays from now on.").waitFor();
    const now = await at.video();
    assert.equal(now["id"], id);
    assert.notEqual(now["media_id"], before["media_id"]);
    assert.notEqual(now["hls_url"], undefined);
    await page.goto(`${instance.url}/watch/${id}`);
    await plays(page);
    assert.equal(await page.evaluate(`document.querySelector("video").videoWidth`), now["width"]);
    at.isQuiet();
  });

  it("can get one of their frames as a cover, and the automatic cover again", async () => {
    await using at = await owner(phone, { clip: "moov-at-end.mp4", title: "Sea" });
    const { page, id } = at;
    const automatic = (await at.video())["cover_url"];
    await page.goto(`${instance.url}/studio?edit=${id}`);
    await page.getByRole("button", { name: "Choose a frame of the video" }).click();
    await page.getByRole("button", { name: "One frame on" }).click();
    await page.getByRole("button", { name: "Use this frame" }).click();
    await page.getByRole("button", { name: "Use the automatic cover" }).waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    const chosen = await until(
      async () => {
        const now = String((await at.video())["cover_url"]);
        return now === automatic ? undefined : now;
      },
      { said: () => page.url() },
    );
    assert.match(String((await fetch(new URL(chosen, instance.url))).headers.get("content-type")), /^image\//);
    await page.goto(`${instance.url}/studio?edit=${id}`);
    await page.getByRole("button", { name: "Use the automatic cover" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await until(async () => (await at.video())["cover_url"] === automatic);
    at.isQuiet();
  });

  for (const device of inTurn([phone, desktop], 0))
    it(`show the chapters of their description, and seek to them, on a ${device.name}`, async () => {
      const description = "0:00 Harbour\n0:15 Open water\n0:30 Home & <b>dry</b>";
      await using at = await owner(device, { title: "Trip", description });
      const { page, id } = at;
      await page.goto(`${instance.url}/watch/${id}`);
      await page.getByRole("button", { name: "more", exact: true }).click();
      const list = page.getByRole("region", { name: "Chapters" });
      await list.getByRole("button", { name: "Harbour" }).waitFor();
      assert.deepEqual(await list.getByRole("button").allInnerTexts(), [
        "0:00\nHarbour",
        "0:15\nOpen water",
        "0:30\nHome & <b>dry</b>",
      ]);
      // It gets there by the click alone.
      await becomes(page, `document.querySelector("video").currentTime > 0`);
      await page.evaluate(`document.querySelector("video").pause()`);
      await list.getByRole("button", { name: "Open water" }).click();
      await becomes(page, `document.querySelector("video").currentTime >= 14`);
      await becomes(page, `document.querySelector("[aria-current=true]")?.textContent.includes("Open water")`);
      at.isQuiet();
    });

  it("can be put into a category and taken out of it", async () => {
    await using at = await owner(phone, { clip: "moov-at-end.mp4", title: "Sea" });
    const { page, id } = at;
    for (const [category, kept] of [
      ["Travel", 8],
      ["Not chosen", null],
    ] as const) {
      await page.goto(`${instance.url}/studio?edit=${id}`);
      await selectOption(page, "What it is about", category);
      await page.getByRole("button", { name: "Save" }).click();
      await until(async () => (await at.video())["category_id"] === kept);
    }
    at.isQuiet();
  });

  it("take tags by typing and pasting, keep them in drafts, remove them by keyboard, and link to searches", async () => {
    await using at = await owner(desktop, { clip: "moov-at-end.mp4", title: "Sea" });
    const { page, id } = at;
    const field = page.getByRole("textbox", { name: "Tags" });
    const chosen = page.getByRole("list", { name: "Tags of this video" }).getByRole("button");
    await page.goto(`${instance.url}/upload`);
    await page.getByLabel("Choose video").setInputFiles(join(clips, "video-only.mp4"));
    await page.getByText("Your file is safe here.").waitFor();
    await page.getByRole("button", { name: "More options" }).click();
    await field.fill("kept in a draft");
    await field.press("Enter");
    await page.getByRole("button", { name: "Remove tag “kept in a draft”" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "More options kept in a draft" }).click();
    await chosen.first().waitFor();
    assert.deepEqual(await chosen.allInnerTexts(), ["kept in a draft"]);

    await page.goto(`${instance.url}/studio?edit=${id}`);
    await field.pressSequentially("first,<b>bold</b>");
    await field.press("Enter");
    await page.evaluate(`(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text", "FIRST，日落\\nunder the sea\\nlast");
      document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    })()`);
    await chosen.nth(4).waitFor();
    await field.press("Backspace");
    assert.deepEqual(await chosen.allInnerTexts(), ["first", "<b>bold</b>", "日落", "under the sea"]);
    await page.getByRole("button", { name: "Remove tag “first”" }).focus();
    await page.keyboard.press("Enter");
    await becomes(page, `document.activeElement?.textContent === "<b>bold</b>"`);
    await page.getByRole("status").filter({ hasText: "Removed: first" }).waitFor({ state: "attached" });
    await field.fill("left behind");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("status").filter({ hasText: "Saved" }).waitFor();
    assert.deepEqual((await at.video())["tags"], ["<b>bold</b>", "日落", "under the sea", "left behind"]);

    await page.goto(`${instance.url}/watch/${id}`);
    const shown = page.getByRole("list", { name: "Tags" }).getByRole("link");
    await shown.first().waitFor();
    assert.deepEqual(await shown.allInnerTexts(), ["<b>bold</b>", "日落", "under the sea", "left behind"]);
    await page.getByRole("link", { name: "under the sea" }).click();
    await page.waitForURL((url) => url.searchParams.get("q") === "under the sea");
    await page.getByRole("link", { name: /Sea/ }).first().waitFor();
    at.isQuiet();
  });

  for (const device of inTurn([phone, desktop], 1))
    it(`can be imported from an address, on a ${device.name}`, async () => {
      const film = await readFile(join(clips, "moov-at-end.mp4"));
      const open = Promise.withResolvers<void>();
      const origin = createServer(({ url = "" }, response) => {
        if (!url.startsWith("/trip")) response.writeHead(404).end();
        else void open.promise.then(() => response.writeHead(200, { "content-type": "video/mp4" }).end(film));
      }).listen(0, allowed);
      await once(origin, "listening");
      const { port } = origin.address() as AddressInfo; // A TCP server has one.
      try {
        const person = new Person(instance.url);
        await person.signUp();
        const { page, context, complaints } = await visit(browser, device);
        await using _context = { [Symbol.asyncDispose]: () => context.close() };
        await logIn(page, instance.url, person);
        await page.goto(`${instance.url}/upload`);
        await publishFrom(page, "a film of mine", `http://${allowed}:${port}/trip_to_sea.mp4`);
        await page.getByText("Fetching the file").waitFor();
        await page.goto(`${instance.url}/studio`);
        await page.getByText("Fetching the file").waitFor();
        await page.getByRole("link", { name: "trip to sea" }).click();
        open.resolve();
        await page.getByRole("link", { name: "Watch it" }).click();
        await plays(page);
        await page.goto(`${instance.url}/upload`);
        await publishFrom(page, "ftp://example.org/x", `http://${allowed}:${port}/none.mp4`);
        await page.getByText("There is nothing at this address").waitFor();
        assert.deepEqual(complaints, []);
      } finally {
        origin.close().closeAllConnections();
      }
    });
});

/** The address that films may be fetched from. */
const allowed = "127.0.0.2";

/** Publishes what is at an address; one that is none is typed first. */
async function publishFrom(page: Page, wrong: string, address: string): Promise<void> {
  await page.getByRole("button", { name: "From an address" }).click();
  const field = page.getByLabel("Address of a file");
  await field.fill(wrong);
  await page.getByRole("button", { name: "Use it" }).click();
  await page.getByText("This is no address of a file").waitFor();
  await field.fill(address);
  await page.getByRole("button", { name: "Use it" }).click();
  await page.getByText("It is fetched when you publish.").waitFor();
  await page.reload();
  await page.getByText(address).waitFor();
  await page.getByRole("button", { name: "Publish" }).click();
}

let instance: Instance;
let browser: Browser;

interface Owned extends AsyncDisposable {
  readonly page: Page;
  readonly id: number;
  video(): Promise<Record<string, unknown>>;
  isQuiet(): void;
}

let long: Promise<Buffer> | undefined;
const longEnough = (): Promise<Buffer> => (long ??= madeLong());

/** A film of forty seconds: chapters are ten seconds long at least. */
async function madeLong(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "kinora-editing-"));
  try {
    const path = join(folder, "trip.mp4");
    const source = "-f lavfi -i testsrc2=s=320x180:r=5 -f lavfi -i sine=440 -t 40";
    const encode = "-c:v libx264 -preset ultrafast -g 10 -pix_fmt yuv420p -c:a aac";
    await promisify(execFile)("ffmpeg", [..."-loglevel error".split(" "), ...`${source} ${encode}`.split(" "), path]);
    return await readFile(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A new user who has published a video and is signed in. */
async function owner(
  device: Device,
  { clip = "", title, description = "" }: { clip?: string; title: string; description?: string },
): Promise<Owned> {
  const person = new Person(instance.url);
  await person.signUp();
  const { data } = await person.upload(clip === "" ? await longEnough() : await readFile(join(clips, clip)));
  const response = await person.ask("POST", "/videos", { body: { title, description, media_id: data["id"] } });
  const id = Number(response.data["id"]);
  const video = () => person.get(`/videos/${id}`);
  await until(async () => (await video())["status"] === 1);
  // The picture it has by itself comes a moment after it can be played.
  await until(async () => (await video())["cover_url"] !== "");
  const { page, context, complaints } = await visit(browser, device);
  await logIn(page, instance.url, person);
  return {
    page,
    id,
    video,
    isQuiet: () => assert.deepEqual(complaints, []),
    [Symbol.asyncDispose]: () => context.close(),
  };
}
