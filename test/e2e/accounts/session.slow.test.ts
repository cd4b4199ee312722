import assert from "node:assert/strict";
import { join } from "node:path";
import { before, beforeEach, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { isAccessible } from "../../browser/accessibility.ts";
import { becomes, desktop, logIn, phone, sharedBrowser, visit } from "../../browser/browser.ts";
import type { Instance } from "../../instance/instance.ts";
import { Person } from "../../users/person.ts";
import { sharedInstance } from "../../instance/shared.ts";
import { until } from "../../until.ts";

/** Acts of users wait for the log-in, and the page stays as it is: interface rules for visitors and ended sessions. */
describe("an act of a visitor, or after the end of a session, in a real browser", () => {
  before(async () => {
    instance = await sharedInstance("demo");
    browser = await sharedBrowser();
    const { data } = await new Person(instance.url, "nobody").ask("GET", "/recommend/feed?limit=5");
    videoIds = (data["list"] as { id: number }[]).map(({ id }) => id); // The contract's own shape.
  });
  beforeEach(async () => {
    count += 1;
    username = `mira${count}`;
    ({ password } = new Person(""));
    mira = new Person(instance.url, username);
    await mira.signUp();
  });

  it("likes the video after the log-in, on the same page at the same second", async () => {
    const { page, context, complaints } = await visit(browser, phone);
    await logIn(page, instance.url, { username, password });
    const [videoId] = videoIds;
    await page.goto(`${instance.url}/watch/${videoId}`);
    await becomes(page, `document.querySelector("video")?.currentTime > 1`);
    await page.evaluate(`document.querySelector("video").pause()`);
    const place = await page.evaluate<number>(`document.querySelector("video").currentTime`);
    await endSessions(page);
    await page.getByRole("button", { name: "Like", exact: true }).first().tap();
    const sheet = page.getByRole("dialog", { name: "Your session has ended" });
    await sheet.getByText("Your like is waiting").waitFor();
    await sheet.getByText(`@${username}`).waitFor();
    await look(page, "session-ended-phone");
    await sheet.getByLabel("Password", { exact: true }).fill("wrong");
    await sheet.getByRole("button", { name: "Log in" }).tap();
    await sheet.getByRole("alert").waitFor();
    await sheet.getByLabel("Password", { exact: true }).fill(password);
    await sheet.getByRole("button", { name: "Log in" }).tap();
    await sheet.waitFor({ state: "detached" });
    await until(async () => (await mira.get(`/videos/${videoId}`))["is_liked"] === true);
    await page.getByRole("button", { name: "Like", exact: true, pressed: true }).first().waitFor();
    assert.equal(await page.evaluate(`document.querySelector("video").currentTime`), place);
    assert.deepEqual(
      complaints.filter((text) => !/40[013]/.test(text)),
      [],
    );
    await context.close();
  });

  it("takes the like back, and goes on as a visitor, where nobody logs in", async () => {
    const { page, context } = await visit(browser, desktop);
    await logIn(page, instance.url, { username, password });
    const [, videoId] = videoIds;
    await page.goto(`${instance.url}/watch/${videoId}`);
    await becomes(page, `document.querySelector("video")?.readyState >= 2`);
    await endSessions(page);
    await page.getByRole("button", { name: "Like", exact: true }).first().click();
    await look(page, "session-ended-desktop");
    await page.getByRole("button", { name: "Go on without an account" }).click();
    await page.getByRole("link", { name: "Sign up" }).waitFor();
    await page.getByRole("button", { name: "Like", exact: true, pressed: false }).first().waitFor();
    // As a visitor, they may change their mind.
    await page.getByRole("button", { name: "Like", exact: true }).first().click();
    const sheet = page.getByRole("dialog", { name: "Log in to like videos" });
    await sheet.getByLabel("Username").fill(username);
    await sheet.getByLabel("Password", { exact: true }).fill(password);
    await look(page, "visitor-likes-desktop");
    await sheet.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("button", { name: "Like", exact: true, pressed: true }).first().waitFor();
    await until(async () => (await mira.get(`/videos/${videoId}`))["is_liked"] === true);
    assert.ok(page.url().endsWith(`/watch/${videoId}`));
    await context.close();
  });

  it("publishes the comment that was typed", async () => {
    const { page, context } = await visit(browser, desktop, { locale: "zh-CN" });
    await logIn(page, instance.url, { username, password });
    await page.goto(`${instance.url}/watch/${videoIds[2]}`);
    const field = page.getByRole("textbox", { name: "发表评论" }).first();
    await field.fill("lovely light");
    await endSessions(page);
    await page.keyboard.press("Enter");
    const sheet = page.getByRole("dialog", { name: "登录已失效" });
    await sheet.getByText("你的评论还没有发布").waitFor();
    await look(page, "session-ended-comment-zh");
    await sheet.getByLabel("密码", { exact: true }).fill(password);
    await sheet.getByRole("button", { name: "登录", exact: true }).click();
    await page.locator("li", { hasText: "lovely light" }).first().waitFor();
    assert.equal(await field.inputValue(), "");
    await context.close();
  });

  it("sends the file that was chosen, and keeps what was typed about it", async () => {
    const { page, context } = await visit(browser, phone);
    await logIn(page, instance.url, { username, password });
    await page.goto(`${instance.url}/upload`);
    await page.locator("input[type=file]").first().waitFor({ state: "attached" });
    await endSessions(page);
    const clip = join(import.meta.dirname, "../../media/moov-at-end.mp4");
    await page.locator("input[type=file]").first().setInputFiles(clip);
    const sheet = page.getByRole("dialog", { name: "Your session has ended" });
    await sheet.getByText("Your upload is waiting").waitFor();
    await look(page, "session-ended-upload-phone");
    await sheet.getByLabel("Password", { exact: true }).fill(password);
    await sheet.getByRole("button", { name: "Log in" }).tap();
    await page.getByRole("textbox", { name: /Title/ }).fill("Sent after all");
    await page.getByRole("button", { name: "Publish", exact: true }).tap();
    const sent = await until(async () => {
      const { list } = (await mira.get("/users/me/videos")) as { list: { id: number; title: string }[] }; // A page of videos.
      return list.find(({ title }) => title === "Sent after all");
    });
    // Other files of this process look at the demo videos.
    assert.equal((await mira.ask("DELETE", `/videos/${sent.id}`)).status, 200);
    await context.close();
  });

  it("says on the first page that the session has ended before, and shows that page to a visitor", async () => {
    const { page, context } = await visit(browser, phone);
    await logIn(page, instance.url, { username, password });
    await endSessions(page);
    await page.goto(`${instance.url}/explore`);
    await page.locator("main article").first().waitFor();
    await page.getByRole("status").getByText("Your session has ended").waitFor();
    await page.getByRole("status").getByRole("button", { name: "Log in" }).tap();
    await page.getByRole("dialog", { name: "Your session has ended" }).waitFor();
    await context.close();
  });

  /** Ends every session of the user, and lets the page learn it from its next request. */
  async function endSessions(page: Page): Promise<void> {
    await mira.signIn();
    assert.equal((await mira.ask("DELETE", "/auth/sessions")).status, 200);
    const isOver = async () => (await page.context().request.get(`${instance.url}/api/v1/users/me`)).status() === 401;
    await until(isOver);
  }
});

let instance: Instance;
let browser: Browser;
let videoIds: number[];
let count = 0;
let username: string;
let password: string;
let mira: Person;

async function look(page: Page, name: string): Promise<void> {
  const kept = process.env["SCREENSHOTS_IN"];
  await page.getByRole("dialog").waitFor();
  if (kept !== undefined) await page.screenshot({ path: join(kept, `${name}.png`) });
  await isAccessible(page, name);
}
