import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { SMTPServer } from "smtp-server";
import { becomes, desktop, logIn, openBrowser, phone, visit } from "../../browser/browser.ts";
import { Instance } from "../../instance/instance.ts";
import { until } from "../../until.ts";

const media = join(import.meta.dirname, "../../media");
const icon = join(import.meta.dirname, "../../../web/public/icons/icon-512.png");

describe("the owner's first ten minutes", () => {
  before(async () => {
    mailServer.listen(0, "127.0.0.1");
    await once(mailServer.server, "listening");
    // The address of a server that listens on a port.
    const { port } = mailServer.server.address() as AddressInfo;
    instance = await Instance.start({
      env: {
        KINORA_RATE_LIMIT: "off",
        KINORA_SMTP_URL: `smtp://127.0.0.1:${port}`,
        KINORA_MAIL_FROM: "kinora@films.example",
      },
    });
    browser = await openBrowser();
    ({ page } = await visit(browser, desktop));
  });
  after(async () => {
    await browser?.close();
    await instance?.[Symbol.asyncDispose]();
    await new Promise<void>((resolve) => mailServer.close(() => resolve()));
  });

  it("create the administrator, and stay at a step when the page is reloaded", async () => {
    await page.goto(instance.firstRun);
    await page.getByText("Step 1 of 4").waitFor();
    await page.getByRole("textbox", { name: "Username" }).fill("owner");
    await page.getByLabel("Password", { exact: true }).fill("blue bicycle");
    await page.getByRole("button", { name: "Create account" }).click();
    await page.getByText("Step 2 of 4").waitFor();
    await page.reload();
    await page.getByText("Step 2 of 4").waitFor();
    await page.goto(instance.firstRun);
    await page.getByRole("link", { name: "Continue setup" }).click();
    await page.getByText("Step 2 of 4").waitFor();
  });

  it("refuse a file that is no picture and an accent without contrast, and keep what was typed", async () => {
    await page.getByRole("textbox", { name: "Site name" }).fill("Northlight");
    const file = page.getByLabel("Choose picture");
    await file.setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no picture") });
    await page.getByText("“notes.txt” is not a picture").waitFor();
    await file.setInputFiles({ name: "fake.png", mimeType: "image/png", buffer: Buffer.from("no picture either") });
    await page.getByText("“fake.png” is not a picture").waitFor();
    await file.setInputFiles(icon);
    await page.getByRole("button", { name: "Use initials" }).waitFor();

    await choose("Own colour");
    await page.getByRole("textbox", { name: "Colour code" }).fill("#ffffff");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText("This colour is hard to see").first().waitFor();
    assert.equal(await page.getByRole("textbox", { name: "Site name" }).inputValue(), "Northlight");
    await page.getByRole("button", { name: /the nearest that has enough contrast/ }).click();
    await page.getByRole("complementary").getByText("Contrast passed").waitFor();
    await choose("Blue");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText("Step 3 of 4").waitFor();
    await page.getByRole("link", { name: /Northlight/ }).waitFor();
    await becomes(page, `document.documentElement.style.getPropertyValue("--site-accent-dark") === "#3ba3f8"`);
    const { name, accent, icon_url: url } = await site();
    assert.deepEqual([name, accent], ["Northlight", "#3ba3f8"]);
    assert.match(url, /icon-512\.png/);
  });

  it("decide who may join, and upload the first video", async () => {
    await choose("People you approve");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("link", { name: "Upload a video" }).click();
    await page.getByLabel("Choose video").setInputFiles(join(media, "moov-at-end.mp4"));
    await page.getByRole("textbox", { name: "Title" }).fill("First light");
    await page.getByRole("button", { name: "Publish" }).click();
    await until(async () => {
      const answer = await fetch(`${instance.url}/api/v1/recommend/feed`);
      return (await answer.text()).includes("First light");
    });
    assert.equal((await site()).registration, "approval");
  });

  it("try the mail server, and read its own answer", async () => {
    await page.goto(`${instance.url}/admin`);
    await page.getByRole("navigation").getByRole("link", { name: "This site" }).click();
    const to = page.getByRole("textbox", { name: "Send a test mail to" });
    await to.fill("owner@films.example");
    await page.getByRole("button", { name: "Send test mail" }).click();
    await page.getByText("The mail server took the mail to owner@films.example").waitFor();
    assert.deepEqual(recipients, ["owner@films.example"]);
    await to.fill("unknown@films.example");
    await page.getByRole("button", { name: "Send test mail" }).click();
    await page.getByText(/550 no such mailbox/).waitFor();
  });

  it("change the rules, which the history names", async () => {
    await page.getByRole("textbox", { name: "Rules" }).fill("Be kind.");
    await page.getByText("Changes are not saved yet.").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Changes are not saved yet.").waitFor({ state: "detached" });
    const entry = page.getByRole("listitem").filter({ hasText: "owner" }).filter({ hasText: "Rules" });
    await entry.waitFor();
  });

  it("see the video in the overview, and what to do", async () => {
    await page.goto(`${instance.url}/admin`);
    const videos = page
      .getByRole("main")
      .getByRole("listitem")
      .filter({ has: page.getByText("Videos", { exact: true }) });
    await until(async () => {
      await page.reload();
      await page.getByText(/Everything is running/).waitFor();
      return (await videos.first().innerText()).includes("1 new this week");
    });
    await page.getByText("There is no backup that Kinora knows of").waitFor();
    await page.getByText("Mail server set up").waitFor();
    await page.getByText(/^Checked /).waitFor();
  });

  it("undo a change of the address by the link in the first inbox, which logs every device out", async () => {
    await saveAddress("owner@films.example");
    await page.goto(`${instance.url}/verify-email#${await tokenTo("owner@films.example", "verify-email")}`);
    await until(async () => (await address()).is_verified);
    await saveAddress("thief@films.example");
    const token = await tokenTo("owner@films.example", "undo-email");
    const inbox = await visit(browser, phone);
    await inbox.page.goto(`${instance.url}/undo-email#${token}`);
    await inbox.page.getByRole("button", { name: "Restore address" }).tap();
    await inbox.page.getByRole("heading", { name: "Your address is restored" }).waitFor();
    assert.deepEqual(inbox.complaints, []);
    await inbox.context.close();
    await until(async () => (await page.request.get(`${instance.url}/api/v1/auth/email`)).status() === 401);
    await logIn(page, instance.url, { username: "owner", password: "blue bicycle" });
    assert.deepEqual(await address(), { email: "owner@films.example", is_verified: true });
  });

  it("are the same on a phone in Chinese", async () => {
    const state = await page.context().storageState();
    const small = await visit(browser, phone, { locale: "zh-CN" });
    await small.context.addCookies(state.cookies);
    await small.page.goto(`${instance.url}/robots.txt`);
    await small.page.evaluate(`localStorage.setItem("kinora.renew-at", String(Date.now() + 600_000));
      localStorage.setItem("kinora.session", "1")`);
    await small.page.goto(`${instance.url}/admin`);
    await small.page.getByText("Kinora 没有任何备份记录").waitFor();
    await small.page.goto(`${instance.url}/setup?step=3`);
    await small.page.getByRole("radio", { name: /经批准的人/, checked: true }).waitFor({ state: "attached" });
    assert.deepEqual(small.complaints, []);
    await small.context.close();
  });
});

