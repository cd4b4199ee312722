import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { read } from "../../../src/gateway/delivery/testing.ts";
import { isAccessible } from "../../browser/accessibility.ts";
import { becomes, desktop, logIn, phone, sharedBrowser, visit } from "../../browser/browser.ts";
import type { Instance } from "../../instance/instance.ts";
import { sharedInstance } from "../../instance/shared.ts";
import { until } from "../../until.ts";
import { Person } from "../../users/person.ts";

describe("the way out of an account, in a real browser", () => {
  before(async () => {
    instance = await sharedInstance("demo");
    browser = await sharedBrowser();
    person = new Person(instance.url);
    await person.signUp();
    await person.keep(Buffer.from("Bytes of a file"), "notes.txt");
    await person.ask("PUT", "/users/me", { body: { bio: "A bio that moves" } });
    await person.ask("POST", "/playlists", { body: { title: "A list that moves" } });
    const clip = await readFile(join(root, "test/media/one-frame.mp4"));
    const { data } = await person.upload(clip);
    await person.ask("POST", "/videos", { body: { media_id: data["id"], title: "A film that moves" } });
  });

  it("prepares everything, downloads it, and offers it again by the same address", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    await logIn(page, instance.url, person);
    await page.goto(`${instance.url}/settings/data`);
    await page.getByText("Include files").click();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download ZIP" }).click();
    archive = await readFile(await (await download).path());
    const files = new Map(read(archive).map(({ name, bytes }) => [name, bytes.toString()]));
    assert.equal(files.get("drive/notes.txt"), "Bytes of a file");
    assert.ok(files.get("profile.json")?.includes(person.username));
    const link = page.getByRole("link", { name: "Download again" });
    await link.waitFor();
    exportUrl = String(await link.getAttribute("href"));
    await look(page, "export-desktop");
    await isAccessible(page);
    const part = await page.evaluate<number[]>(
      `fetch(${JSON.stringify(exportUrl)}, { headers: { range: "bytes=100-199" } })
        .then(async (answer) => [answer.status, (await answer.arrayBuffer()).byteLength])`,
    );
    assert.deepEqual(part, [206, 100]);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("shows what is deleted, takes the name before it does so, and leaves nothing to see", async () => {
    const { page, context } = await visit(browser, phone, { locale: "zh-CN" });
    await logIn(page, instance.url, person);
    await page.goto(`${instance.url}/settings/data`);
    await page.getByRole("button", { name: "注销账号" }).tap();
    const sheet = page.getByRole("dialog", { name: "注销账号" });
    await sheet.getByText(/全部文件（/).waitFor();
    await look(page, "delete-phone-zh");
    await isAccessible(page);
    const confirm = sheet.getByRole("button", { name: "全部删除" });
    await sheet.getByLabel("请输入密码以确认是本人").fill(person.password);
    await sheet.getByLabel(`输入 ${person.username} 以确认`).fill("somebody else");
    assert.equal(await confirm.isDisabled(), true);
    const download = page.waitForEvent("download");
    await sheet.getByRole("button", { name: "先下载我的数据" }).tap();
    await (await download).path();
    await sheet.getByText("已开始下载").waitFor();
    await sheet.getByLabel(`输入 ${person.username} 以确认`).fill(person.username);
    await confirm.scrollIntoViewIfNeeded();
    await look(page, "delete-phone-zh-filled");
    await confirm.tap();
    await page.waitForURL(`${instance.url}/`);
    const status = (at: string) => page.evaluate<number>(`fetch(${JSON.stringify(at)}).then(({ status }) => status)`);
    assert.equal(await status("/api/v1/users/me"), 401);
    assert.equal(await status(exportUrl), 401);
    assert.equal(await status(`/api/v1/users/by-name/${person.username}`), 404);
    assert.equal(await person.isKnown(), false);
    await context.close();
  });

  it("comes into another account from its archive, adds nothing twice, and gives no rights", async () => {
    const other = new Person(instance.url);
    await other.signUp();
    const { page, context } = await visit(browser, phone);
    await logIn(page, instance.url, other);
    await page.goto(`${instance.url}/settings/data`);
    const choose = (name: string, buffer: Buffer) =>
      page.locator("input[type=file]").setInputFiles({ name, mimeType: "application/zip", buffer });
    await choose("cut.zip", archive.subarray(0, 5_000));
    await page.getByText("This archive is cut off.").waitFor();
    for (let round = 0; round < 2; round++) {
      await choose("whole.zip", archive);
      await page.getByText(`Archive of @${person.username}`).waitFor();
      await page.getByRole("button", { name: "Import", exact: true }).tap();
      await page.getByText("Videos, as private drafts").waitFor();
      await page
        .getByText(/private drafts/)
        .last()
        .scrollIntoViewIfNeeded();
      if (round === 0) await look(page, "import-phone");
      const outcome = page.locator("dl > div", { hasText: "Videos, as private drafts" }).locator("dd");
      const expected = round === 0 ? "1 added, 0 there already" : "0 added, 1 there already";
      assert.match(await outcome.innerText(), new RegExp(expected));
      await until(async () => namesOf(await other.get("/drive")).length === 1);
    }
    await isAccessible(page);
    assert.deepEqual(namesOf(await other.get("/drive")), ["notes.txt"]);
    const { bio, role } = await other.get("/users/me");
    assert.deepEqual([bio, role], ["A bio that moves", "user"]);
    const { list } = await other.get("/users/me/playlists");
    const playlists = list as { title: string; visibility: string }[];
    assert.deepEqual(
      playlists.map(({ title, visibility }) => [title, visibility]),
      [["A list that moves", "private"]],
    );
    await page.goto(`${instance.url}/upload`);
    await becomes(
      page,
      `document.body.innerText.includes("A film that moves") ||
        [...document.querySelectorAll("input, textarea")].some(({ value }) => value === "A film that moves")`,
    );
    assert.deepEqual((await other.get("/users/me/videos"))["list"], [], "nothing is published by an import");
    await context.close();
  });
});

const namesOf = ({ list }: Record<string, unknown>) => (list as { name: string }[]).map(({ name }) => name);

let instance: Instance;
let browser: Browser;
let person: Person;
let exportUrl = "";
let archive: Buffer;
const root = join(import.meta.dirname, "../../..");

/** Stores a screenshot where `SCREENSHOTS_IN` names a folder. */
async function look(page: Page, name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS_IN"];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
}
