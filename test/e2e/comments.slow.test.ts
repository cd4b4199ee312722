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

  it("a comment that is deleted is gone at once with its thread, and comes back by key while there is time", async () => {
    const filmId = await publish("undone");
    const said = await say(filmId, "an island");
    await say(filmId, "with a lighthouse", said);
    await say(filmId, "elsewhere");
    const { page, context, complaints } = await visit(browser, desktop);
    const sent: string[] = [];
    page.on("request", (request) => void (request.method() === "DELETE" && sent.push(request.url())));
    await logIn(page, instance.url, fan);
    await page.goto(`${instance.url}/watch/${filmId}`);
    const row = page.getByRole("listitem").filter({ hasText: "an island" });
    await page.getByRole("heading", { name: "3 comments" }).waitFor();
    await row.getByRole("button", { name: "Delete this comment and its replies" }).focus();
    await page.keyboard.press("Enter");
    await row.waitFor({ state: "detached" });
    await page.getByRole("heading", { name: "1 comment" }).waitFor();
    const told = page.getByRole("status").filter({ hasText: "Comment deleted with its replies" });
    await told.waitFor();
    await becomes(page, `document.activeElement?.textContent === "Undo"`);
    await page.keyboard.press("Enter");
    await row.waitFor();
    await page.getByRole("heading", { name: "3 comments" }).waitFor();
    await told.waitFor({ state: "detached" });
    await becomes(page, `document.activeElement?.textContent.includes("an island")`);
    await row.getByRole("button", { name: "1 reply" }).click();
    const reply = page.getByRole("listitem").filter({ hasText: "with a lighthouse" }).last();
    await reply.getByRole("button", { name: "Delete this comment", exact: true }).click();
    await page.getByRole("heading", { name: "2 comments" }).waitFor();
    assert.equal(await row.getByRole("button", { name: /repl/ }).count(), 1, "but for the way to answer, none is left");
    await page.getByRole("button", { name: "Undo" }).click();
    await reply.waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "3 comments" }).waitFor();
    assert.deepEqual([sent, complaints], [[], []]);
    assert.equal((await keeper.get(`/videos/${filmId}`))["comment_count"], 3);
    await context.close();
  });

  it("a comment that was deleted is taken away when the time is over, or the page is left", async () => {
    const filmId = await publish("gone");
    const of = { late: await say(filmId, "until later"), left: await say(filmId, "until I leave") };
    await say(filmId, "an answer", of.left);
    const { page, context, complaints } = await visit(browser, phone);
    await logIn(page, instance.url, fan);
    await page.goto(`${instance.url}/watch/${filmId}`);
    const remove = async (text: string) => {
      const row = page.getByRole("listitem").filter({ hasText: text });
      await row.getByRole("button", { name: /^Delete this comment/ }).tap();
      await row.waitFor({ state: "detached" });
    };
    const isThere = async (id: number) =>
      ((await keeper.get(`/videos/${filmId}/comments`))["list"] as { id: number }[]).some((one) => one.id === id);
    await remove("until later");
    assert.equal(await isThere(of.late), true, "there is time to have it back");
    await until(async () => !(await isThere(of.late)));
    await page.getByRole("heading", { name: "2 comments" }).waitFor();
    // Whoever did not use the way back is in the list again, and not nowhere.
    await becomes(page, `document.activeElement?.id === "comments-title"`);
    await remove("until I leave");
    await page.goto("about:blank");
    await until(async () => !(await isThere(of.left)));
    assert.equal((await keeper.get(`/videos/${filmId}`))["comment_count"], 0);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("a comment that could not be deleted is there again, with the reason", async () => {
    const filmId = await publish("kept");
    await say(filmId, "it stays");
    const { page, context } = await visit(browser, desktop);
    await logIn(page, instance.url, fan);
    await page.goto(`${instance.url}/watch/${filmId}`);
    const row = page.getByRole("listitem").filter({ hasText: "it stays" });
    await row.getByRole("button", { name: "Delete this comment" }).click();
    await row.waitFor({ state: "detached" });
    await context.setOffline(true);
    await row.waitFor();
    await page.getByRole("status").filter({ hasText: "The comment could not be deleted." }).waitFor();
    await page.getByRole("heading", { name: "1 comment" }).waitFor();
    await context.close();
  });
});

let instance: Instance;
let browser: Browser;
let keeper: Person;
let fan: Person;
let mediaId = 0;
let videoId = 0;

async function prepare(): Promise<void> {
  instance = await Instance.start({ env: { KINORA_RATE_LIMIT: "off" } });
  keeper = new Person(instance.url, "keeper");
  fan = new Person(instance.url, "fan");
  for (const person of [keeper, fan]) await person.signUp();
  const bytes = await readFile(join(import.meta.dirname, "../media/basic-720p.mp4"));
  const raw = { type: "application/octet-stream", bytes };
  mediaId = Number((await keeper.ask("POST", "/upload?purpose=media&name=clip.mp4", { raw })).data["media_id"]);
  videoId = await publish("harbour");
  const comment = { content: "first" };
  assert.equal((await keeper.ask("POST", `/videos/${videoId}/comments`, { body: comment })).status, 200);
  browser = await openBrowser();
}

/** One more video of the keeper's, with nothing said about it. */
async function publish(title: string): Promise<number> {
  const body = { title, media_id: mediaId, visibility: "public" };
  const id = Number((await keeper.ask("POST", "/videos", { body })).data["id"]);
  await until(async () => (await keeper.get(`/videos/${id}`))["status"] === 1);
  return id;
}

/** The fan says something, or answers. */
async function say(to: number, content: string, parent_id?: number): Promise<number> {
  const body = { content, ...(parent_id !== undefined && { parent_id }) };
  const { status, data } = await fan.ask("POST", `/videos/${to}/comments`, { body });
  assert.equal(status, 200);
  return Number(data["id"]);
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
