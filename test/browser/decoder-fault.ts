import type { Page } from "playwright-core";
import { becomes } from "./browser.ts";

/** An ISO BMFF box whose size is smaller than its header. */
const invalidBox = [0, 0, 0, 4, ...Buffer.from("moof")];

/** Keeps a page's newest source buffer for `failDecoder`. Call it before the page is opened. */
export const keepSourceBuffers = (page: Page): Promise<unknown> =>
  page.addInitScript(`{
    const append = SourceBuffer.prototype.appendBuffer;
    SourceBuffer.prototype.appendBuffer = function (data) {
      window.sourceBuffer = this;
      append.call(this, data);
    };
  }`);

/** Makes the decoder fail by appending an invalid box, and waits until the player has reset the video. */
export async function failDecoder(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    const { sourceBuffer } = window;
    document.querySelector("video").addEventListener("emptied", () => (window.isReset = true), { once: true });
    while (sourceBuffer.updating) await new Promise((resolve) => setTimeout(resolve, 10));
    sourceBuffer.appendBuffer(new Uint8Array(${JSON.stringify(invalidBox)}));
  })()`);
  await becomes(page, "window.isReset === true");
}
