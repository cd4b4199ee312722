import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { inTurn } from "#test/depth";
import { desktop, openBrowser, phone, plays, visit } from "../browser/browser.ts";
import type { Instance } from "../instance/instance.ts";
import { startOnTemplate } from "../instance/template.ts";
import { until } from "../until.ts";

const clip = join(import.meta.dirname, "../media/basic-720p.mp4");

describe("the main job in a real browser", () => {
  before(async () => {
    instance = await startOnTemplate();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await instance?.[Symbol.asyncDispose]();
  });

  for (const device of inTurn([phone, desktop], 0))
    it(`works from sign-up to playback by another visitor, and again after a crash, on a ${device.name}`, async () => {
      const creator = await visit(browser, device, { hasServiceWorker: true });
      const { page } = creator;
      await page.goto(`${instance.url}/signup`);
      await page.getByRole("textbox", { name: "Username" }).fill(`mira-${device.name}`);
      await page.getByLabel("Password", { exact: true }).fill("blue bicycle");
      await press(page, device.hasTouch, page.getByRole("button", { name: "Create account" }));
      await page.waitForURL((url) => !url.pathname.includes("signup"));

      await page.goto(`${instance.url}/upload`);
      await page.getByLabel("Choose video").setInputFiles(clip);
      const title = `Bright sea ${device.name}`;
      await page.getByRole("textbox", { name: "Title" }).fill(title);
      await page.getByRole("textbox", { name: "Description" }).fill("made for a test");
      await press(page, device.hasTouch, page.getByRole("button", { name: "Publish" }));
      const link = page.getByRole("link", { name: /Watch|Playable|Open/ }).first();
      await link.waitFor();
      const watch = await link.getAttribute("href");
      assert.ok(watch);

      await page.goto(new URL(watch, instance.url).href);
      await plays(page);
      assert.deepEqual(creator.complaints, []);

      const stranger = await visit(browser, device, { hasServiceWorker: true });
      // A feed that is open stays as it is: it is opened again where the video was not in it yet.
      await until(async () => {
        await stranger.page.goto(`${instance.url}/for-you`);
        const shown = stranger.page.getByText(title).first().waitFor({ timeout: 10_000 });
        return shown.then(
          () => true,
          () => false,
        );
      });
      await plays(stranger.page);
      assert.deepEqual(stranger.complaints, []);

      await instance.kill();
      await instance.restart();
      const later = await visit(browser, device, { hasServiceWorker: true });
      await later.page.goto(`${instance.url}/for-you`);
      await later.page.getByText(title).first().waitFor();
      await plays(later.page);
      await page.goto(`${instance.url}/studio`);
      await page.getByText(title).first().waitFor();
      for (const { context } of [creator, stranger, later]) await context.close();
    });
});

let instance: Instance;
let browser: Browser;

const press = (_: Page, hasTouch: boolean, target: ReturnType<Page["getByRole"]>) =>
  hasTouch ? target.tap() : target.click();
