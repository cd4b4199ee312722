import type { Page } from "playwright-core";
import { until } from "../until.ts";

/**
 * Answers with segments that cannot be decoded until the page's player begins anew, as after any fault of the decoder.
 * Yields what settles then.
 */
export async function breakSegments(page: Page, segments: RegExp): Promise<() => Promise<void>> {
  let isAnew = false;
  await page.exposeFunction("noteAnew", () => (isAnew = true));
  await page.evaluate(`document.querySelector("video").addEventListener("emptied", () => void window.noteAnew())`);
  await page.route(segments, async (route) => {
    const answer = await route.fetch();
    const body = await answer.body();
    if (!isAnew) body.fill(0x5a, Math.floor(body.length / 3));
    await route.fulfill({ response: answer, body });
  });
  return async () => {
    await until(() => Promise.resolve(isAnew));
    await page.unrouteAll({ behavior: "ignoreErrors" });
  };
}
