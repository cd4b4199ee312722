import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { becomes, chooseMore, desktop, logIn, openBrowser, phone, selectOption, visit } from "../browser/browser.ts";
import type { Instance } from "../instance/instance.ts";
import { startOnTemplate } from "../instance/template.ts";
import { soon, until } from "../until.ts";

describe("moderation in a real browser", () => {
  before(async () => {
    instance = await startOnTemplate({
      env: { KINORA_ADMIN_USERNAME: "keeper", KINORA_ADMIN_PASSWORD: password, KINORA_RATE_LIMIT: "off" },
    });
    browser = await openBrowser();
    for (const username of ["filmer", "viewer"]) await post("/users/register", { username, password });
    const { token } = await post("/users/login", { username: "filmer", password });
    const form = new FormData();
    form.set("title", "A film to complain about");
    form.set("file", new Blob([await readFile(join(import.meta.dirname, "../media/moov-at-end.mp4"))]), "a.mp4");
    const response = await fetch(`${instance.url}/api/v1/videos`, {
      method: "POST",
      headers: { authorization: `Bearer ${String(token)}` },
      body: form,
    });
    ({ id: videoId } = ((await response.json()) as { data: { id: number } }).data);
    const hasCover = async () => {
      const answer = await fetch(`${instance.url}/api/v1/videos/${videoId}`);
      return answer.ok && ((await answer.json()) as { data: { cover_url: string } }).data.cover_url !== "";
    };
    await until(hasCover, { said: () => "the video was not published, or has no cover" });
  });
  after(async () => {
    await browser?.close();
    await instance?.[Symbol.asyncDispose]();
  });

  it("takes a report on a phone, a decision by keyboard with undo, and an appeal, and informs both sides", async () => {
    const viewer = await visit(browser, phone);
    await logIn(viewer.page, instance.url, { username: "viewer", password });
    await viewer.page.goto(`${instance.url}/watch/${videoId}`);
    await chooseMore(viewer.page, "Report");
    await selectOption(viewer.page, "What is wrong with it?", "Copyright infringement");
    await viewer.page.getByLabel(/Anything moderators/).fill("this is mine");
    await shot(viewer.page, "report-phone");
    await viewer.page.getByRole("button", { name: "Send report" }).click();
    await viewer.page.getByText("A moderator will look at it").waitFor();
    await casesAreNamed("A film to complain about");
    await shot(viewer.page, "thanks-phone");

    const administrator = await visit(browser, desktop, { isUnhurried: true });
    await logIn(administrator.page, instance.url, { username: "keeper", password });
    await administrator.page.goto(`${instance.url}/moderation`);
    const open = administrator.page.locator("[data-case]", { hasText: "A film to complain about" });
    await open.locator("figure img").waitFor();
    await open.getByText("this is mine").waitFor();
    await open.getByLabel("Only moderators see this").fill("asked the uploader");
    await open.getByRole("button", { name: "Add note" }).click();
    await open.getByRole("listitem").filter({ hasText: "asked the uploader" }).waitFor();
    await shot(administrator.page, "queue-desktop");
    await administrator.page.locator("h1").click();
    await administrator.page.keyboard.press("d");
    await administrator.page.getByRole("button", { name: "Undo" }).click();
    await open.waitFor();
    await administrator.page.keyboard.press("m");
    const decision = administrator.page.getByRole("dialog");
    await decision.getByLabel(/Note to both sides/).fill("it is not yours");
    await shot(administrator.page, "decide-desktop");
    await decision.getByRole("button", { name: "Decide" }).click();
    await administrator.page.getByText("Nothing to review").waitFor();
    const isRemoved = async () => (await fetch(`${instance.url}/api/v1/videos/${videoId}`)).status === 404;
    await soon(withinMs, isRemoved, { said: () => "the video is still shown" });

    await viewer.page.goto(`${instance.url}/reports`);
    await viewer.page.getByText("it is not yours").waitFor();
    await shot(viewer.page, "reports-phone");
    const filmer = await visit(browser, phone, { locale: "zh-CN" });
    await logIn(filmer.page, instance.url, { username: "filmer", password });
    await filmer.page.goto(`${instance.url}/inbox/notifications`);
    const notice = filmer.page.getByRole("link", { name: "版主移除了你的内容" });
    await notice.getByText("it is not yours").waitFor();
    await shot(filmer.page, "notice-phone-zh");
    await notice.click();
    await filmer.page.getByRole("button", { name: "申诉" }).click();
    await filmer.page.getByRole("dialog").getByRole("textbox").fill("it is mine");
    await filmer.page.getByRole("button", { name: "提交申诉" }).click();
    await filmer.page.getByText("你的申诉正在等待答复").waitFor();
    await shot(filmer.page, "decisions-phone-zh");
    await administrator.page.getByRole("button", { name: "Appeals" }).click();
    await done(administrator.page, () => administrator.page.getByRole("button", { name: "Accept" }).click());
    await soon(withinMs, async () => !(await isRemoved()), { said: () => "the video did not come back" });
    for (const { complaints, context } of [viewer, administrator, filmer]) {
      assert.deepEqual(complaints, []);
      await context.close();
    }
  });

  it("bans a user from the list of accounts, ends their session within 10 s, and lifts the ban", async () => {
    const viewer = await visit(browser, phone);
    await logIn(viewer.page, instance.url, { username: "viewer", password });
    await viewer.page.goto(instance.url);
    const administrator = await visit(browser, phone);
    await logIn(administrator.page, instance.url, { username: "keeper", password });
    await administrator.page.goto(`${instance.url}/admin/accounts`);
    await administrator.page.getByRole("button", { name: "Manage: viewer" }).click();
    await shot(administrator.page, "account-phone");
    await administrator.page.getByRole("button", { name: "Warn, mute or ban" }).click();
    await selectOption(administrator.page, "Action", "Ban");
    await done(administrator.page, () => administrator.page.getByRole("button", { name: "Decide" }).click());
    const isOut = () => viewer.page.evaluate<boolean>(`fetch("/api/v1/users/me").then(({ status }) => status === 401)`);
    await soon(withinMs, isOut, { said: () => "the session goes on" });
    await administrator.page.getByRole("button", { name: "Manage: viewer" }).click();
    await done(administrator.page, () =>
      administrator.page.getByRole("button", { name: "End: ban or suspension" }).click(),
    );
    const isIn = async () => "token" in (await post("/users/login", { username: "viewer", password }));
    await soon(withinMs, isIn, { said: () => "they cannot sign in" });
    assert.deepEqual(administrator.complaints, []);
    await administrator.context.close();
    await viewer.context.close();
  });

  it("shows a reported playlist with a link to it, removes it, and restores it", async () => {
    const filmer = await tokenOf("filmer");
    const list = await post("/playlists", { title: "Films to complain about", visibility: "public" }, filmer);
    const id = Number(list["id"]);
    await post("/reports", { kind: "playlist", id, reason: "spam" }, await tokenOf("viewer"));
    await casesAreNamed("Films to complain about");
    const administrator = await visit(browser, desktop, { isUnhurried: true });
    await logIn(administrator.page, instance.url, { username: "keeper", password });
    await administrator.page.goto(`${instance.url}/moderation`);
    const card = administrator.page.locator("[data-case]", { hasText: "Films to complain about" });
    await administrator.page.getByRole("link", { name: /Films to complain about/ }).click();
    await card.getByText("filmer").first().waitFor();
    assert.equal(await card.locator("a[data-look]").getAttribute("href"), `/playlist/${id}`);
    const isThere = async () => (await fetch(`${instance.url}/api/v1/playlists/${id}`)).ok;
    await done(administrator.page, () => card.getByRole("button", { name: "Remove" }).click());
    await soon(withinMs, async () => !(await isThere()), { said: () => "the playlist is still shown" });
    await done(administrator.page, () => administrator.page.getByRole("button", { name: "Undo" }).click());
    await soon(withinMs, isThere, { said: () => "the playlist did not come back" });
    assert.deepEqual(administrator.complaints, []);
    await administrator.context.close();
  });

  it("takes a reported live room off the air, from its viewers and its owner", async () => {
    const room = await post("/lives", { title: "Live to complain about" }, await tokenOf("filmer"));
    const path = `/live/${Number(room["id"])}`;
    await post(`/lives/${Number(room["id"])}/start`, {}, await tokenOf("filmer"));
    const [filmer, viewer, administrator] = [
      await visit(browser, phone),
      await visit(browser, phone, { locale: "zh-CN" }),
      await visit(browser, desktop, { isUnhurried: true }),
    ];
    await logIn(viewer.page, instance.url, { username: "viewer", password });
    await viewer.page.goto(instance.url + path);
    await viewer.page.getByRole("button", { name: "更多", exact: true }).click();
    await viewer.page.getByRole("menuitem", { name: "举报" }).click();
    await viewer.page.getByRole("button", { name: "提交举报" }).click();
    await viewer.page.getByRole("button", { name: "完成" }).click();
    await casesAreNamed("Live to complain about");
    await logIn(filmer.page, instance.url, { username: "filmer", password });
    await filmer.page.goto(instance.url + path);
    await logIn(administrator.page, instance.url, { username: "keeper", password });
    await administrator.page.goto(`${instance.url}/moderation`);
    await administrator.page.getByRole("link", { name: /Live to complain about/ }).click();
    const card = administrator.page.locator("[data-case]", { hasText: "Live to complain about" });
    assert.equal(await card.locator("a[data-look]").getAttribute("href"), path);
    await shot(administrator.page, "live-desktop");
    await done(administrator.page, () => card.getByRole("button", { name: "Remove" }).click());
    await viewer.page.getByRole("heading", { name: "无法观看这场直播" }).waitFor();
    await shot(viewer.page, "live-gone-phone-zh");
    await filmer.page.getByRole("heading", { name: "A moderator removed this live stream" }).waitFor();
    await shot(filmer.page, "live-removed-phone");
    await filmer.page.getByRole("link", { name: "Show the decision" }).click();
    await filmer.page.getByText("Live to complain about").waitFor();
    for (const { complaints, context } of [filmer, viewer, administrator]) {
      assert.deepEqual(complaints, []);
      await context.close();
    }
  });

  it("marks a removed message for both participants, and offers no action on it", async () => {
    const [filmer, viewer] = [await tokenOf("filmer"), await tokenOf("viewer")];
    const { user_id: filmerId } = await post("/users/login", { username: "filmer", password });
    const content = { receiver_id: filmerId, content: "", type: 2, media_url: "/favicon.svg" };
    const message = await post("/messages", content, viewer);
    await post("/reports", { kind: "message", id: message["id"], reason: "spam" }, filmer);
    const administrator = await visit(browser, desktop, { locale: "zh-CN", isUnhurried: true });
    await logIn(administrator.page, instance.url, { username: "keeper", password });
    await administrator.page.goto(`${instance.url}/moderation`);
    await administrator.page.getByRole("link", { name: /私信/ }).click();
    const card = administrator.page.locator("[data-case]", { hasText: "私信" });
    await card.waitFor();
    await done(administrator.page, () => card.getByRole("button", { name: "移除" }).click());
    const isRemoved = async () => {
      const answer = await fetch(`${instance.url}/api/v1/messages/${Number(message["id"])}`, {
        headers: { authorization: `Bearer ${filmer}` },
      });
      return ((await answer.json()) as { data: { type: number } }).data.type === 1;
    };
    await soon(withinMs, isRemoved, { said: () => "the message is still shown" });
    for (const [username, locale, words] of [
      ["filmer", "zh-CN", "版主移除了这条消息"],
      ["viewer", "en-US", "Removed by a moderator"],
    ] as const) {
      const { page, context, complaints } = await visit(browser, phone, { locale });
      await logIn(page, instance.url, { username, password });
      await page.goto(`${instance.url}/inbox${username === "filmer" ? "/requests" : ""}`);
      const row = page.getByRole("main").getByRole("link", { name: words });
      await row.waitFor();
      assert.doesNotMatch(await row.innerText(), /Video|视频|You:/);
      await row.tap();
      const said = page.getByRole("log").getByRole("listitem").filter({ hasText: words });
      await said.waitFor();
      await shot(page, `taken-away-${username}`);
      assert.equal(await said.getByRole("button").count(), 0);
      assert.deepEqual(complaints, []);
      await context.close();
    }
    assert.deepEqual(administrator.complaints, []);
    await administrator.context.close();
  });

  it("shows what a reported reply answers, lets a moderator claim it, leave it for later, and name the broken rule", async () => {
    const [administrator, filmer, viewer] = [await tokenOf("keeper"), await tokenOf("filmer"), await tokenOf("viewer")];
    const rules = await fetch(`${instance.url}/api/v1/admin/instance`, {
      method: "PUT",
      headers: { authorization: `Bearer ${administrator}`, "content-type": "application/json" },
      body: JSON.stringify({ rules: "Be on time.\nNo attacks on people." }),
    });
    assert.equal(rules.status, 200, await rules.text());
    const parent = await post(`/videos/${videoId}/comments`, { content: "The stall behind the umbrella" }, viewer);
    const reply = { content: "Nobody asked you", parent_id: parent["id"] };
    const answered = await post(`/videos/${videoId}/comments`, reply, filmer);
    const list = await post("/playlists", { title: "Waits after it", visibility: "public" }, filmer);
    await post("/reports", { kind: "comment", id: answered["id"], reason: "harassment" }, viewer);
    await post("/reports", { kind: "playlist", id: list["id"], reason: "spam" }, viewer);
    await casesAreNamed("Nobody asked you", "Waits after it");
    const { page, context, complaints } = await visit(browser, desktop);
    await logIn(page, instance.url, { username: "keeper", password });
    await page.goto(`${instance.url}/moderation`);
    await page.getByRole("link", { name: /Nobody asked you/ }).click();
    const open = page.locator("[data-case]", { hasText: "Nobody asked you" });
    await open.getByText("In reply to viewer").waitFor();
    await open.getByText("The stall behind the umbrella").waitFor();
    await open.getByRole("button", { name: "Take it on" }).click();
    await open.getByText("You are on it").waitFor();
    await page.getByRole("button", { name: /^Mine/ }).click();
    await page.getByRole("link", { name: /Waits after it/ }).waitFor({ state: "detached" });
    await open.getByText("You are on it").waitFor();
    await page.getByRole("button", { name: /^Open/, pressed: false }).click();
    await page.getByRole("link", { name: /Nobody asked you/ }).click();
    await shot(page, "reply-desktop");
    await open.getByRole("button", { name: "Later" }).click();
    await page.locator("[data-case]", { hasText: "Waits after it" }).waitFor();
    await page.keyboard.press("l");
    await page.locator("[data-case]", { hasText: "Waits after it" }).waitFor({ state: "detached" });
    await page.getByRole("link", { name: /Nobody asked you/ }).click();
    await selectOption(page, "Rule that was broken", "No attacks on people.");
    await shot(page, "rule-desktop");
    await open.getByRole("button", { name: /^Remove/ }).click();
    await page.getByText("Decided: Removed").waitFor();
    const decisions = await fetch(`${instance.url}/api/v1/moderation/decisions`, {
      headers: { authorization: `Bearer ${filmer}` },
    });
    assert.match(await decisions.text(), /"rule":"No attacks on people\."/);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("explains in the moderator's language why a comment is held, and labels a voice message", async () => {
    const [administratorToken, filmer, viewer] = [
      await tokenOf("keeper"),
      await tokenOf("filmer"),
      await tokenOf("viewer"),
    ];
    await post("/admin/words", { pattern: "casino", action: "hold" }, administratorToken);
    const comment = { content: "meet me at the casino" };
    const said = async () => (await post(`/videos/${videoId}/comments`, comment, filmer))["is_held"] === true;
    // The services learn of the word a moment later.
    await soon(withinMs, said, { said: () => "nothing is held" });
    await post(`/videos/${videoId}/comments`, { content: "see https://example.org" }, viewer);
    const { user_id: filmerId } = await post("/users/login", { username: "filmer", password });
    const content = { receiver_id: filmerId, content: "", type: 4, media_url: "/favicon.svg" };
    const message = await post("/messages", content, viewer);
    await post("/reports", { kind: "message", id: message["id"], reason: "spam" }, filmer);
    const { page, context, complaints } = await visit(browser, desktop, { locale: "zh-CN" });
    await logIn(page, instance.url, { username: "keeper", password });
    await page.goto(`${instance.url}/moderation`);
    await page.getByRole("link", { name: /（语音）/ }).click();
    await page.locator("[data-case]", { hasText: "（语音）" }).waitFor();
    const numbers = `(() => {
      const numberIn = (element) => Number(/\\d+/.exec(element?.innerText ?? "")?.[0] ?? 0);
      const tabs = Object.fromEntries([...document.querySelectorAll("main button[aria-pressed]")]
        .map((tab) => [/[^\\d\\s]+/.exec(tab.innerText)[0], numberIn(tab)]));
      return { held: tabs["待放行"], sum: tabs["待处理"] + tabs["待放行"] + tabs["申诉"], badge: numberIn(document.querySelector('nav a[href="/moderation"]')) };
    })()`;
    // The number beside "Moderation" is the sum of those on its tabs.
    await becomes(page, `(({ held, sum, badge }) => held === 2 && sum > 2 && badge === sum)(${numbers})`);
    await page.getByRole("button", { name: /^待放行/ }).click();
    const open = page.locator("[data-case]");
    await open.getByText("拦下原因：关注词：casino").waitFor();
    await page.getByRole("link", { name: /链接/ }).click();
    await open.getByText("拦下原因：链接").waitFor();
    await page.locator("h1").click();
    await page.keyboard.press("k");
    await open.getByText("拦下原因：关注词：casino").waitFor();
    await shot(page, "held-zh");
    // The page begins with the first tab in which something waits.
    const cases = await get<{ list: { kind: string; thing_id: number; is_held: boolean }[] }>(
      "/moderation/queue",
      administratorToken,
    );
    for (const { kind, thing_id: id } of cases.list.filter(({ is_held: isHeld }) => !isHeld))
      await post("/moderation/decisions", { kind, id, action: "dismiss" }, administratorToken);
    await page.goto(`${instance.url}/moderation`);
    await becomes(page, `document.querySelector('main button[aria-pressed="true"]')?.innerText.startsWith("待放行")`);
    await becomes(page, `(({ held, sum, badge }) => held === 2 && badge === sum)(${numbers})`);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("limits the rules for new accounts, and marks values above the limits", async () => {
    const { page, context, complaints } = await visit(browser, phone);
    await logIn(page, instance.url, { username: "keeper", password });
    await page.goto(`${instance.url}/admin/words`);
    const save = page.getByRole("button", { name: "Save", exact: true });
    for (const [name, max] of [
      ["Days", 365],
      ["Comments", 1_000],
      ["Comments a minute (0: no limit)", 1_000],
    ] as const) {
      const field = page.getByRole("textbox", { name, exact: true });
      await field.fill(String(max + 1));
      await page.locator("[slot=errorMessage], [class*=text-bad]", { hasText: `At most ${max}` }).waitFor();
      assert.deepEqual([await field.getAttribute("aria-invalid"), await save.isDisabled()], ["true", true]);
      await field.fill(String(max));
    }
    await shot(page, "rules-phone");
    await save.click();
    await page.getByRole("status").filter({ hasText: "Saved" }).waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("changes a role only on confirmation, and not while keys pass other roles", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    await logIn(page, instance.url, { username: "keeper", password });
    const bodies: string[] = [];
    page.on("request", (request) => void (request.url().endsWith("/role") && bodies.push(request.postData() ?? "")));
    await page.goto(`${instance.url}/admin/accounts`);
    for (const [keys, role] of [
      [["ArrowRight", "ArrowRight"], "admin"],
      [["ArrowLeft", "ArrowLeft"], "user"],
    ] as const) {
      await page.getByRole("button", { name: "Manage: viewer" }).click();
      const change = page.getByRole("button", { name: "Change", exact: true });
      await change.waitFor();
      assert.equal(await change.isDisabled(), true);
      await page.getByRole("dialog").getByRole("button", { name: "Role" }).focus();
      for (const key of keys) await page.keyboard.press(key);
      assert.deepEqual(bodies, []);
      await change.focus();
      await page.keyboard.press("Enter");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      assert.deepEqual(bodies.splice(0), [JSON.stringify({ role })]);
    }
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("shows all reports of a case by pages, and reports a failed page with a retry", async () => {
    const list = await post(
      "/playlists",
      { title: "Much complained of", visibility: "public" },
      await tokenOf("filmer"),
    );
    for (let n = 0; n < 21; n++) {
      const { token } = await post("/users/register", { username: `complainer${n}`, password });
      const report = { kind: "playlist", id: list["id"], reason: "spam", text: `complaint ${n}.` };
      await post("/reports", report, String(token));
    }
    const { page, context, complaints } = await visit(browser, phone);
    await logIn(page, instance.url, { username: "keeper", password });
    const reports = /\/moderation\/queue\/\d+\/reports/;
    await page.route(reports, (route) => route.abort());
    await page.goto(`${instance.url}/moderation`);
    const card = page.locator("[data-case]", { hasText: "Much complained of" });
    await page.getByRole("link", { name: /Much complained of/ }).tap();
    await card.getByRole("alert").waitFor();
    await page.unroute(reports);
    await card.getByRole("button", { name: "Try again" }).tap();
    const said = card.getByRole("listitem").filter({ hasText: /complaint \d+\./ });
    await said.nth(19).waitFor();
    assert.equal(await said.count(), 20);
    await card.getByRole("button", { name: "Show more" }).tap();
    await said.nth(20).waitFor();
    await shot(page, "reports-of-a-case-phone");
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("hides its pages from ordinary users", async () => {
    const viewer = await visit(browser, desktop);
    await logIn(viewer.page, instance.url, { username: "viewer", password });
    for (const path of ["/moderation", "/admin", "/admin/accounts", "/admin/words", "/admin/audit"]) {
      await viewer.page.goto(instance.url + path);
      await viewer.page.getByRole("heading", { level: 1, name: "Page not found" }).waitFor();
    }
    await viewer.context.close();
  });
});

const password = "blue bicycle";
/** A decision takes effect everywhere within this time. */
const withinMs = 10_000;
let instance: Instance;
let browser: Browser;
let videoId = 0;

const tokenOf = async (username: string) => String((await post("/users/login", { username, password }))["token"]);

async function post(path: string, body: object, token?: string): Promise<Record<string, unknown>> {
  const answer = await fetch(`${instance.url}/api/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  return ((await answer.json()) as { data: Record<string, unknown> | null }).data ?? {};
}

async function get<Data>(path: string, token: string): Promise<Data> {
  const answer = await fetch(`${instance.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(answer.status, 200, path);
  return ((await answer.json()) as { data: Data }).data; // The contract's own shape.
}

/** Does it, and waits for what the server answers. */
async function done(page: Parameters<typeof logIn>[0], act: () => Promise<void>): Promise<void> {
  const answered = page.waitForResponse(
    (answer) => answer.request().method() !== "GET" && answer.url().includes("/api/v1/moderation/"),
  );
  await act();
  assert.equal((await answered).status(), 200);
}

/** A report may precede the event of its content: a case has its text a moment later. */
async function casesAreNamed(...texts: readonly string[]): Promise<void> {
  const headers = { authorization: `Bearer ${await tokenOf("keeper")}` };
  const isNamed = async () => {
    const cases = await (await fetch(`${instance.url}/api/v1/moderation/queue`, { headers })).text();
    return texts.every((text) => cases.includes(text));
  };
  await until(isNamed, { said: () => "a case has no text" });
}

/** A screenshot for inspection, with PICTURES=<folder>. */
const shot = async (page: Parameters<typeof logIn>[0], name: string): Promise<void> => {
  const folder = process.env["PICTURES"];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
};
