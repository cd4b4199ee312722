import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { desktop, logIn, openBrowser, phone, visit } from "./browser.ts";
import { Instance } from "./instance.ts";
import { until } from "../until.ts";

describe("moderation in the browser", { timeout: 180_000 }, () => {
  before(async () => {
    instance = await Instance.start({
      env: { KINORA_ADMIN_USERNAME: "keeper", KINORA_ADMIN_PASSWORD: password, KINORA_RATE_LIMIT: "off" },
    });
    browser = await openBrowser();
    for (const username of ["filmer", "viewer"]) await post("/users/register", { username, password });
    const { token } = await post("/users/login", { username: "filmer", password });
    const form = new FormData();
    form.set("title", "A film to complain about");
    form.set("file", new Blob([await readFile(join(import.meta.dirname, "../media/basic-720p.mp4"))]), "a.mp4");
    const made = await fetch(`${instance.url}/api/v1/videos`, {
      method: "POST",
      headers: { authorization: `Bearer ${String(token)}` },
      body: form,
    });
    ({ id: videoId } = ((await made.json()) as { data: { id: number } }).data);
    const isThere = async () => (await fetch(`${instance.url}/api/v1/videos/${videoId}`)).ok;
    await until(isThere, { waitMs: 60_000, said: () => "the video was not published" });
  });
  after(async () => {
    await browser?.close();
    await instance?.[Symbol.asyncDispose]();
  });

  it("is asked for on a phone, done by key, taken back by a press, and read by who reported it", async () => {
    const viewer = await visit(browser, phone);
    await logIn(viewer.page, instance.url, { username: "viewer", password });
    await viewer.page.goto(`${instance.url}/watch/${videoId}`);
    await viewer.page.getByRole("button", { name: "Report" }).click();
    await viewer.page.getByLabel("What is wrong with it?").selectOption("copyright");
    await viewer.page.getByLabel(/Anything moderators/).fill("this is mine");
    await shot(viewer.page, "report-phone");
    await viewer.page.getByRole("button", { name: "Send report" }).click();
    await viewer.page.getByText("A moderator will look at it").waitFor();
    await shot(viewer.page, "thanks-phone");

    const keeper = await visit(browser, desktop);
    await logIn(keeper.page, instance.url, { username: "keeper", password });
    await keeper.page.goto(`${instance.url}/moderation`);
    await keeper.page.getByText("A film to complain about").waitFor();
    await keeper.page.getByText("What was reported").click();
    await keeper.page.getByText("this is mine").waitFor();
    await shot(keeper.page, "queue-desktop");
    await keeper.page.locator("h1").click();
    await keeper.page.keyboard.press("d");
    await keeper.page.getByRole("button", { name: "Undo" }).click();
    await keeper.page.getByText("A film to complain about").waitFor();
    await keeper.page.keyboard.press("m");
    await keeper.page.getByLabel(/What should both sides read/).fill("it is not yours");
    await shot(keeper.page, "decide-desktop");
    await keeper.page.getByRole("dialog").getByRole("button", { name: "Decide" }).click();
    await keeper.page.getByText("Nothing waits").waitFor();
    const isGone = async () => (await fetch(`${instance.url}/api/v1/videos/${videoId}`)).status === 404;
    await until(isGone, { waitMs: 10_000, said: () => "the video is still shown" });

    await viewer.page.goto(`${instance.url}/reports`);
    await viewer.page.getByText("it is not yours").waitFor();
    await shot(viewer.page, "reports-phone");
    const filmer = await visit(browser, phone, { locale: "zh-CN" });
    await logInHere(filmer.page, "filmer");
    await filmer.page.goto(`${instance.url}/reports`);
    await filmer.page.getByRole("button", { name: "申诉" }).click();
    await filmer.page.getByRole("dialog").getByRole("textbox").fill("it is mine");
    await filmer.page.getByRole("button", { name: "提交申诉" }).click();
    await filmer.page.getByText("你的申诉正在等待答复").waitFor();
    await shot(filmer.page, "decisions-phone-zh");
    await keeper.page.getByRole("button", { name: "Appeals" }).click();
    await keeper.page.getByRole("button", { name: "Accept" }).click();
    await until(async () => !(await isGone()), { waitMs: 10_000, said: () => "the video did not come back" });
    for (const { complaints, context } of [viewer, keeper, filmer]) {
      assert.deepEqual(complaints, []);
      await context.close();
    }
  });

  it("bars somebody from the list of accounts, who is out within seconds, and lets them in again", async () => {
    const viewer = await visit(browser, phone);
    await logIn(viewer.page, instance.url, { username: "viewer", password });
    const keeper = await visit(browser, phone);
    await logIn(keeper.page, instance.url, { username: "keeper", password });
    await keeper.page.goto(`${instance.url}/admin/accounts`);
    await keeper.page.getByRole("button", { name: "Manage: viewer" }).click();
    await shot(keeper.page, "account-phone");
    await keeper.page.getByRole("button", { name: "Warn, mute or bar" }).click();
    await keeper.page.getByLabel("What is to be done?").selectOption("ban");
    await keeper.page.getByRole("button", { name: "Decide" }).click();
    const isOut = () => viewer.page.evaluate<boolean>(`fetch("/api/v1/users/me").then(({ status }) => status === 401)`);
    await until(isOut, { waitMs: 10_000, said: () => "the session goes on" });
    await keeper.page.getByRole("button", { name: "Manage: viewer" }).click();
    await keeper.page.getByRole("button", { name: "End: ban or suspension" }).click();
    const isIn = async () => "token" in (await post("/users/login", { username: "viewer", password }));
    await until(isIn, { waitMs: 10_000, said: () => "they cannot sign in" });
    assert.deepEqual(keeper.complaints, []);
    await keeper.context.close();
    await viewer.context.close();
  });

  it("shows its pages to nobody else", async () => {
    const viewer = await visit(browser, desktop);
    await logIn(viewer.page, instance.url, { username: "viewer", password });
    for (const path of ["/moderation", "/admin", "/admin/accounts", "/admin/words", "/admin/audit"]) {
      await viewer.page.goto(instance.url + path);
      await viewer.page.getByRole("heading", { level: 1, name: "This page is not in the reel" }).waitFor();
    }
    await viewer.context.close();
  });
});

const password = "blue bicycle";
let instance: Instance;
let browser: Browser;
let videoId = 0;

async function post(path: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`${instance.url}/api/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return ((await answer.json()) as { data: Record<string, unknown> | null }).data ?? {};
}

/** As people do who read Chinese. */
async function logInHere(page: Parameters<typeof logIn>[0], username: string): Promise<void> {
  await page.goto(`${instance.url}/login`);
  await page.locator("input[autocomplete=username], input[name=username]").first().fill(username);
  await page.locator("input[type=password]").fill(password);
  await page.locator("form button[type=submit]").click();
  await page.waitForURL((at) => !at.pathname.includes("login"));
}

/** A picture for whoever wants to look, with PICTURES=<folder>. */
const shot = async (page: Parameters<typeof logIn>[0], name: string): Promise<void> => {
  const folder = process.env["PICTURES"];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
};
