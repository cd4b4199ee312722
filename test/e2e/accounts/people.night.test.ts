import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { Person } from "../../users/person.ts";
import { startOnTemplate } from "../../instance/template.ts";
import { until } from "../../until.ts";
import {
  becomes,
  chooseMore,
  desktop,
  hurry,
  logIn,
  logInByForm,
  openBrowser,
  phone,
  visit,
} from "../../browser/browser.ts";
import type { Instance } from "../../instance/instance.ts";

describe("the web app (relations between users)", () => {
  before(prepare);
  after(async () => {
    await browser?.close();
    await instance?.[Symbol.asyncDispose]();
  });

  it("removes a follower by keyboard, undoes it with the same key, and removes finally after the undo time", async () => {
    const { page, context, complaints } = await visit(browser, desktop, { isUnhurried: true });
    await logInByForm(page, instance.url, mira);
    await page.goto(`${instance.url}/@mira`);
    await page.getByRole("button", { name: "2 followers" }).click();
    const sheet = page.getByRole("dialog", { name: "mira" });
    await sheet.getByRole("button", { name: "Remove noor from your followers" }).focus();
    await page.keyboard.press("Enter");
    await sheet.getByText("No longer follows you").waitFor();
    await page.keyboard.press("Enter");
    await sheet.getByRole("button", { name: "Remove noor from your followers" }).waitFor();
    assert.equal(await followers("mira"), 2);
    await hurry(page);
    await page.keyboard.press("Enter");
    await sheet.getByRole("listitem").filter({ hasText: "noor" }).waitFor({ state: "detached" });
    await becomes(page, `document.activeElement?.getAttribute("aria-label") === "Followers"`);
    assert.equal(await followers("mira"), 1);
    await page
      .getByRole("button", { name: /^1 ?Followers?$/, includeHidden: true })
      .last()
      .waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("lists friends, and suggests users with a reason until they are followed", async () => {
    const { page, context, complaints } = await visit(browser, phone);
    await logIn(page, instance.url, mira);
    await page.goto(`${instance.url}/@mira`);
    await page
      .getByRole("button", { name: /Following$/ })
      .first()
      .tap();
    await page.getByRole("tab", { name: "Friends" }).tap();
    const sheet = page.getByRole("dialog", { name: "mira" });
    await sheet.getByRole("listitem").filter({ hasText: "olga" }).waitFor();
    const suggested = sheet.getByRole("region", { name: "People you may like" });
    const petra = suggested.getByRole("listitem").filter({ hasText: "petra" });
    await petra.getByText(/^Followed by (olga|quinn) and 1 other$/).waitFor();
    await petra.getByRole("button", { name: "Follow" }).tap();
    await petra.getByRole("button", { name: "Following" }).waitFor();
    await until(async () => (await followers("petra")) === 3);
    await page.keyboard.press("Escape");
    await page.goto(`${instance.url}/search`);
    const region = page.getByRole("region", { name: "People you may like" });
    await region.getByRole("link", { name: /noor/ }).waitFor();
    assert.equal(await region.getByText("petra").count(), 0, "who is followed is suggested no more");
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("keeps a user signed in while the account is unavailable, until the server ends the session", async () => {
    const { page, context } = await visit(browser, desktop);
    await logIn(page, instance.url, mira);
    let requestCount = 0;
    const body = JSON.stringify({ code: 503, error: "gateway.unavailable", message: "not now", data: null });
    await page.route("**/api/v1/users/me", async (route) => {
      requestCount += 1;
      await route.fulfill({ status: 503, contentType: "application/json", body });
    });
    await page.goto(`${instance.url}/settings/privacy`);
    await until(() => requestCount > 3);
    const isVisitor = page.getByRole("link", { name: "Log in" });
    assert.equal(await isVisitor.count(), 0);
    await page.unroute("**/api/v1/users/me");
    await page.getByRole("heading", { name: "Privacy" }).waitFor();
    // The server's answer about the session holds.
    await context.clearCookies();
    await page.reload();
    await isVisitor.first().waitFor();
    await context.close();
  });

  it("offers neither follow nor message for a blocked user, and unblocks on the user's page", async () => {
    const { page, context, complaints } = await visit(browser, phone);
    await logIn(page, instance.url, mira);
    await page.goto(`${instance.url}/@quinn`);
    const follow = page.getByRole("button", { name: /^Follow/ });
    await follow.and(page.locator("[aria-pressed]")).waitFor();
    await chooseMore(page, "Block");
    await page.getByRole("dialog").getByRole("button", { name: "Block", exact: true }).tap();
    await page.getByText("You blocked quinn.").waitFor();
    await page.reload();
    await page.getByText("You blocked quinn.").waitFor();
    const message = page.getByRole("link", { name: "Message" });
    assert.deepEqual([await follow.and(page.locator("[aria-pressed]")).count(), await message.count()], [0, 0]);
    await page.getByRole("button", { name: "Unblock" }).tap();
    await message.waitFor();
    await follow.and(page.locator("[aria-pressed]")).waitFor();
    assert.equal((await mira.get("/users/by-name/quinn"))["is_blocked"], false);
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

let instance: Instance;
let browser: Browser;
let mira: Person;

/** Mira and Olga follow each other, Noor follows Mira; whom Mira follows follow Petra, both, and Noor, one. */
async function prepare(): Promise<void> {
  instance = await startOnTemplate({ env: { KINORA_RATE_LIMIT: "off" } });
  const names = ["mira", "noor", "olga", "petra", "quinn"] as const;
  const people = Object.fromEntries(names.map((name) => [name, new Person(instance.url, name)]));
  for (const person of Object.values(people)) await person.signUp();
  mira = people["mira"] ?? new Person(instance.url);
  for (const [who, whom] of [
    ["mira", "olga"],
    ["olga", "mira"],
    ["noor", "mira"],
    ["mira", "quinn"],
    ["olga", "petra"],
    ["quinn", "petra"],
    ["quinn", "noor"],
  ] as const) {
    const { id } = await mira.get(`/users/by-name/${whom}`);
    assert.equal((await people[who]?.ask("POST", `/users/${Number(id)}/follow`, { body: {} }))?.status, 200);
  }
  browser = await openBrowser();
}

const followers = async (name: string) => (await mira.get(`/users/by-name/${name}`))["follower_count"];
