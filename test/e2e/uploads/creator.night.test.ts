import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { Person } from "../../users/person.ts";
import { startOnTemplate } from "../../instance/template.ts";
import { until } from "../../until.ts";
import { desktop, logIn, openBrowser, visit } from "../../browser/browser.ts";
import { clip, publishFive } from "./five-uploads.ts";
import type { Instance } from "../../instance/instance.ts";

/** The work of a creator with new videos, as one walk. */
describe("a creator", () => {
  before(async () => {
    instance = await startOnTemplate({ env: { KINORA_RATE_LIMIT: "off" } });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await instance?.[Symbol.asyncDispose]();
  });

  it("publishes five files, adds captions, filters and changes them, sees where people left, and answers", async () => {
    const creator = new Person(instance.url, "potter");
    await creator.signUp();
    const { page, context, complaints } = await visit(browser, desktop, { isUnhurried: true });
    await logIn(page, instance.url, creator);
    await page.goto(`${instance.url}/upload`);
    const videos = await publishFive(page, creator);
    const id = Number(videos.get("With a cover")?.["id"]);

    await page.goto(`${instance.url}/studio`);
    const row = (title: string) => page.getByRole("row").filter({ hasText: title });
    await row("With a cover").getByRole("button", { name: "More for “With a cover”" }).click();
    await page.getByRole("menuitem", { name: "Edit" }).click();
    const captions = page.getByRole("group", { name: "Captions" });
    await captions.locator("input[type=file]").setInputFiles(clip("captions-en.srt"));
    await captions.getByText("2 lines").waitFor();
    await page.keyboard.press("Escape");
    await captions.waitFor({ state: "detached" });

    await page.getByRole("button", { name: "State" }).click();
    await page.getByRole("menuitem", { name: "Scheduled" }).click();
    await row("rotated 90").waitFor({ state: "detached" });
    await row("For next year").waitFor();
    await page.getByRole("button", { name: "State: Scheduled" }).click();
    await page.getByRole("menuitem").first().click();
    for (const title of ["rotated 90", "fragmented"])
      await page.getByRole("checkbox", { name: `Select “${title}”` }).check({ force: true });
    await page.getByText("2 selected").waitFor();
    await page.getByRole("button", { name: "Visibility" }).click();
    await page.getByRole("menuitem", { name: "Private" }).click();
    await page.getByText("2 videos: Private").waitFor();
    for (const title of ["rotated 90", "fragmented"])
      assert.equal((await creator.get(`/videos/${Number(videos.get(title)?.["id"])}`))["visibility"], "private");

    const duration = Number((await creator.get(`/videos/${id}`))["duration"]);
    await watchedBy([1, 0.5, 0.5, 0.5], { id, duration });
    const fan = new Person(instance.url, "visitor");
    await fan.signUp();
    await fan.ask("POST", `/videos/${id}/comments`, { body: { content: "Which clay is it?" } });

    // As many left in the middle as the curve says.
    const retention = page.getByRole("slider", { name: "How long people stay" });
    await until(async () => {
      await page.goto(`${instance.url}/studio/video/${id}`);
      await page.getByText("Where views come from").waitFor();
      return (await retention.count()) > 0;
    });
    const stayed = async (key: string) => {
      await retention.press(key);
      return (await retention.getAttribute("aria-valuetext")) ?? "";
    };
    assert.match(await stayed("Home"), /100%/);
    assert.match(await stayed("End"), /25%/);

    await page.getByRole("tab", { name: "Comments" }).click();
    await page.getByRole("button", { name: "Unanswered" }).click();
    const comment = page.getByRole("listitem").filter({ hasText: "Which clay is it?" });
    await comment
      .getByRole("button", { name: /^Reply/ })
      .first()
      .click();
    await comment.getByRole("textbox").fill("A red stoneware.");
    await comment.getByRole("textbox").press("Control+Enter");
    await until(async () => {
      const { list } = (await creator.get(`/users/me/received-comments?filter=unanswered`)) as { list: object[] }; // The contract's own shape.
      return list.length === 0;
    });
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

let instance: Instance;
let browser: Browser;

/** Each of these parts of the video is what one person has watched, from its beginning. */
async function watchedBy(parts: readonly number[], { id, duration }: { id: number; duration: number }): Promise<void> {
  for (const part of parts) {
    const viewer = new Person(instance.url);
    await viewer.signUp();
    const position = duration * part;
    const body = { position, duration: position, finished: part === 1, ranges: [[0, position]], source: "feed" };
    assert.equal((await viewer.ask("POST", `/videos/${id}/play`, { body })).status, 200);
  }
}
