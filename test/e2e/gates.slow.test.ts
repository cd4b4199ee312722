import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { isAccessible } from "../browser/accessibility.ts";
import { becomes, desktop, logIn, phone, sharedBrowser, visit } from "../browser/browser.ts";
import { misfits } from "../browser/fit.ts";
import type { Instance } from "../instance/instance.ts";
import { sharedInstance } from "../instance/shared.ts";
import { administrator } from "../instance/template.ts";
import { Person } from "../users/person.ts";
import { published } from "../users/published.ts";

/** Gates are made, bought, opened and closed; visitors see what opens a thing and how. */
describe("locked things in a real browser", () => {
  before(async () => {
    instance = await sharedInstance("demo");
    browser = await sharedBrowser();
    [owner, viewer] = [new Person(instance.url, "nkechi"), new Person(instance.url, "omar-obi")];
    await owner.signUp();
    await viewer.signUp();
    videoId = await published(owner);
    assert.equal(
      (await owner.ask("PUT", `/videos/${videoId}`, { body: { title: "The whole set, uncut" } })).status,
      200,
    );
  });

  it("are videos, locked by their owner with a rule that reads back", async () => {
    for (const [device, locale] of [
      [desktop, "en-US"],
      [phone, "zh-CN"],
    ] as const) {
      const { page, context, complaints } = await visit(browser, device, { locale });
      await logIn(page, instance.url, owner);
      await page.goto(`${instance.url}/studio?edit=${videoId}`);
      const isEnglish = locale === "en-US";
      const sheet = page.getByRole("dialog");
      await sheet.locator("label", { hasText: isEnglish ? /^Locked/ : /^需解锁/ }).click();
      const offers = sheet.getByRole("group", { name: isEnglish ? "Add a way to open it" : "添加解锁条件" });
      if (isEnglish) {
        await offers.getByRole("button", { name: "Follows me" }).click();
        await offers.getByRole("button", { name: "Pays coins" }).click();
        await sheet.getByLabel("Days").fill("30");
        await sheet.getByLabel("Coins", { exact: true }).fill("120");
        const words = "Opens for people who have followed you for 30 days or pay 120 coins once.";
        await sheet.getByText(words).waitFor();
      } else await sheet.getByText("关注你满 30 天或一次性支付 120 金币").waitFor();
      await sheet.getByRole("group", { name: isEnglish ? "Pays coins" : "支付金币" }).scrollIntoViewIfNeeded();
      await look(page, `gate-editor-${device.name}-${locale}`);
      if (isEnglish) {
        await sheet.getByRole("button", { name: "Save", exact: true }).click();
        await sheet.waitFor({ state: "detached" });
      }
      assert.deepEqual(complaints, []);
      await context.close();
    }
    const gate = {
      any: [
        { kind: "followers", since_days: 30 },
        { kind: "coins", price: 120 },
      ],
    };
    assert.deepEqual((await owner.get(`/videos/${videoId}`))["gate"], gate);
  });

  it("show a visitor what opens them, open for coins, and close again", async () => {
    const visitor = await visit(browser, phone);
    await visitor.page.goto(`${instance.url}/watch/${videoId}`);
    await visitor.page.getByRole("heading", { name: "The whole set, uncut" }).waitFor();
    await visitor.page.getByRole("button", { name: "Log in to unlock it" }).waitFor();
    await look(visitor.page, "locked-visitor-phone");
    await visitor.context.close();

    const admin = new Person(instance.url, administrator.username);
    await admin.signIn();
    const { id } = await viewer.get("/users/me");
    const coins = { amount: 340, reason: "a prize" };
    assert.equal((await admin.ask("POST", `/admin/users/${String(id)}/coins`, { body: coins })).status, 200);
    const { page, context, complaints } = await visit(browser, desktop);
    await logIn(page, instance.url, viewer);
    await page.goto(`${instance.url}/watch/${videoId}`);
    await page.getByRole("button", { name: "Unlock for 120" }).waitFor();
    await page.getByText("You have 340").waitFor();
    await look(page, "locked-viewer-desktop");
    await page.getByRole("button", { name: "Unlock for 120" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Unlock for 120" }).click();
    await becomes(page, `document.querySelector("video")?.readyState >= 2`);
    await owner.ask("PUT", `/videos/${videoId}`, { body: { gate: { kind: "invited" } } });
    await page.reload();
    await page.getByText("invites people by name or by a link").waitFor();
    const link = await owner.ask("POST", `/gates/video/${videoId}/invited`, { body: { link: {} } });
    const { code } = link.data["link"] as { code: string }; // As its contract has it.
    await page.goto(`${instance.url}/watch/${videoId}?invitation=${code}`);
    await becomes(page, `document.querySelector("video")?.readyState >= 2`);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("are live rooms, which their owner locks while they are prepared", async () => {
    const { page, context, complaints } = await visit(browser, phone, { locale: "zh-CN" });
    await logIn(page, instance.url, owner);
    await page.goto(`${instance.url}/live/new`);
    await page.getByLabel("标题").fill("港口现场");
    await page
      .getByRole("button", { name: /谁可以观看|可见范围|公开/ })
      .first()
      .click();
    await page.getByRole("option", { name: /需解锁/ }).click();
    const offers = page.getByRole("group", { name: "添加解锁条件" });
    await offers.getByRole("button", { name: "支付金币" }).click();
    await page.getByLabel("金币", { exact: true }).fill("50");
    await offers.getByRole("button", { name: "受到邀请" }).click();
    await page.getByText("一次性支付 50 金币").waitFor();
    await page.getByRole("group", { name: "支付金币" }).scrollIntoViewIfNeeded();
    await look(page, "live-gate-editor-phone-zh");
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("are live rooms, which open for coins", async () => {
    const gate = {
      any: [
        { kind: "followers", since_days: 30 },
        { kind: "coins", price: 50 },
      ],
    };
    const body = { title: "Harbour at night", visibility: "gated", gate, teaser: "title" };
    const { data } = await owner.ask("POST", "/lives", { body });
    const roomId = Number(data["id"]);
    for (const [device, locale, heading] of [
      [phone, "zh-CN", "满足任意一项即可解锁"],
      [desktop, "en-US", "One of these opens it"],
    ] as const) {
      const { page, context } = await visit(browser, device, { locale });
      await page.goto(`${instance.url}/live/${roomId}`);
      await page.getByRole("heading", { name: "Harbour at night" }).waitFor();
      await page.getByRole("heading", { name: heading }).waitFor();
      await look(page, `live-locked-visitor-${device.name}-${locale}`);
      await context.close();
    }
    const { page, context, complaints } = await visit(browser, desktop);
    await logIn(page, instance.url, viewer);
    await page.goto(`${instance.url}/live/${roomId}`);
    await page.getByRole("button", { name: "Unlock for 50" }).click();
    const ask = page.getByRole("dialog");
    await ask.getByText("until it has been live for a minute").waitFor();
    await ask.getByRole("button", { name: "Unlock for 50" }).click();
    await page.getByRole("heading", { name: "One of these opens it" }).waitFor({ state: "detached" });
    await page.getByText("Harbour at night").first().waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("are playlists, whose list opens by a password", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    await logIn(page, instance.url, owner);
    await page.goto(`${instance.url}/playlists`);
    await page.getByRole("button", { name: "New playlist" }).first().click();
    const sheet = page.getByRole("dialog");
    await sheet.getByLabel("Name").fill("Rehearsals");
    await sheet.locator("label", { hasText: /^Locked/ }).click();
    await sheet
      .getByRole("group", { name: "Add a way to open it" })
      .getByRole("button", { name: "Knows a password" })
      .click();
    await sheet.getByLabel("Password", { exact: true }).fill("blue bicycle");
    await sheet.getByText("Opens for people who know the password.").waitFor();
    await look(page, "playlist-gate-editor-desktop");
    await sheet.getByRole("button", { name: "Make playlist", exact: true }).click();
    await sheet.waitFor({ state: "detached" });
    assert.deepEqual(complaints, []);
    await context.close();
    const { list } = await owner.get("/users/me/playlists");
    const playlistId = Number(
      (list as { id: number; title: string }[]).find(({ title }) => title === "Rehearsals")?.id,
    );
    const visitor = await visit(browser, phone, { locale: "zh-CN" });
    await visitor.page.goto(`${instance.url}/playlist/${playlistId}`);
    await visitor.page.getByRole("heading", { name: "Rehearsals" }).waitFor();
    await look(visitor.page, "playlist-locked-visitor-phone-zh");
    await visitor.page.getByLabel("密码").fill("blue bicycle");
    await visitor.page.getByRole("button", { name: "解锁" }).click();
    await visitor.page.getByRole("heading", { name: "满足条件即可解锁" }).waitFor({ state: "detached" });
    await visitor.page.getByRole("heading", { name: "Rehearsals" }).waitFor();
    assert.deepEqual(visitor.complaints, []);
    await visitor.context.close();
  });
});

let instance: Instance;
let browser: Browser;
let owner: Person;
let viewer: Person;
let videoId = 0;

async function look(page: Page, name: string): Promise<void> {
  const kept = process.env["SCREENSHOTS_IN"];
  if (kept !== undefined) await page.screenshot({ path: join(kept, `${name}.png`) });
  assert.deepEqual(await misfits(page), [], name);
  await isAccessible(page, name);
}
