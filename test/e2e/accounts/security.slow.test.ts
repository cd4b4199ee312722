import assert from "node:assert/strict";
import { join } from "node:path";
import { before, beforeEach, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { isAccessible } from "../../browser/accessibility.ts";
import { desktop, logIn, phone, selectOption, sharedBrowser, visit } from "../../browser/browser.ts";
import type { Instance } from "../../instance/instance.ts";
import { sharedInstance } from "../../instance/shared.ts";
import { administrator } from "../../instance/template.ts";
import { rows } from "../../instance/tables.ts";
import { until } from "../../until.ts";
import { Person } from "../../users/person.ts";

/** The page about the security of an account, with what programs and other devices see of it. */
describe("the security of an account, in a real browser", () => {
  before(async () => {
    instance = await sharedInstance();
    browser = await sharedBrowser();
  });
  beforeEach(async () => {
    count += 1;
    vera = new Person(instance.url, `vera${count}`);
    await vera.signUp();
  });

  it("makes a token after a confirmation; a script uses it until it is ended", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    await logIn(page, instance.url, vera);
    await page.goto(`${instance.url}/settings/security`);
    await page.getByRole("button", { name: "New token" }).click();
    const form = page.getByRole("dialog", { name: "New access token" });
    await form.getByRole("button", { name: "Create token" }).click();
    await form.getByRole("alert").getByText("Give the token a name.").waitFor();
    await form.getByRole("textbox", { name: "Name" }).fill("Nightly upload");
    await form.getByText("See account details").click();
    await form.getByText("Upload and edit videos").click();
    await look(page, "token-form-desktop");
    await ageSessions();
    await form.getByRole("button", { name: "Create token" }).click();
    const question = page.getByRole("dialog", { name: "Confirm it’s you" });
    await question.getByLabel("Password", { exact: true }).waitFor();
    await question.getByRole("button", { name: "Close" }).click();
    await question.waitFor({ state: "detached" });
    assert.equal(await form.getByRole("textbox", { name: "Name" }).inputValue(), "Nightly upload");
    assert.equal(await form.getByRole("alert").count(), 0);
    await form.getByRole("button", { name: "Create token" }).click();
    await question.getByLabel("Password", { exact: true }).fill(vera.password);
    await question.getByRole("button", { name: "Confirm" }).click();
    const sheet = page.getByRole("dialog", { name: "Copy your token now" });
    const token = await sheet.getByText(/^kpt_/).innerText();
    await sheet.getByRole("button", { name: "Done" }).click();
    await page.getByText("not used yet").waitFor();
    assert.equal(await statusFor(token, "/auth/email"), 200);
    assert.equal(await statusFor(token, "/conversations"), 403);
    await look(page, "security-desktop");
    await page.getByRole("button", { name: "More for Nightly upload" }).click();
    await page.getByRole("menuitem", { name: "End token" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "End token" }).click();
    await page.getByText("You have none.").waitFor();
    await until(async () => (await statusFor(token, "/auth/email")) === 401);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("asks before another address, a download and the deletion, and leaves the page as it was where nobody answers", async () => {
    const { page, context } = await visit(browser, phone);
    await logIn(page, instance.url, vera);
    await page.goto(`${instance.url}/settings/account`);
    await page.getByLabel("E-mail address").fill("vera@post.example");
    await ageSessions();
    await page.getByRole("button", { name: "Save" }).tap();
    await cancel(page);
    assert.equal(await page.getByLabel("E-mail address").inputValue(), "vera@post.example");
    assert.equal((await vera.get("/auth/email"))["email"], "");
    await page.goto(`${instance.url}/settings/data`);
    await page.getByRole("button", { name: "Download ZIP" }).tap();
    await cancel(page);
    await page.getByRole("button", { name: "Delete account" }).tap();
    const form = page.getByRole("dialog", { name: "Delete account" });
    await form.getByLabel(`Type ${vera.username} to confirm`).fill(vera.username);
    await form.getByLabel("Your password").fill(vera.password);
    await form.getByRole("button", { name: "Delete everything" }).tap();
    await cancel(page);
    await form.getByRole("button", { name: "Close" }).tap();
    assert.equal(await vera.isKnown(), true);
    await context.close();
  });

  it("signs up by the rules of the administrator, with work that the page shows", async () => {
    const { page: adminPage, context: adminContext } = await visit(browser, desktop);
    await logIn(adminPage, instance.url, administrator);
    await adminPage.goto(`${instance.url}/admin/sign-up`);
    await adminPage.getByText("Not asked for").click();
    await selectOption(adminPage, "Computing work for each sign-up", "14 bits");
    await adminPage.getByLabel("No addresses of these domains").fill("throw-away.example");
    await look(adminPage, "sign-up-rules-desktop");
    await adminPage.getByRole("button", { name: "Save" }).click();
    await adminPage.getByText("Saved").first().waitFor();
    const { page, context, complaints } = await visit(browser, phone);
    try {
      await page.goto(`${instance.url}/signup`);
      await page.getByLabel("Username").fill(`worker${count}`);
      await page.getByLabel("Password", { exact: true }).fill("green bicycle bell");
      assert.equal(await page.getByLabel(/^E-mail/).count(), 0);
      await page.evaluate(recordStatus);
      await page.getByRole("button", { name: "Create account" }).tap();
      await page.waitForURL((url) => url.pathname !== "/signup");
      const texts = await page.evaluate<string[]>("window.statusTexts");
      assert.ok(texts.includes("Your device solves a small puzzle that keeps robots out: 0 %"), texts.join("\n"));
      assert.deepEqual(
        complaints.filter((text) => !/40[04]/.test(text)),
        [],
      );
    } finally {
      const rules = { email: "optional", work_bits: 0, domains_denied: [] };
      await ask(adminPage, "PUT", "/admin/registration", rules);
      await context.close();
    }
    await adminPage.goto(`${instance.url}/admin/invitations`);
    await adminPage.getByRole("button", { name: "New invitation" }).click();
    await look(adminPage, "new-invitation-desktop");
    await adminPage.getByRole("textbox", { name: "Note" }).fill("Bring the films");
    await adminPage.getByRole("button", { name: "Create invitation" }).click();
    const url = await adminPage.getByText(/\/signup\?invitation=/).innerText();
    await adminPage.getByRole("button", { name: "Done" }).click();
    await adminPage.getByText("Bring the films").waitFor();
    await look(adminPage, "invitations-desktop");
    const guest = await visit(browser, phone);
    await guest.page.goto(`${instance.url}${new URL(url).pathname}${new URL(url).search}`);
    await guest.page.getByText("“Bring the films”").waitFor();
    await look(guest.page, "sign-up-invited-phone");
    await guest.context.close();
    await adminContext.close();
  });

  it("alerts to a second device, logs it out, and leads to the password, which can end tokens", async () => {
    const { page, context } = await visit(browser, phone);
    await logIn(page, instance.url, vera);
    const scopes = ["drive:read"];
    await vera.ask("POST", "/auth/tokens", { body: { name: "Drive sync", scopes } });
    const second = await visit(browser, desktop);
    await logIn(second.page, instance.url, vera);
    await page.goto(`${instance.url}/settings/security`);
    await page.getByText("Log-in from a new device").first().waitFor();
    await look(page, "security-phone");
    await page.getByRole("button", { name: "Not me?" }).first().tap();
    const sheet = page.getByRole("dialog", { name: "Change password" });
    await sheet.getByText("That device is logged out.").waitFor();
    await until(async () => {
      const answer = await second.context.request.get(`${instance.url}/api/v1/users/me`);
      return answer.status() === 401;
    });
    await sheet.getByLabel("Current password").fill(vera.password);
    await sheet.getByLabel("New password").fill("green bicycle bell");
    await sheet.getByText("Drive sync").tap();
    await look(page, "password-phone");
    await sheet.getByRole("button", { name: "Change password" }).tap();
    await sheet.waitFor({ state: "detached" });
    await page.getByText("You have none.").waitFor();
    await second.context.close();
    await context.close();
  });
});

let instance: Instance;
let browser: Browser;
let count = 0;
let vera: Person;

/** Keeps the texts that the page says aloud, also those that are there for a moment. */
const recordStatus = `window.statusTexts = []; new MutationObserver(() => {
  for (const { textContent } of document.querySelectorAll("form [role=status]")) window.statusTexts.push(textContent);
}).observe(document.body, { childList: true, subtree: true, characterData: true })`;

/** A request as the page would send it. */
async function ask(page: Page, method: string, path: string, body: object): Promise<void> {
  const headers = { origin: instance.url };
  const answer = await page.request.fetch(`${instance.url}/api/v1${path}`, { method, data: body, headers });
  assert.equal(answer.status(), 200);
}

/** The last proof of every session of the user becomes too old for what needs a fresh one. */
async function ageSessions(): Promise<void> {
  const userId = (await vera.get("/users/me"))["id"];
  await rows(instance.data, "auth", "UPDATE sessions SET authenticated_at_ms = 0 WHERE user_id = $1", [userId]);
}

/** Closes the question for a confirmation without an answer. */
async function cancel(page: Page): Promise<void> {
  const question = page.getByRole("dialog", { name: "Confirm it’s you" });
  await question.getByRole("button", { name: "Close" }).tap();
  await question.waitFor({ state: "detached" });
  assert.equal(await page.getByRole("alert").count(), 0);
}

/** The status of a request that a script sends with this token. */
async function statusFor(token: string, path: string): Promise<number> {
  const answer = await fetch(`${instance.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
  await answer.arrayBuffer();
  return answer.status;
}

async function look(page: Page, name: string): Promise<void> {
  const kept = process.env["SCREENSHOTS_IN"];
  if (kept !== undefined) await page.screenshot({ path: join(kept, `${name}.png`) });
  await isAccessible(page, name);
}
