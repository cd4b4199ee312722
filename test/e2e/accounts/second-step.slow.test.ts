import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { isAccessible } from "../../browser/accessibility.ts";
import { desktop, logIn, phone, sharedBrowser, visit } from "../../browser/browser.ts";
import type { Instance } from "../../instance/instance.ts";
import { sharedInstance } from "../../instance/shared.ts";
import { Person } from "../../users/person.ts";
import { codeAt } from "#services/auth/factors/totp";

describe("the second step of a log-in, in a real browser", () => {
  before(async () => {
    instance = await sharedInstance("demo");
    browser = await sharedBrowser();
    person = new Person(instance.url);
    await person.signUp();
  });

  it("is set up with the key that the page shows, and shows recovery codes once", async () => {
    const { page, context } = await visit(browser, desktop);
    await logIn(page, instance.url, person);
    await page.goto(`${instance.url}/settings/security`);
    await page.getByText("Off: the password alone opens your account").waitFor();
    await page.getByRole("button", { name: "Set up" }).click();
    const sheet = page.getByRole("dialog", { name: "Set up an authenticator app" });
    secret = (await sheet.locator("code").innerText()).replaceAll(/\s/g, "");
    await look(page, "second-step-setup");
    await sheet.getByLabel("Code that the app shows").fill("000000");
    await sheet.getByRole("button", { name: "Turn on" }).click();
    await sheet.getByText("This code is wrong, was used or is too old.").waitFor();
    await sheet.getByLabel("Code that the app shows").fill(codeNow());
    await sheet.getByRole("button", { name: "Turn on" }).click();
    const shown = page.getByRole("dialog", { name: "Recovery codes" });
    await shown.getByRole("button", { name: "I saved them" }).waitFor();
    codes = await shown.getByRole("listitem").allInnerTexts();
    assert.equal(new Set(codes).size, 10);
    await look(page, "second-step-codes");
    await shown.getByRole("button", { name: "I saved them" }).click();
    await page.getByText("10 of 10 left").waitFor();
    await look(page, "second-step-on");
    await context.close();
  });

  it("takes a recovery code on a phone after a wrong one, and says how many tries are left", async () => {
    const { page, context } = await visit(browser, phone);
    await firstStep(page);
    await page.getByRole("heading", { name: "Enter the code" }).waitFor();
    await look(page, "second-step-phone");
    await isAccessible(page);
    await page.getByLabel("Code", { exact: true }).fill("000000");
    await page.getByRole("button", { name: "Log in", exact: true }).tap();
    await page.getByText("That code was wrong. 4 tries left.").waitFor();
    await page.getByRole("button", { name: "Use a recovery code" }).tap();
    await page.getByLabel("Recovery code").fill(String(codes[0]).toUpperCase());
    await page.getByRole("button", { name: "Log in", exact: true }).tap();
    await page.waitForURL((url) => !url.pathname.startsWith("/login"));
    await context.close();
  });

  it("goes back to the password, and never lets one in without the code", async () => {
    const { page, context } = await visit(browser, desktop);
    await firstStep(page);
    await page.getByLabel("Code", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Start over" }).click();
    await page.getByLabel("Password", { exact: true }).waitFor();
    await page.goto(`${instance.url}/settings/security`);
    const me = await page.evaluate<number>(`fetch("/api/v1/users/me").then(({ status }) => status)`);
    assert.equal(me, 401);
    await context.close();
  });
});

let instance: Instance;
let browser: Browser;
let person: Person;
let secret = "";
let codes: string[] = [];
const codeNow = () => codeAt(secret, Math.floor(Date.now() / 30_000));

async function firstStep(page: Page): Promise<void> {
  await page.goto(`${instance.url}/login`);
  await page.getByLabel("Username").fill(person.username);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
}

/** Stores a screenshot where `SCREENSHOTS_IN` names a folder. */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS_IN"];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
}
