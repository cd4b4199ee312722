import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { isAccessible } from "../../browser/accessibility.ts";
import { desktop, logIn, phone, sharedBrowser, visit } from "../../browser/browser.ts";
import { Instance } from "../../instance/instance.ts";
import { keyChain } from "../../instance/shared.ts";
import { administrator, templateCopy } from "../../instance/template.ts";
import { freePorts } from "../../ports.ts";
import { oidcClient, OidcServer } from "../../servers/oidc-server.ts";
import { Person } from "../../users/person.ts";

describe("a provider, in a real browser", () => {
  before(async () => {
    server = await OidcServer.start();
    const providers = [
      { id: "harbour", name: "Harbour University", issuer: server.issuer, ...oidcClient },
      { id: "away", name: "Away", issuer: "http://127.0.0.1:9", ...oidcClient },
    ];
    const [port = 0] = await freePorts(1);
    // The address that the provider sends browsers back to.
    url = `http://localhost:${port}`;
    const env = {
      KINORA_PUBLIC_URL: url,
      KINORA_ADMIN_USERNAME: administrator.username,
      KINORA_ADMIN_PASSWORD: administrator.password,
      KINORA_RATE_LIMIT: "off",
      KINORA_CHAINS: keyChain,
      KINORA_OIDC: JSON.stringify(providers),
    };
    instance = await Instance.start({ env, port, data: await templateCopy("empty") });
    browser = await sharedBrowser();
  });
  after(async () => {
    await instance[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  it("makes an account on a phone, which comes back to the page that it left", async () => {
    server.user = { sub: "elias", preferred_username: "e.brandt" };
    const { page, context } = await visit(browser, phone);
    await page.goto(`${url}/login?next=%2Fsettings%2Fsecurity`);
    await page.getByRole("link", { name: "Harbour University" }).waitFor();
    await look(page, "provider-log-in-phone");
    await isAccessible(page);
    await page.getByRole("link", { name: "Away" }).tap();
    await page.getByText("Away did not log you in.").waitFor();
    assert.equal(new URL(page.url()).hash, "");
    await look(page, "provider-away-phone");
    await page.goto(`${url}/login?next=%2Fsettings%2Fsecurity`);
    await page.getByRole("link", { name: "Harbour University" }).tap();
    await page.getByText("Logs in as e.brandt").waitFor();
    assert.equal(new URL(page.url()).pathname, "/settings/security");
    await look(page, "provider-settings-phone");
    await isAccessible(page);
    // The last way in stays.
    await page.getByRole("button", { name: "More about Harbour University" }).tap();
    await page.getByRole("menuitem", { name: "Unlink" }).tap();
    await page.getByRole("button", { name: "Unlink" }).tap();
    await page.getByText("Nothing else would open your account.").waitFor();
    await context.close();
  });

  it("is linked in the settings, logs its owner in, and is unlinked", async () => {
    server.user = { sub: "noor", preferred_username: "n.haddad" };
    const person = new Person(url);
    await person.signUp();
    const { page, context } = await visit(browser, desktop);
    await logIn(page, url, person);
    await page.goto(`${url}/settings/security`);
    await page.getByRole("button", { name: "Link Harbour University" }).click();
    await page.getByText("Logs in as n.haddad").waitFor();
    await look(page, "provider-settings");
    await isAccessible(page);
    await page.evaluate(
      `fetch("/api/v1/users/logout", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" })`,
    );
    await page.goto(`${url}/login`);
    await look(page, "provider-log-in");
    await page.getByRole("link", { name: "Harbour University" }).click();
    await page.waitForURL((at) => at.origin === url && !at.pathname.startsWith("/login"));
    const username = await page.evaluate<string>(
      `fetch("/api/v1/users/me").then((answer) => answer.json()).then(({ data }) => data.username)`,
    );
    assert.equal(username, person.username);
    await page.goto(`${url}/settings/security`);
    await page.getByRole("button", { name: "More about Harbour University" }).click();
    await page.getByRole("menuitem", { name: "Unlink" }).click();
    await page.getByRole("button", { name: "Unlink" }).click();
    await page.getByRole("button", { name: "Link Harbour University" }).waitFor();
    await context.close();
  });
});

let server: OidcServer;
let instance: Instance;
let url: string;
let browser: Browser;

/** Stores a screenshot where `SCREENSHOTS_IN` names a folder. */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS_IN"];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
}
