import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import type { Browser, Locator, Page } from "playwright-core";
import { Person } from "../users/person.ts";
import { startOnTemplate } from "../instance/template.ts";
import { until } from "../until.ts";
import { desktop, logIn, openBrowser, phone, plays, visit } from "../browser/browser.ts";
import { clip } from "./uploads/five-uploads.ts";
import type { Instance } from "../instance/instance.ts";

/** The ingredients of a feed, as viewers see and change them. */
describe("the viewer's own feed", () => {
  before(
    async () => {
      instance = await startOnTemplate({ env: { KINORA_RATE_LIMIT: "off" } }, "demo");
      browser = await openBrowser();
      viewer = new Person(instance.url, "chooser");
      await viewer.signUp();
    },
    { timeout: 600_000 },
  );
  after(async () => {
    await browser?.close();
    await instance?.[Symbol.asyncDispose]();
  });

  it("is empty at first, learns from a watched video, and an interest is removed and restored", async () => {
    const { page, context, complaints } = await visit(browser, phone, { isUnhurried: true });
    await logIn(page, instance.url, viewer);
    await page.goto(`${instance.url}/your-feed`);
    await page.getByText("Nothing yet. What you watch and like appears here.").waitFor();
    await page.getByText(/^Nothing muted/).waitFor();

    const report = page.waitForRequest((request) => /\/videos\/\d+\/play$/.test(request.url()));
    await page.goto(`${instance.url}/for-you`);
    await plays(page);
    const card = page.locator("article:not([aria-hidden=true])");
    await card.getByText(/^(New|Popular now)$/).waitFor();
    await card.getByRole("button", { name: "Like", exact: true }).tap();
    await report;
    await until(async () => (await interests()).length > 0, { said: () => "no interest" });

    await page.getByRole("navigation").getByRole("link", { name: "Me", exact: true }).tap();
    await page.getByRole("main").getByRole("link", { name: "Your feed" }).tap();
    const list = page.getByRole("list", { name: "What we think you like" });
    const remove = list.getByRole("button", { name: /^Remove / }).first();
    await remove.waitFor();
    const label = (await remove.getAttribute("aria-label")) ?? "";
    const name = label.replace("Remove ", "");
    const before = await interests();
    await remove.tap();
    await page.getByText(`Removed: ${name}`).waitFor();
    await page.getByRole("button", { name: label, exact: true }).waitFor({ state: "detached" });
    const count = async () => (await interests()).length;
    await until(async () => (await count()) === before.length - 1, { waitMs: 30_000, said: () => "it is not removed" });
    await page.getByRole("button", { name: "Undo" }).tap();
    await list.getByRole("button", { name: label, exact: true }).waitFor();
    await until(async () => (await count()) === before.length, { waitMs: 30_000, said: () => "it is not restored" });

    // The list is asked for again when the page is opened again; that answer comes when the interest is removed already.
    const { promise: isRemoved, resolve: removed } = Promise.withResolvers<void>();
    const { promise: isAnswered, resolve: answered } = Promise.withResolvers<void>();
    await page.route("**/recommend/interests?*", async (route) => {
      const response = await route.fetch();
      await isRemoved;
      // Nobody waits for it where the page has given it up.
      await route.fulfill({ response }).catch(() => undefined);
      answered();
    });
    const again = page.waitForRequest("**/recommend/interests?*");
    await page.goBack();
    await page.getByRole("main").getByRole("link", { name: "Your feed" }).tap();
    await again;
    const chip = page.getByRole("button", { name: label, exact: true });
    await chip.tap();
    await page.getByText(`Removed: ${name}`).waitFor();
    await chip.waitFor({ state: "detached" });
    removed();
    await isAnswered;
    await assert.rejects(chip.waitFor({ timeout: 500 }), "an answer from before brings it back");
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("keeps a slider that is moved by keyboard, also over a reload", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    await logIn(page, instance.url, viewer);
    await page.goto(`${instance.url}/your-feed`);
    const fresh = page.getByRole("slider", { name: "Fresh" });
    await reads(fresh, "as usual");
    await fresh.focus();
    const saved = page.waitForResponse((answer) => isSaving(answer.request()));
    await page.keyboard.press("ArrowRight");
    await saved;
    await reads(fresh, "a little more");
    const savedAgain = page.waitForResponse((answer) => isSaving(answer.request()));
    await page.keyboard.press("End");
    await savedAgain;
    await reads(fresh, "much more");
    await page.reload();
    await reads(fresh, "much more");
    await reads(page.getByRole("slider", { name: "Popular" }), "as usual");
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("mutes a tag and an account, and has them again", async () => {
    const { page, context, complaints } = await visit(browser, phone, { isUnhurried: true });
    await logIn(page, instance.url, viewer);
    await page.goto(`${instance.url}/your-feed`);
    await mute(page, "Tag", "#Sunrise");
    const list = page.getByRole("list", { name: "Muted" });
    await list.getByText("#sunrise", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Add", exact: true }).tap();
    const sheet = page.getByRole("dialog", { name: "Mute a tag or a person" });
    await sheet.getByRole("button", { name: "Person" }).tap();
    await sheet.getByRole("textbox", { name: "Username" }).fill("nobody-of-this-name");
    await sheet.getByRole("button", { name: "Mute", exact: true }).tap();
    await sheet.getByText("There is no account @nobody-of-this-name.").waitFor();
    await sheet.getByRole("textbox", { name: "Username" }).fill("@aurora");
    await sheet.getByRole("button", { name: "Mute", exact: true }).tap();
    await sheet.waitFor({ state: "detached" });
    await list.getByText("Aurora Lindqvist", { exact: true }).waitFor();
    await page.reload();
    await list.getByText("Aurora Lindqvist", { exact: true }).waitFor();

    await list.getByRole("button", { name: "Unmute #sunrise" }).tap();
    await page.getByText("Unmuted: #sunrise").waitFor();
    await until(async () => !(await mutedTags()).includes("sunrise"), { waitMs: 30_000, said: () => "still muted" });
    await page.getByRole("button", { name: "Undo" }).tap();
    await list.getByText("#sunrise", { exact: true }).waitFor();
    await until(async () => (await mutedTags()).includes("sunrise"), { waitMs: 30_000, said: () => "not muted again" });
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("is the same for everyone once the personal feed is off, and is asked for anew after the change", async () => {
    const { page, context, complaints } = await visit(browser, phone);
    await logIn(page, instance.url, viewer);
    await page.goto(`${instance.url}/for-you`);
    await plays(page);
    const card = page.locator("article:not([aria-hidden=true])");
    await card.getByRole("button", { name: "More", exact: true }).tap();
    const sheet = page.getByRole("dialog", { name: "More" });
    await sheet.getByText("Why this video").waitFor();
    await sheet.getByRole("link", { name: "Your feed" }).tap();
    const personal = page.getByRole("switch", { name: /^Personal feed/, checked: true });
    const saved = page.waitForResponse((answer) => isSaving(answer.request()));
    await page.getByText("Personal feed").tap();
    await saved;
    await personal.waitFor({ state: "detached" });
    assert.equal((await viewer.get("/recommend/settings"))["is_personal"], false);
    const fresh = page.getByRole("slider", { name: "Fresh" });
    await until(() => fresh.isDisabled(), { waitMs: 30_000, said: () => "the slider can be moved" });
    const feed = page.waitForRequest((request) => request.url().includes("/api/v1/recommend/feed"));
    await page.goBack();
    await feed;
    await plays(page);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("offers less of a video's tag in the feed, which can be undone", async () => {
    const { page, context, complaints } = await visit(browser, phone, { isUnhurried: true });
    await logIn(page, instance.url, viewer);
    await page.goto(`${instance.url}/for-you`);
    await plays(page);
    const card = page.locator("article:not([aria-hidden=true])");
    const shown = await card.getByRole("heading").first().textContent();
    await card.getByRole("button", { name: "More", exact: true }).tap();
    const less = page.getByRole("button", { name: /^Less of #/ });
    const tag = ((await less.textContent()) ?? "").replace("Less of #", "");
    await less.tap();
    await page.getByText(`You won’t see #${tag} in your feeds.`).waitFor();
    const isMuted = async () => (await mutedTags()).includes(tag.toLowerCase());
    await until(isMuted, { waitMs: 30_000, said: () => `${tag} is not muted` });
    assert.notEqual(await card.getByRole("heading").first().textContent(), shown);
    await page.getByRole("button", { name: "Undo" }).tap();
    await until(async () => !(await isMuted()), { waitMs: 30_000, said: () => `${tag} is still muted` });
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("offers users to follow where nobody is followed, and then plays their videos", async () => {
    const newcomer = new Person(instance.url, "newcomer");
    await newcomer.signUp();
    const { page, context, complaints } = await visit(browser, desktop);
    await logIn(page, instance.url, newcomer);
    await page.goto(`${instance.url}/following`);
    const people = page.getByRole("list", { name: "People you may like" });
    const watch = page.getByRole("button", { name: "Watch their videos" });
    await people.getByRole("button").first().waitFor();
    assert.equal(await watch.count(), 0);
    await people.getByRole("button").first().focus();
    await page.keyboard.press("Enter");
    await people.getByRole("button", { pressed: true }).waitFor();
    await watch.focus();
    const followed = async () => ((await newcomer.get("/recommend/following"))["list"] as unknown[]).length > 0; // A list, as the API says.
    await until(followed, { said: () => "the feed of followed accounts is empty" });
    await page.keyboard.press("Enter");
    await plays(page);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("is reset after a question, and keeps what is muted", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    await logIn(page, instance.url, viewer);
    await page.goto(`${instance.url}/your-feed`);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export" }).click();
    assert.match((await download).suggestedFilename(), /^your-feed-\d{4}-\d\d-\d\d\.json$/);
    await page.getByRole("button", { name: "Reset" }).click();
    await page.getByRole("dialog", { name: "Reset your feed?" }).getByRole("button", { name: "Reset feed" }).click();
    await page.getByText("Your feed begins anew.").waitFor();
    await page.getByText("Nothing yet. What you watch and like appears here.").waitFor();
    await page.getByRole("switch", { name: /^Personal feed/, checked: true }).waitFor();
    await page.getByRole("list", { name: "Muted" }).getByText("#sunrise", { exact: true }).waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("has more of a topic that was watched to the end than of one that was skipped, on the next page", async () => {
    const fan = new Person(instance.url, "fan-of-harbours");
    await fan.signUp();
    await publishTopics(["harbour", "forge"], 3);
    const { page, context, complaints } = await visit(browser, desktop);
    await logIn(page, instance.url, fan);
    await page.goto(`${instance.url}/for-you`);
    const seen = { harbour: 0, forge: 0 };
    // The feed learns meanwhile: there have to be others of the topic left for the next page.
    for (let n = 1; seen.harbour < 3 || (seen.forge < 3 && seen.harbour < 6); n++) {
      const card = page.locator(`article[aria-posinset="${n}"]:not([aria-hidden=true])`);
      const heading = (await card.getByRole("heading").first().textContent()) ?? "";
      const isSought = heading.startsWith("harbour");
      await card.locator("video").waitFor();
      if (isSought) await played(page, n, clipSeconds);
      else await glimpsed(page, n);
      if (isSought) seen.harbour++;
      else if (heading.startsWith("forge")) seen.forge++;
      await page.keyboard.press("ArrowDown");
    }
    let signals: Record<string, unknown>[] = [];
    const areFinished = async () => {
      signals = (await fan.get("/recommend/signals"))["list"] as typeof signals; // As the API says.
      return signals.filter((signal) => signal["is_finished"] === true).length >= seen.harbour;
    };
    await until(areFinished, { said: () => JSON.stringify({ seen, signals }) });

    const answered = page.waitForResponse((answer) => answer.url().includes("/api/v1/recommend/feed"));
    await page.goto(`${instance.url}/for-you`);
    const { data } = (await (await answered).json()) as { data: { list: { title: string; tags: string[] }[] } };
    const count = (tag: string) => data.list.filter(({ tags }) => tags.includes(tag)).length;
    assert.ok(count("harbour") > count("forge"), JSON.stringify({ seen, next: data.list.map(({ title }) => title) }));
    await page.goto(`${instance.url}/your-feed`);
    await page.getByRole("list", { name: "What we think you like" }).getByText("#harbour", { exact: true }).waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

let instance: Instance;
let browser: Browser;
let viewer: Person;

const listOf = async (path: string) => (await viewer.get(path))["list"] as Record<string, unknown>[]; // As the API says.
const interests = () => listOf("/recommend/interests");
const mutedTags = async () => (await listOf("/recommend/mutes")).map(({ tag }) => tag);

const isSaving = (request: { method(): string; url(): string }) =>
  request.method() === "PUT" && request.url().endsWith("/api/v1/recommend/settings");

const clipSeconds = 4;
/** Publishes videos of each topic in turn, by four users: a feed has no author twice in four places. */
async function publishTopics(topics: readonly string[], countPerAuthor: number): Promise<void> {
  const bytes = await readFile(clip("rotated-90.mp4"));
  const authors = ["ada", "bo", "cleo", "dan"].map((name) => new Person(instance.url, `topics-of-${name}`));
  const media = new Map<Person, number>();
  for (const author of authors) {
    await author.signUp();
    media.set(author, Number((await author.upload(bytes)).data["id"]));
  }
  for (let n = 0; n < countPerAuthor; n++)
    for (const [author, media_id] of media)
      for (const topic of topics) {
        const body = { title: `${topic} ${n}`, media_id, tags: [topic], visibility: "public" };
        const id = Number((await author.ask("POST", "/videos", { body })).data["id"]);
        await until(async () => (await author.get(`/videos/${id}`))["status"] === 1);
      }
}

/** Settles when the video of a card has begun, and pauses it: a busy machine would play much of it before it is skipped. */
const glimpsed = (page: Page, place: number): Promise<void> => played(page, place, 0, "video.pause();");

/** Settles when the video of a card has played more than so many seconds; its element may have played another before. */
const played = (page: Page, place: number, seconds: number, then = ""): Promise<void> =>
  page.evaluate(`new Promise((resolve) => {
    const video = document.querySelector('article[aria-posinset="${place}"] video');
    let [before, played] = [video.currentTime, 0];
    const look = () => {
      const step = video.currentTime - before;
      before = video.currentTime;
      if (step > 0 && step < 1) played += step;
      if (played > ${seconds}) {
        ${then}
        resolve();
      } else requestAnimationFrame(look);
    };
    look();
  })`);

/** Settles when a slider reads out these words. */
const reads = (slider: Locator, words: string) =>
  until(async () => (await slider.getAttribute("aria-valuetext")) === words, { said: () => words });

async function mute(page: Page, kind: "Tag", name: string): Promise<void> {
  await page.getByRole("button", { name: "Add", exact: true }).tap();
  const sheet = page.getByRole("dialog", { name: "Mute a tag or a person" });
  await sheet.getByRole("textbox", { name: kind }).fill(name);
  await sheet.getByRole("button", { name: "Mute", exact: true }).tap();
  await sheet.waitFor({ state: "detached" });
}
