import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { isAccessible } from "../../browser/accessibility.ts";
import { becomes, desktop, logIn, logInByForm, phone, sharedBrowser, visit } from "../../browser/browser.ts";
import type { Instance } from "../../instance/instance.ts";
import { sharedInstance } from "../../instance/shared.ts";
import { until } from "../../until.ts";

const root = join(import.meta.dirname, "../../..");
const password = "blue bicycle 9";

describe("the inbox in a real browser", () => {
  before(async () => {
    instance = await sharedInstance();
    browser = await sharedBrowser("whole");
    for (const username of ["mira", "noor", "tess"]) {
      const { token, user_id } = (await ask("POST", "/users/register", undefined, { username, password })) as Signed;
      people.set(username, { token, id: user_id });
    }
  });

  it("delivers messages without a reload, asks before accepting a stranger, and shows receipts after that", async () => {
    const [mira, noor] = [await visit(browser, desktop), await visit(browser, phone, { locale: "zh-CN" })];
    await logIn(mira.page, instance.url, { username: "mira", password });
    await logInByForm(noor.page, instance.url, { username: "noor", password });
    await mira.page.goto(`${instance.url}/inbox`);
    const search = mira.page.getByRole("searchbox", { name: "Search people to write to" });
    await search.fill("nobody of this name");
    await becomes(mira.page, `document.body.innerText.includes("No one is called")`);
    await search.fill("noor");
    await mira.page.getByRole("list", { name: "People" }).getByRole("link", { name: /noor/ }).click();
    await mira.page.getByRole("textbox", { name: "Write a message" }).fill("<b>Hello</b> 你好");
    await mira.page.keyboard.press("Enter");
    await mira.page.waitForURL(/\/inbox\/\d+$/);
    await becomes(mira.page, `document.body.innerText.includes("<b>Hello</b> 你好")`);
    // With the welcome and the alert to the new device it is three.
    await noor.page.getByRole("link", { name: /3 条未读/ }).click();
    await noor.page.getByRole("link", { name: "陌生人消息" }).click();
    await noor.page.getByRole("link", { name: /mira/ }).click();
    await becomes(noor.page, `document.body.innerText.includes("<b>Hello</b> 你好")`);
    await look(noor.page, "request-phone-zh");
    assert.ok(
      !(await mira.page.evaluate<string>("document.body.innerText")).includes("Read"),
      "a request has no receipt",
    );
    await noor.page.getByRole("button", { name: "接受" }).click();
    await becomes(mira.page, `document.body.innerText.includes("· Read")`);
    await noor.page.getByRole("textbox", { name: "写消息" }).fill("嗨！");
    await noor.page.getByRole("button", { name: "发送", exact: true }).click();
    await becomes(mira.page, `document.body.innerText.includes("嗨！")`);
    await mira.page.locator("input[type=file]").setInputFiles(join(root, "test/media/animated.gif"));
    await becomes(noor.page, `[...document.querySelectorAll("[role=log] img")].some((one) => one.naturalWidth > 0)`);
    await look(mira.page, "chat-desktop-en");
    await look(noor.page, "chat-phone-zh");
    await mira.page.goto(`${instance.url}/inbox`);
    await becomes(mira.page, `document.querySelectorAll('main ul[aria-label="Conversations"] li').length === 1`);
    await look(mira.page, "inbox-desktop-en");
    assert.deepEqual([mira.complaints, noor.complaints], [[], []]);
    await mira.context.close();
    await noor.context.close();
  });

  it("records, times, discards and sends voice messages, and explains a missing microphone permission", async () => {
    const [mira, noor] = [await visit(browser, phone), await visit(browser, desktop)];
    await logIn(mira.page, instance.url, { username: "mira", password });
    await logIn(noor.page, instance.url, { username: "noor", password });
    for (const [{ page }, other] of [
      [mira, "noor"],
      [noor, "mira"],
    ] as const)
      await page.goto(`${instance.url}/inbox/to/${other}`);
    await mira.page.getByRole("button", { name: "Record a voice message" }).tap();
    await mira.page.getByText("This page may not use the microphone.").waitFor();
    await mira.page.getByRole("button", { name: "Close" }).tap();
    await mira.context.grantPermissions(["microphone"]);
    await mira.page.getByRole("button", { name: "Record a voice message" }).tap();
    const timer = mira.page.getByRole("timer");
    const seconds = async () => Number(/^0:(\d\d)/.exec(await timer.innerText())?.[1]);
    await until(async () => (await seconds()) >= 1);
    await mira.page.getByRole("button", { name: "Discard the recording" }).tap();
    await mira.page.getByRole("textbox", { name: "Write a message" }).waitFor();
    assert.equal(await mira.page.locator("audio").count(), 0);
    await mira.page.getByRole("button", { name: "Record a voice message" }).tap();
    await until(async () => (await seconds()) >= 2);
    await look(mira.page, "voice-phone-en");
    await mira.page.getByRole("button", { name: "Send the recording" }).tap();
    await becomes(noor.page, `document.querySelector("audio")?.readyState >= 1`);
    await noor.page.evaluate(`document.querySelector("audio").play()`);
    await becomes(noor.page, `document.querySelector("audio").currentTime > 0.5`);
    await mira.page.getByText("· Read").waitFor();
    await mira.page.locator("input[type=file]").setInputFiles(join(root, "test/media/moov-at-end.mp4"));
    await becomes(noor.page, `document.querySelector("[role=log] video")?.readyState >= 1`);
    assert.deepEqual([mira.complaints, noor.complaints], [[], []]);
    await mira.context.close();
    await noor.context.close();
  });

  it("keeps a message that could not be sent, and sends it once on a retry", async () => {
    const { page, context } = await visit(browser, phone);
    await logIn(page, instance.url, { username: "tess", password });
    await page.goto(`${instance.url}/inbox/to/mira`);
    await page.getByRole("textbox", { name: "Write a message" }).fill("late");
    await page.route("**/api/v1/messages", (route) => route.abort());
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByRole("button", { name: "Try again" }).waitFor();
    await look(page, "failed-phone-en");
    await page.unroute("**/api/v1/messages");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.waitForURL(/\/inbox\/\d+$/);
    const { list } = (await ask("GET", "/conversations?folder=requests", "mira")) as {
      list: { unread_count: number }[];
    };
    assert.deepEqual(
      list.map((one) => one.unread_count),
      [1],
    );
    await context.close();
  });

  it("groups notifications of one kind, shows their settings, and marks those that were shown as read", async () => {
    for (const by of ["noor", "tess"]) await ask("POST", `/users/${people.get("mira")?.id}/follow`, by, {});
    const { page, context, complaints } = await visit(browser, phone);
    await logIn(page, instance.url, { username: "mira", password });
    await page.goto(`${instance.url}/inbox/notifications`);
    await becomes(page, `/(tess|noor) and 1 other started following you/.test(document.body.innerText)`);
    await look(page, "notifications-phone-en");
    // Notifications that were shown are read.
    await until(
      async () => ((await ask("GET", "/updates/unread", "mira")) as Record<string, number>)["notification_count"] === 0,
    );
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("switch", { name: "New followers" }).waitFor();
    await look(page, "notification-settings-phone-en");
    await page.goto(`${instance.url}/inbox`);
    await becomes(page, `document.querySelectorAll('main ul[aria-label="Conversations"] li').length === 1`);
    await look(page, "inbox-phone-en");
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("follows a new follower back from the notification, and offers it to nobody who is followed", async () => {
    await ask("POST", `/users/${people.get("noor")?.id}/follow`, "tess", {});
    const { page, context, complaints } = await visit(browser, phone);
    await logIn(page, instance.url, { username: "noor", password });
    await page.goto(`${instance.url}/inbox/notifications`);
    const row = page.getByRole("listitem").filter({ hasText: "tess started following you" });
    await row.getByRole("button", { name: "Follow back" }).tap();
    await row.getByRole("button", { name: "Following" }).waitFor();
    const followed = async () =>
      ((await ask("GET", "/users/by-name/tess", "noor")) as Record<string, unknown>)["is_followed"] === true;
    await until(followed);
    await page.reload();
    await row.waitFor();
    assert.equal(await row.getByRole("button").count(), 0);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("lists the accounts that a merged notification stands for, and follows one of them back", async () => {
    const names = ["alma", "bao", "cleo", "dara"];
    for (const username of names) {
      const { token, user_id } = (await ask("POST", "/users/register", undefined, { username, password })) as Signed;
      people.set(username, { token, id: user_id });
    }
    for (const by of names.slice(1)) await ask("POST", `/users/${people.get("alma")?.id}/follow`, by, {});
    const { page, context, complaints } = await visit(browser, phone);
    await logIn(page, instance.url, { username: "alma", password });
    await page.goto(`${instance.url}/inbox/notifications`);
    await page.getByRole("button", { name: /and 2 others started following you/ }).tap();
    const sheet = page.getByRole("dialog", { name: "New followers" });
    const row = sheet.getByRole("listitem").filter({ hasText: "@bao" });
    await row.waitFor();
    assert.equal(await sheet.getByRole("listitem").count(), 3);
    await look(page, "new-followers-phone-en");
    await row.getByRole("button", { name: "Follow back" }).tap();
    await row.getByRole("button", { name: "Following" }).waitFor();
    await until(
      async () => ((await ask("GET", "/users/by-name/bao", "alma")) as Record<string, unknown>)["is_followed"] === true,
    );
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("has a number on each tab, their sum on the badge and in the title, and opens on the first with something new", async () => {
    const { token, user_id } = (await ask("POST", "/users/register", undefined, {
      username: "enno",
      password,
    })) as Signed;
    people.set("enno", { token, id: user_id });
    for (const by of ["alma", "bao"]) await ask("POST", "/messages", by, { receiver_id: user_id, content: "hello" });
    await ask("POST", `/users/${user_id}/follow`, "alma", {});
    const numbers = async () => (await ask("GET", "/updates/unread", "enno")) as Record<string, number>;
    // The welcome, the follower, and the alert to the device that logs in.
    const notifications = 3;
    await until(async () => {
      const { request_count, notification_count } = await numbers();
      return request_count === 2 && notification_count === notifications - 1;
    });
    const sum = 2 + notifications;
    const { page, context, complaints } = await visit(browser, phone);
    await logIn(page, instance.url, { username: "enno", password });
    await page.goto(`${instance.url}/explore`);
    await becomes(page, `document.title.startsWith("(${sum}) ")`);
    await page.getByRole("link", { name: new RegExp(`^Inbox.*${sum} unread`, "s") }).tap();
    await page.waitForURL(/\/inbox\/requests$/);
    await page.getByRole("link", { name: "Requests 2", exact: true }).waitFor();
    await page.getByRole("link", { name: `Notifications ${notifications}`, exact: true }).waitFor();
    await look(page, "numbers-phone-en");
    await page.setViewportSize(desktop.viewport);
    await look(page, "numbers-desktop-en");
    await page.setViewportSize(phone.viewport);
    // Nothing is there that no tab has: with all of it read, no number stays.
    for (const by of ["alma", "bao"]) {
      await page.goto(`${instance.url}/inbox/requests`);
      await page.getByRole("link", { name: new RegExp(by) }).tap();
      await page.getByRole("button", { name: "Accept" }).tap();
      await page.getByRole("button", { name: "Accept" }).waitFor({ state: "detached" });
    }
    await page.goto(`${instance.url}/inbox/notifications`);
    await until(async () => Object.values(await numbers()).every((count) => count === 0));
    await becomes(page, `!document.title.startsWith("(")`);
    assert.equal(await page.getByRole("link", { name: /unread/ }).count(), 0);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("polls for updates where sockets are unavailable", async () => {
    const { page, context } = await visit(browser, phone);
    await page.addInitScript(
      "window.WebSocket = class extends EventTarget { constructor() { super(); setTimeout(() => this.dispatchEvent(new Event('close'))); } close() {} }",
    );
    await logIn(page, instance.url, { username: "noor", password });
    await page.goto(instance.url);
    await page.getByRole("link", { name: /^Inbox/ }).waitFor();
    await ask("POST", "/messages", "mira", { receiver_id: people.get("noor")?.id, content: "by asking" });
    await page.getByRole("link", { name: /^Inbox.*unread/ }).waitFor();
    await context.close();
  });

  it("detects a silent connection, reconnects, and counts messages sent meanwhile", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    let opened = 0;
    await page.routeWebSocket(/\/api\/v1\/ws/, (socket) => {
      opened += 1;
      // The first stays open, and nothing comes through it.
      if (opened > 1) socket.connectToServer();
    });
    await logIn(page, instance.url, { username: "tess", password });
    await page.goto(instance.url);
    await until(() => opened === 1);
    const unread = async () =>
      Number(/(\d+) unread/.exec(await page.getByRole("link", { name: /^Inbox/ }).innerText())?.[1] ?? 0);
    const counts = Object.values((await ask("GET", "/updates/unread", "tess")) as Record<string, number>);
    const unreadCount = counts.reduce((sum, count) => sum + count, 0);
    assert.ok(unreadCount > 0, "what is not shown yet would look like this");
    await until(async () => (await unread()) === unreadCount);
    await ask("POST", "/messages", "noor", { receiver_id: people.get("tess")?.id, content: "while you slept" });
    await page.evaluate(`window.dispatchEvent(new Event("online"))`);
    await until(async () => (await unread()) === unreadCount + 1);
    await until(() => opened === 2);
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

interface Signed {
  readonly token: string;
  readonly user_id: number;
}
let instance: Instance;
let browser: Browser;
const people = new Map<string, { token: string; id: number }>();

async function ask(method: string, path: string, by?: string, body?: object): Promise<unknown> {
  const token = by === undefined ? undefined : people.get(by)?.token;
  const answer = await fetch(`${instance.url}/api/v1${path}`, {
    method,
    headers: { "content-type": "application/json", ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  assert.equal(answer.status, 200, path);
  return ((await answer.json()) as { data: unknown }).data;
}

/** Nothing for axe, nothing wider than the screen. */
async function look(page: Page, name: string): Promise<void> {
  const kept = process.env["SCREENSHOTS_IN"];
  if (kept !== undefined) await page.screenshot({ path: join(kept, `${name}.png`) });
  assert.ok(await page.evaluate<boolean>("document.documentElement.scrollWidth <= innerWidth"), `${name} is too wide`);
  await isAccessible(page, name);
}
