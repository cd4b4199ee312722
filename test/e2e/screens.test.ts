import assert from "node:assert/strict";
import { it } from "node:test";
import { isNightly } from "#test/depth";
import { becomes, desktop, phone, visit } from "./browser.ts";
import { type Dress, looksAtPages, picture } from "./screens.ts";

/*
 * Each width, each language and each theme once, on one server: the longer words of English on the narrower screen. The
 * nightly run and pictures for the documents have all combinations.
 */
const dresses: readonly Dress[] = [
  { device: phone, language: "en", theme: "light" },
  { device: desktop, language: "zh", theme: "dark" },
];
const others: readonly Dress[] = [
  { device: phone, language: "en", theme: "dark" },
  { device: phone, language: "zh", theme: "light" },
  { device: phone, language: "zh", theme: "dark" },
  { device: desktop, language: "en", theme: "light" },
  { device: desktop, language: "en", theme: "dark" },
  { device: desktop, language: "zh", theme: "light" },
];

looksAtPages(
  isNightly || process.env["SCREENSHOTS"] === "1" ? [...dresses, ...others] : dresses,
  ({ url, browser }) => {
    it("report a missing connection", async () => {
      const { page, context } = await visit(browser(), phone, { hasServiceWorker: true });
      await page.goto(`${url()}/for-you`);
      await becomes(page, `document.querySelector("video")?.readyState >= 2`);
      await context.setOffline(true);
      await becomes(page, `/offline|connection/i.test(document.body.innerText)`);
      await page.screenshot(picture("offline", { device: "phone", language: "en", theme: "dark" }));
      await context.setOffline(false);
      await context.close();
    });

    it("advance by as many videos as keys are pressed, however quickly", async () => {
      const { page, context } = await visit(browser(), desktop);
      await page.goto(`${url()}/for-you`);
      const place = `Number(document.querySelector("article:not([aria-hidden=true])")?.ariaPosInSet)`;
      await becomes(page, `${place} === 1`);
      // No frame comes in between.
      const press = (key: string) => `window.dispatchEvent(new KeyboardEvent("keydown", { key: "${key}" }))`;
      await page.evaluate([press("ArrowDown"), press("ArrowDown"), press("ArrowDown"), press("ArrowUp")].join());
      await becomes(page, `${place} === 3`);
      await context.close();
    });

    it("preload the next video, with at most three players, and play it after a key press", async () => {
      const { page, context } = await visit(browser(), phone);
      await page.goto(`${url()}/for-you`);
      await becomes(page, `document.querySelector("video")?.currentTime > 0.3`);
      await becomes(
        page,
        `document.querySelectorAll("video").length > 1 && document.querySelectorAll("video")[1].readyState >= 2`,
      );
      assert.ok(
        (await page.evaluate<number>(`document.querySelectorAll("video").length`)) <= 3,
        "at most three players",
      );
      await page.keyboard.press("ArrowDown");
      await becomes(
        page,
        `[...document.querySelectorAll("video")].some((v) => { const b = v.getBoundingClientRect(); return b.top > -5 && b.top < 200 && !v.paused && v.readyState >= 2 })`,
      );
      await context.close();
    });
  },
);