let instance: Instance;
let browser: Browser;
let page: Page;
const recipients: string[] = [];
const mails: { readonly to: string; readonly text: string }[] = [];
const mailServer = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  onRcptTo({ address }, _, done) {
    if (address.startsWith("unknown@")) done(Object.assign(new Error("no such mailbox"), { responseCode: 550 }));
    else done();
  },
  onData(stream, session, done) {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const to = session.envelope.rcptTo.map(({ address: recipient }) => recipient);
      recipients.push(...to);
      // Long lines are cut in quoted-printable (RFC 2045 §6.7).
      const text = Buffer.concat(chunks).toString().replaceAll("=\r\n", "");
      mails.push(...to.map((recipient) => ({ to: recipient, text })));
      done();
    });
  },
});

async function saveAddress(email: string): Promise<void> {
  await page.goto(`${instance.url}/settings/account`);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved. Open the link in the mail we sent you.").waitFor();
}

/** The token of the latest link to this page that was mailed to an address. */
async function tokenTo(to: string, path: string): Promise<string> {
  const link = new RegExp(`/${path}#([\\w-]+)`);
  const tokens = () => mails.filter((mail) => mail.to === to).flatMap(({ text }) => link.exec(text)?.[1] ?? []);
  await until(async () => tokens().length > 0);
  return tokens().at(-1) ?? "";
}

async function address(): Promise<{ email: string; is_verified: boolean }> {
  const answer = await page.request.get(`${instance.url}/api/v1/auth/email`);
  // The contract's own shape.
  return ((await answer.json()) as { data: Awaited<ReturnType<typeof address>> }).data;
}

/** Chooses a radio, whose input is hidden behind its drawing. */
const choose = (name: string): Promise<void> =>
  page
    .locator("label")
    .filter({ has: page.getByRole("radio", { name }) })
    .click();

async function site(): Promise<{ name: string; accent: string; icon_url: string; registration: string }> {
  const answer = await fetch(`${instance.url}/api/v1/instance`);
  // The contract's own shape.
  return ((await answer.json()) as { data: Awaited<ReturnType<typeof site>> }).data;
}
