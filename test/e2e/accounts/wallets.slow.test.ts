import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { isAccessible } from "../../browser/accessibility.ts";
import { desktop, logIn, phone, sharedBrowser, visit } from "../../browser/browser.ts";
import { addWallet } from "../../browser/wallet.ts";
import { administrator } from "../../instance/template.ts";
import type { Instance } from "../../instance/instance.ts";
import { sharedInstance } from "../../instance/shared.ts";
import { Person } from "../../users/person.ts";

describe("a wallet, in a real browser", () => {
  before(async () => {
    instance = await sharedInstance("demo");
    browser = await sharedBrowser();
  });

  it("makes an account on a phone after a refusal, which is confirmed and deleted without a password", async () => {
    const { page, context } = await visit(browser, phone);
    const wallet = await addWallet(page);
    await page.goto(`${instance.url}/login`);
    await page.getByRole("button", { name: "Wallet" }).tap();
    await look(page, "wallet-log-in-phone");
    await isAccessible(page);
    wallet.refuse();
    await page.getByRole("button", { name: wallet.name }).tap();
    await page.getByText("The wallet did not sign.").waitFor();
    await page.getByRole("button", { name: wallet.name }).tap();
    await page.waitForURL((url) => !url.pathname.startsWith("/login"));
    const name = `${wallet.address.slice(0, 6)}_${wallet.address.slice(-4)}`;
    const username = () =>
      page.evaluate<string>(`fetch("/api/v1/users/me").then((a) => a.json()).then(({ data }) => data.username)`);
    assert.equal(await username(), name);
    await page.goto(`${instance.url}/settings/security`);
    await page.getByText("1 of 10").waitFor();
    await look(page, "wallet-settings-phone");
    await page.goto(`${instance.url}/settings/data`);
    await page.getByRole("button", { name: "Delete account" }).tap();
    const sheet = page.getByRole("dialog", { name: "Delete account" });
    await sheet.getByLabel(`Type ${name} to confirm`).fill(name);
    await sheet.getByRole("button", { name: "Delete everything" }).tap();
    await page.waitForURL(`${instance.url}/`);
    assert.equal(await page.evaluate<number>(`fetch("/api/v1/users/me").then(({ status }) => status)`), 401);
    await context.close();
  });

  it("is linked in the settings, named, shown and unlinked, and logs its owner in", async () => {
    const person = new Person(instance.url);
    await person.signUp();
    const { page, context } = await visit(browser, desktop);
    const wallet = await addWallet(page);
    await logIn(page, instance.url, person);
    await page.goto(`${instance.url}/settings/security`);
    await page.getByRole("button", { name: "Link a wallet" }).click();
    await look(page, "wallet-link");
    await page.getByRole("button", { name: wallet.name }).click();
    const short = `${wallet.address.slice(0, 6)}…${wallet.address.slice(-4)}`;
    await page.getByRole("button", { name: `More about ${short}` }).click();
    await page.getByRole("menuitem", { name: "Rename" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Savings");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "More about Savings" }).click();
    await page.getByRole("menuitem", { name: "Show to others" }).click();
    await page.getByText("Every Ethereum chain · shown to others").waitFor();
    await look(page, "wallet-settings");
    await isAccessible(page);

    await page.evaluate(
      `fetch("/api/v1/users/logout", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" })`,
    );
    await page.goto(`${instance.url}/login`);
    await page.getByRole("button", { name: "Wallet" }).click();
    await page.getByRole("button", { name: wallet.name }).click();
    await page.waitForURL((url) => !url.pathname.startsWith("/login"));
    await page.goto(`${instance.url}/settings/security`);
    await page.getByRole("button", { name: "More about Savings" }).click();
    await page.getByRole("menuitem", { name: "Unlink" }).click();
    await page.getByRole("button", { name: "Unlink" }).click();
    await page.getByText("A linked wallet logs you in").waitFor();
    await context.close();
  });

  it("needs a chain, which administrators see with the hosts of its endpoints alone", async () => {
    for (const [device, name] of [
      [desktop, "chains"],
      [phone, "chains-phone"],
    ] as const) {
      const { page, context } = await visit(browser, device);
      await logIn(page, instance.url, administrator);
      await page.goto(`${instance.url}/admin/chains`);
      await page.getByRole("heading", { name: "Test chain" }).waitFor();
      await page.getByText("One endpoint is trusted alone here").waitFor();
      assert.ok(!(await page.content()).includes("/key"));
      await look(page, name);
      await isAccessible(page);
      await context.close();
    }
  });
});

let instance: Instance;
let browser: Browser;

/** Stores a screenshot where `SCREENSHOTS_IN` names a folder. */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS_IN"];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
}
