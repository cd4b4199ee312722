import assert from "node:assert/strict";
import { join } from "node:path";
import { before, beforeEach, describe, it } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { isAccessible } from "../../browser/accessibility.ts";
import { desktop, logIn, phone, sharedBrowser, visit } from "../../browser/browser.ts";
import type { Instance } from "../../instance/instance.ts";
import { sharedInstance } from "../../instance/shared.ts";
import { rows } from "../../instance/tables.ts";
import { Person } from "../../users/person.ts";

/** Chromium has an authenticator without hardware, which agrees to everything. */
describe("passkeys, in a real browser", () => {
  before(async () => {
    instance = await sharedInstance();
    browser = await sharedBrowser();
  });
  beforeEach(async () => {
    count += 1;
    nora = new Person(instance.url, `nora${count}`);
    await nora.signUp();
  });

  it("are added in the settings, log in without a password, and are removed after a confirmation", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    await addAuthenticator(context, page);
    await logIn(page, instance.url, nora);
    await page.goto(`${instance.url}/settings/security`);
    await addPasskey(page, "Laptop");
    const row = page.getByRole("region").or(page.locator("section")).filter({ hasText: "Ways to log in" });
    await row.getByText("Passkey · not used yet").waitFor();
    await page.getByText("10 of 10 left").waitFor();
    await page.getByText("Well protected: a password alone does not open your account.").waitFor();
    await look(page, "passkey-added");

    await context.clearCookies();
    await page.evaluate("localStorage.clear()");
    await page.goto(`${instance.url}/login`);
    await look(page, "login-passkey");
    await page.getByRole("button", { name: "Continue with passkey" }).click();
    await page.waitForURL((url) => !url.pathname.startsWith("/login"));
    assert.equal(await statusOf(page), 200);

    await page.goto(`${instance.url}/settings/security`);
    await page.getByText("This browser · passkey").waitFor();
    // A session that has ended is begun again over the page, and the act is done.
    await context.clearCookies();
    await page.getByRole("button", { name: "Log out others" }).click();
    const sheet = page.getByRole("dialog", { name: "Your session has ended" });
    await sheet.getByRole("button", { name: "Continue with passkey" }).waitFor();
    await look(page, "login-sheet-passkey");
    await sheet.getByRole("button", { name: "Continue with passkey" }).click();
    await sheet.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "More for Laptop" }).click();
    await page.getByRole("menuitem", { name: "Rename" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("Work laptop");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await ageSessions();
    await page.getByRole("button", { name: "More for Work laptop" }).click();
    await page.getByRole("menuitem", { name: "Remove" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    const question = page.getByRole("dialog", { name: "Confirm it’s you" });
    await question.getByRole("button", { name: "Use a passkey" }).click();
    await look(page, "passkey-confirmation");
    await question.getByRole("button", { name: "Use a passkey" }).click();
    await page.getByText("Passkey removed").waitFor();
    await page.getByText("Off: the password alone opens your account").waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("take the second step after the password on a phone; a recovery code does without them", async () => {
    const { page, context } = await visit(browser, phone);
    await addAuthenticator(context, page);
    await logIn(page, instance.url, nora);
    await page.goto(`${instance.url}/settings/security`);
    const [code = ""] = await addPasskey(page, "Phone");
    await look(page, "passkey-phone");
    await page.setViewportSize({ width: 320, height: 700 });
    await page.getByText("Where you are logged in").scrollIntoViewIfNeeded();
    await look(page, "passkey-narrow");
    await page.setViewportSize(phone.viewport);
    await context.clearCookies();
    await page.evaluate("localStorage.clear()");
    await firstStep(page);
    await page.getByRole("heading", { name: "One more step" }).waitFor();
    await look(page, "second-step-passkey");
    await page.getByRole("button", { name: "Use a passkey" }).tap();
    await page.waitForURL((url) => !url.pathname.startsWith("/login"));
    assert.equal(await statusOf(page), 200);

    await context.clearCookies();
    await page.evaluate("localStorage.clear()");
    await firstStep(page);
    await page.getByRole("button", { name: "Use a recovery code" }).tap();
    await page.getByLabel("Recovery code").fill(code);
    await page.getByRole("button", { name: "Log in", exact: true }).tap();
    await page.waitForURL((url) => !url.pathname.startsWith("/login"));
    assert.equal(await statusOf(page), 200);
    await context.close();
  });

  it("are not offered where the host is a number", async () => {
    const address = new URL(instance.url);
    address.hostname = "127.0.0.1";
    const { page, context } = await visit(browser, phone, { locale: "zh-CN" });
    await page.goto(`${address.origin}/login`);
    await page.getByRole("button", { name: "登录", exact: true }).waitFor();
    assert.equal(await page.getByRole("button", { name: "使用通行密钥登录" }).count(), 0);
    await logIn(page, address.origin, nora);
    await page.goto(`${address.origin}/settings/security`);
    await page.getByText("浏览器不允许在 127.0.0.1 使用").waitFor();
    await look(page, "passkeys-numbered");
    await context.close();
  });
});

let instance: Instance;
let browser: Browser;
let count = 0;
let nora: Person;

/** Gives a page an authenticator that verifies its user, and keeps passkeys. */
async function addAuthenticator(context: BrowserContext, page: Page): Promise<void> {
  const devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** Adds the first passkey of the account; yields the recovery codes that come with it. */
async function addPasskey(page: Page, name: string): Promise<string[]> {
  await page.getByRole("button", { name: "Add a passkey" }).click();
  const form = page.getByRole("dialog", { name: "Add a passkey" });
  await form.getByLabel("Name").fill(name);
  await look(page, "passkey-form");
  await form.getByRole("button", { name: "Continue" }).click();
  const sheet = page.getByRole("dialog", { name: "Recovery codes" });
  await sheet.getByRole("button", { name: "I saved them" }).waitFor();
  const codes = await sheet.getByRole("listitem").allInnerTexts();
  assert.equal(new Set(codes).size, 10);
  await look(page, "passkey-codes");
  await sheet.getByRole("button", { name: "I saved them" }).click();
  return codes;
}

async function firstStep(page: Page): Promise<void> {
  await page.goto(`${instance.url}/login`);
  await page.getByLabel("Username").fill(nora.username);
  await page.getByLabel("Password", { exact: true }).fill(nora.password);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
}

const statusOf = (page: Page): Promise<number> =>
  page.evaluate<number>(`fetch("/api/v1/users/me").then(({ status }) => status)`);

/** The last proof of every session of the user becomes too old for what needs a fresh one. */
async function ageSessions(): Promise<void> {
  await rows(
    instance.data,
    "auth",
    "UPDATE sessions SET authenticated_at_ms = 0 WHERE user_id = (SELECT user_id FROM credentials WHERE username = $1)",
    [nora.username],
  );
}

/** Looks for what is not accessible; stores a screenshot where `SCREENSHOTS_IN` names a folder. */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS_IN"];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
  await isAccessible(page, name);
}
