import type { Page } from "playwright-core";
import { becomes } from "./browser.ts";

/** A box that says that it is shorter than its head. */
const noMedia = [0, 0, 0, 4, ...Buffer.from("moof")];

/** Has a page keep what `failDecoder` needs. Called before the page is opened. */
export const keepSourceBuffers = (page: Page): Promise<unknown> =>
  page.addInitScript(`{
    const append = SourceBuffer.prototype.appendBuffer;
    SourceBuffer.prototype.appendBuffer = function (data) {
      window.sourceBuffer = this;
      append.call(this, data);
    };
  }`);

/** Gives the player's decoder what is no media, which is a fault at any pace, and waits until the player begins anew. */
export async function failDecoder(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    const { sourceBuffer } = window;
    document.querySelector("video").addEventListener("emptied", () => (window.isAnew = true), { once: true });
    while (sourceBuffer.updating) await new Promise((resolve) => setTimeout(resolve, 10));
    sourceBuffer.appendBuffer(new Uint8Array(${JSON.stringify(noMedia)}));
  })()`);
  await becomes(page, "window.isAnew === true");
}
