import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { Person } from "../fault/person.ts";
import { until } from "../until.ts";
import { becomes, desktop, logIn, openBrowser, phone, visit } from "./browser.ts";
import { Instance } from "./instance.ts";

describe("what is said under a video, in a real browser", { timeout: 300_000 }, () => {
  before(prepare);
  after(async () => {
    await browser?.close();
    await instance?.[Symbol.asyncDispose]();
  });

  it("names and hashtags in a comment lead to their pages, and everything else stays what was typed", async () => {
    const { page, context, complaints } = await visit(browser, phone);
    await logIn(page, instance.url, fan);
    await page.goto(`${instance.url}/watch/${videoId}`);
    await page.getByLabel("Add a comment").fill(`@keeper see #sea, <img src=x onerror=alert(1)> <b>not bold</b>`);
    await page.getByRole("button", { name: "Comment", exact: true }).tap();
    const said = page.getByRole("listitem").filter({ hasText: "not bold" });
    await said.getByText("<img src=x onerror=alert(1)> <b>not bold</b>").waitFor();
    assert.equal(await said.locator("b, img[src=x]").count(), 0);
    assert.equal(await said.getByRole("link", { name: "#sea" }).getAttribute("href"), "/tag/sea");
    await said.getByRole("link", { name: "@keeper" }).tap();
    await page.waitForURL("**/@keeper");
    assert.deepEqual(complaints, []);
    await context.close();
  });

  for (const [what, row, name] of [
    ["a video", "**/api/v1/videos/*/like", "Like"],
    ["a comment", "**/api/v1/comments/*/like", "Like this comment"],
  ] as const)
    it(`a like of ${what} is shown at once, and taken back with a word when the server refuses`, async () => {
      const { page, context, complaints } = await visit(browser, desktop);
      await logIn(page, instance.url, fan);
      await page.goto(`${instance.url}/watch/${videoId}`);
      const like = page.getByRole("button", { name, exact: true }).first();
      await like.waitFor();
      assert.equal(await like.getAttribute("aria-pressed"), "false");
      const body = JSON.stringify({ code: 403, error: "moderation.muted", message: "you are muted", data: null });
      let refuse: () => void = () => undefined;
      let held = Promise.resolve();
      await page.route(row, async (route) => {
        await held;
        await route.fulfill({ status: 403, contentType: "application/json", body });
      });
      const times: number[] = [];
      // A machine that is busy with something else may be slow once.
      for (let attempt = 0; attempt < 3; attempt++) {
        held = new Promise((resolve) => (refuse = resolve));
        times.push(await shownAfterMs(page, name));
        assert.equal(await like.getAttribute("aria-pressed"), "true", "though nobody answered yet");
        refuse();
        await until(async () => (await like.getAttribute("aria-pressed")) === "false");
      }
      assert.ok(Math.min(...times) <= 100, `it took ${times.join()} ms`);
      await page.getByRole("status").filter({ hasText: "A moderator has asked you to be quiet for now." }).waitFor();
      await page.unroute(row);
      await like.click();
      await page.reload();
      await becomes(page, `document.querySelectorAll("button[aria-pressed=true] .fill-accent").length === 1`);
      await like.click();
      await becomes(page, `document.querySelectorAll("button[aria-pressed=true] .fill-accent").length === 0`);
      assert.deepEqual(complaints, []);
      await context.close();
    });
});

let instance: Instance;
let browser: Browser;
let keeper: Person;
let fan: Person;
let videoId = 0;

async function prepare(): Promise<void> {
  instance = await Instance.start({ env: { KINORA_RATE_LIMIT: "off" } });
  keeper = new Person(instance.url, "keeper");
  fan = new Person(instance.url, "fan");
  for (const person of [keeper, fan]) await person.signUp();
  const bytes = await readFile(join(import.meta.dirname, "../media/basic-720p.mp4"));
  const raw = { type: "application/octet-stream", bytes };
  const sent = await keeper.ask("POST", "/upload?purpose=media&name=clip.mp4", { raw });
  const body = { title: "harbour", media_id: sent.data["media_id"], visibility: "public" };
  videoId = Number((await keeper.ask("POST", "/videos", { body })).data["id"]);
  await until(async () => (await keeper.get(`/videos/${videoId}`))["status"] === 1);
  const comment = { content: "first" };
  assert.equal((await keeper.ask("POST", `/videos/${videoId}/comments`, { body: comment })).status, 200);
  browser = await openBrowser();
}

/** How long after a press, in ms by the page's clock, the button of this name says that it is pressed. */
const shownAfterMs = (page: Page, name: string): Promise<number> =>
  page.evaluate(`new Promise((resolve) => {
    const element = document.querySelector(${JSON.stringify(`button[aria-label="${name}"]`)});
    const startedMs = performance.now();
    const tell = () => resolve(performance.now() - startedMs);
    new MutationObserver(tell).observe(element, { attributes: true, attributeFilter: ["aria-pressed"] });
    element.click();
  })`);
