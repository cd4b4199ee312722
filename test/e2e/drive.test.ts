import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { inTurn, itAtNight } from "#test/depth";
import { Person } from "../users/person.ts";
import { isAccessible } from "../browser/accessibility.ts";
import { becomes, chooseMore, desktop, type Device, logIn, openBrowser, phone, visit } from "../browser/browser.ts";
import type { Instance } from "../instance/instance.ts";
import { SlowLine } from "../browser/slow-line.ts";
import { storedUploads } from "../browser/uploads.ts";
import { startOnTemplate } from "../instance/template.ts";
import { until } from "../until.ts";

describe("the drive in a real browser", () => {
  before(async () => {
    // A browser takes no folder that lies below /dev, where the suite's own may be kept in memory.
    files = await mkdtemp(join(tmpdir().startsWith("/dev/") ? "/var/tmp" : tmpdir(), "kinora-drive-"));
    instance = await startOnTemplate({ env: { KINORA_RATE_LIMIT: "off", KINORA_OUTGOING_ALLOW: "127.0.0.1" } });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await instance?.[Symbol.asyncDispose]();
    await rm(files, { recursive: true, force: true });
  });

  it("uploads dropped files and folders, and keeps the structure of a folder", async () => {
    await using at = await visitDrive(desktop);
    const { page } = at;
    const trip = join(files, "Trip");
    await mkdir(join(trip, "day 1/morning"), { recursive: true });
    await mkdir(join(trip, "nothing yet"), { recursive: true });
    await writeFile(join(trip, "day 1/morning/a.txt"), "a");
    const many = await Promise.all(Array.from({ length: 30 }, (_, n) => made(`many-${n}.txt`, `file ${n}`)));
    await page.getByText("Room for your files").waitFor();
    await drop(page, [...many, trip]);
    await becomes(page, `/31 uploads finished/.test(document.body.innerText)`);
    await becomes(page, `document.querySelector('[role="grid"]')?.getAttribute("aria-rowcount") === "31"`);
    await row(page, "Trip").dblclick();
    await row(page, "nothing yet").waitFor();
    await row(page, "day 1").dblclick();
    await row(page, "morning").dblclick();
    await row(page, "a.txt").waitFor();
    // The way there is asked for by itself.
    await until(async () => (await crumbs(page)).length === 4);
    assert.deepEqual(await crumbs(page), ["My files", "Trip", "day 1", "morning"]);
    at.isQuiet();
  });

  it("shows the speed or remaining time of an upload, pauses it, and continues where it was", async () => {
    await using line = await SlowLine.to(instance.url);
    await using at = await visitDrive(desktop, line.url);
    const { page } = at;
    // More than the first slices: what is sent of those at once is not all of it.
    const size = 12 * mebibyte;
    line.bytesPerSecond = mebibyte;
    await choose(page, [await made("slow.bin", randomBytes(size))]);
    await until(() => line.sentBytes > mebibyte);
    line.bytesPerSecond = crawling;
    await becomes(page, `/\\/s|per second|sec left|min left/.test(${tray})`);
    await page.getByRole("button", { name: "Pause “slow.bin”" }).click();
    await becomes(page, `/Paused/.test(${tray})`);
    await line.clear();
    const before = line.sentBytes;
    await page.getByRole("button", { name: "Go on with “slow.bin”" }).click();
    await becomes(page, `/1 upload finished/.test(document.body.innerText)`);
    assertResumed(line.sentBytes - before, size);
    assert.deepEqual(await listed(at.person), [["slow.bin", size]]);
    at.isQuiet();
  });

  it("waits without a connection, and continues by itself", async () => {
    await using line = await SlowLine.to(instance.url);
    await using at = await visitDrive(desktop, line.url);
    const { page } = at;
    line.bytesPerSecond = mebibyte;
    await choose(page, [await made("tunnel.bin", randomBytes(3 * mebibyte))]);
    await until(() => line.sentBytes > mebibyte / 2);
    // The current slice goes on; the next one, without a connection, must not be sent completely before.
    line.bytesPerSecond = mebibyte / 16;
    await at.context.setOffline(true);
    await becomes(page, `/offline|connection/i.test(${tray})`);
    line.bytesPerSecond = 0;
    await at.context.setOffline(false);
    await becomes(page, `/1 upload finished/.test(document.body.innerText)`);
    assert.deepEqual(await listed(at.person), [["tunnel.bin", 3 * mebibyte]]);
  });

  it("continues an upload after a reload with the same file alone, without sending all of it again", async () => {
    await using line = await SlowLine.to(instance.url);
    await using at = await visitDrive(desktop, line.url);
    const { page } = at;
    const size = 12 * mebibyte;
    line.bytesPerSecond = 4 * mebibyte;
    const path = await made("large.bin", randomBytes(size));
    const changedAt = new Date(1_700_000_000_000);
    await utimes(path, changedAt, changedAt);
    await choose(page, [path]);
    await until(() => line.sentBytes > 4 * mebibyte);
    line.bytesPerSecond = crawling;
    await page.reload();
    await becomes(page, `/page was closed/.test(${tray})`);
    await line.clear();
    const [before, sentBefore] = [line.uploads, line.sentBytes];
    assert.ok(sentBefore < size, "it was not done before");
    const other = join(files, "other");
    await mkdir(other);
    await writeFile(join(other, "large.bin"), randomBytes(size));
    const again = page.getByLabel("Choose the files again");
    await again.setInputFiles(join(other, "large.bin"));
    await becomes(page, `/other files/.test(${tray})`);
    // A file of the same name, size and time with other bytes has another hash.
    await utimes(join(other, "large.bin"), changedAt, changedAt);
    await again.setInputFiles(join(other, "large.bin"));
    await becomes(page, `/other files/.test(${tray})`);
    assert.equal(line.uploads, before, "nothing was asked or sent");
    await again.setInputFiles(path);
    await becomes(page, `/1 upload finished/.test(document.body.innerText)`);
    assertResumed(line.sentBytes - sentBefore, size);
    const [entry] = await entries(at.person);
    assert.deepEqual(await bytesOf(at.person, entry?.id ?? 0), await readFile(path));
  });

  it("asks once for several files how to resolve name conflicts, and keeps both, skips or replaces", async () => {
    await using at = await visitDrive(desktop);
    const { page, person } = at;
    const names = ["one.txt", "two.txt", "three.txt"];
    await choose(page, await Promise.all(names.map((name) => made(name, "first"))));
    await becomes(page, `/3 uploads finished/.test(document.body.innerText)`);
    const again = await Promise.all(names.map((name) => made(name, "second")));
    await choose(page, again);
    await page.getByText("is there already").waitFor();
    await page.getByLabel(/same for 2 other files/).check();
    await page.getByRole("button", { name: "Keep both" }).click();
    await becomes(page, `/6 uploads finished/.test(document.body.innerText)`);
    assert.equal((await entries(person)).length, 6);
    await choose(page, again.slice(0, 1));
    await page.getByRole("button", { name: "Skip" }).click();
    await becomes(page, `/7 uploads finished/.test(document.body.innerText)`);
    assert.equal((await entries(person)).length, 6);
    await choose(page, again.slice(0, 1));
    await page.getByRole("button", { name: "Replace" }).click();
    await becomes(page, `/8 uploads finished/.test(document.body.innerText)`);
    const all = await entries(person);
    const one = all.find(({ name }) => name === "one.txt");
    assert.equal(all.length, 6);
    assert.equal((await bytesOf(person, one?.id ?? 0)).toString(), "second");
    at.isQuiet();
  });

  it("lets the hashing worker alone compile WebAssembly, and that worker fetch nothing", async () => {
    await using at = await visitDrive(desktop);
    const { page } = at;
    const policies = new Map<string, string>();
    page.on("response", (response) => {
      policies.set(new URL(response.url()).pathname, response.headers()["content-security-policy"] ?? "");
    });
    await page.reload();
    await choose(page, [await made("hashed.bin", randomBytes(2 * mebibyte))]);
    await becomes(page, `/1 upload finished/.test(document.body.innerText)`);
    const may = [...policies].filter(([, policy]) => policy.includes("wasm"));
    assert.equal(may.length, 1);
    const [path = "", policy = ""] = may[0] ?? [];
    assert.match(path, /^\/assets\/worker-/);
    assert.match(policy, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'none'$/);
    assert.match(policies.get("/drive") ?? "", /script-src 'self' 'sha256-[^';]*';/);
    at.isQuiet();
  });

  it("sends less than half of a file whose content the server already has", async () => {
    const bytes = randomBytes(6 * mebibyte);
    await using line = await SlowLine.to(instance.url);
    await using at = await visitDrive(desktop, line.url);
    const { page, person } = at;
    await choose(page, [await made("original.bin", bytes)]);
    await becomes(page, `/1 upload finished/.test(document.body.innerText)`);
    line.sentBytes = 0;
    // Its hash is known long before half of it is out.
    line.bytesPerSecond = mebibyte / 16;
    await choose(page, [await made("same.bin", bytes)]);
    await becomes(page, `/2 uploads finished/.test(document.body.innerText)`);
    assert.ok(line.sentBytes < 3 * mebibyte, `${line.sentBytes} bytes were sent`);
    assert.deepEqual(
      (await entries(person)).map(({ name, size }) => [name, size]),
      [
        ["original.bin", bytes.byteLength],
        ["same.bin", bytes.byteLength],
      ],
    );
    // It is given up beside, over the same slow line.
    const left = async () => (await person.ask("GET", "/upload/list")).data["list"] as unknown[]; // A list's rows.
    await until(async () => (await left()).length === 0, { said: () => "something is left of the other way" });
  });

  it("imports files from addresses, shows progress and failures, and stops on request", async () => {
    let isHeld = true;
    const elsewhere = createServer((_, answer) => {
      answer.writeHead(200, { "content-length": 3 * mebibyte });
      answer.write(Buffer.alloc(2 * mebibyte));
      // A line that is slow, not dead.
      let left = mebibyte;
      const drip = setInterval(() => {
        const bytes = isHeld ? 10 : left;
        left -= bytes;
        answer.write(Buffer.alloc(bytes));
        if (left > 0) return;
        clearInterval(drip);
        answer.end();
      }, 100);
      answer.on("close", () => clearInterval(drip));
    }).listen(0, "127.0.0.1");
    await once(elsewhere, "listening");
    const { port } = elsewhere.address() as AddressInfo; // A listening TCP server.
    await using at = await visitDrive(phone);
    const { page } = at;
    const fetchFrom = async (url: string) => {
      await page.getByRole("button", { name: "Upload" }).first().click();
      await page.getByRole("menuitem", { name: "From an address" }).click();
      await page.getByLabel("Address of a file").fill(url);
      await page.getByRole("button", { name: "Fetch" }).click();
    };
    try {
      await fetchFrom("ftp://127.0.0.1/a");
      await page.getByText("This is no address of a file").waitFor();
      await page.getByRole("button", { name: "Cancel" }).click();
      await fetchFrom("http://192.168.0.1/a");
      await page.getByText("only what is open to the whole internet").waitFor();
      await page.getByRole("button", { name: "away" }).click();
      await fetchFrom(`http://127.0.0.1:${port}/large.bin`);
      await page.getByText("2.1 MB of 3.1 MB").waitFor();
      await page.reload();
      await page.getByText("2.1 MB of 3.1 MB").waitFor();
      isHeld = false;
      await row(page, "large.bin").waitFor();
      await becomes(page, `document.querySelector("[data-status=running]") === null`);
      isHeld = true;
      await fetchFrom(`http://127.0.0.1:${port}/other.bin`);
      await page.getByRole("button", { name: "Stop fetching" }).click();
      await becomes(page, `document.querySelector("li[data-status]") === null`);
      assert.deepEqual(await listed(at.person), [["large.bin", 3 * mebibyte]]);
      at.isQuiet();
    } finally {
      elsewhere.close();
      elsewhere.closeAllConnections();
    }
  });

  it("moves files to the trash with an undo, and empties the trash after a confirmation", async () => {
    await using at = await visitDrive(desktop, instance.url, { isUnhurried: true });
    const { page, person } = at;
    await choose(page, [await made("keep.txt", "k"), await made("drop.txt", "d")]);
    await row(page, "drop.txt").click();
    await page.keyboard.press("Delete");
    await row(page, "drop.txt").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).click();
    await row(page, "drop.txt").waitFor();
    await row(page, "drop.txt").click();
    await page.keyboard.press("Delete");
    await row(page, "drop.txt").waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Trash" }).click();
    await row(page, "drop.txt").waitFor();
    await becomes(page, `/30 days left/.test(document.body.innerText)`);
    await row(page, "drop.txt").click();
    await page.getByRole("button", { name: "Put back" }).click();
    await becomes(page, `/Nothing was thrown away/.test(document.body.innerText)`);
    await until(async () => (await entries(person)).length === 2);
    await page.getByRole("link", { name: "Files", exact: true }).click();
    await row(page, "keep.txt").click();
    await page.getByRole("button", { name: "Move to trash" }).click();
    await row(page, "keep.txt").waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Trash" }).click();
    await page.getByRole("button", { name: "Empty trash" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Empty trash" }).click();
    await becomes(page, `/Nothing was thrown away/.test(document.body.innerText)`);
    await until(async () => {
      const { data } = await person.ask("GET", "/drive/trash");
      return (data["list"] as unknown[]).length === 0; // The contract's own shape.
    });
    at.isQuiet();
  });

  itAtNight("can be used by keyboard alone", async () => {
    await using at = await visitDrive(desktop);
    const { page, person } = at;
    for (const name of ["a.txt", "b.txt", "c.txt"]) await choose(page, [await made(name, name)]);
    await becomes(page, `/3 uploads finished/.test(document.body.innerText)`);
    await page.getByRole("button", { name: "New folder" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type("Box");
    await page.keyboard.press("Enter");
    await row(page, "Box").waitFor();
    await tabTo(page, `document.activeElement?.dataset?.id !== undefined`);
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Shift+ArrowDown");
    await becomes(page, `document.querySelectorAll('[aria-selected="true"]').length === 2`);
    await page.keyboard.press("Control+x");
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await page.waitForURL(/folder/);
    await page.getByText("Room for your files").waitFor();
    await page.getByRole("button", { name: "Paste here" }).focus();
    await page.keyboard.press("Enter");
    await row(page, "b.txt").waitFor();
    await tabTo(page, `document.activeElement?.dataset?.id !== undefined`);
    await page.keyboard.press("Home");
    await page.keyboard.press("F2");
    await page.keyboard.type("renamed");
    await page.keyboard.press("Enter");
    await row(page, "renamed.txt").waitFor();
    await tabTo(page, `document.activeElement?.dataset?.id !== undefined`);
    await page.keyboard.press("Control+a");
    await becomes(page, `document.querySelectorAll('[aria-selected="true"]').length === 2`);
    await page.keyboard.press("Delete");
    await page.getByText("Room for your files").waitFor();
    assert.deepEqual(
      (await entries(person)).map(({ name }) => name),
      ["Box", "c.txt"],
    );
    at.isQuiet();
  });

  itAtNight("selects with a rubber band, and changes the selection with modifier keys", async () => {
    await using at = await visitDrive(desktop);
    const { page } = at;
    await choose(page, await Promise.all(["1", "2", "3", "4"].map((name) => made(`${name}.txt`, name))));
    await becomes(page, `/4 uploads finished/.test(document.body.innerText)`);
    await becomes(page, `document.querySelectorAll("[data-id]").length === 4`);
    const selected = () => page.locator('[aria-selected="true"]').count();
    const list = await page.getByRole("grid").boundingBox();
    const right = (list?.x ?? 0) + (list?.width ?? 0) - 400;
    const top = list?.y ?? 0;
    await page.mouse.move(right, top + 80);
    await page.mouse.down();
    await page.mouse.move(right + 60, top + 190, { steps: 6 });
    await page.mouse.up();
    assert.equal(await selected(), 3);
    await row(page, "1.txt").click();
    assert.equal(await selected(), 1);
    await row(page, "3.txt").click({ modifiers: ["Shift"] });
    assert.equal(await selected(), 3);
    await row(page, "2.txt").click({ modifiers: ["ControlOrMeta"] });
    assert.equal(await selected(), 2);
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    const archive = await readFile((await (await saved).path()) ?? "");
    assert.ok(archive.includes("1.txt") && archive.includes("3.txt") && !archive.includes("2.txt"));
    at.isQuiet();
  });

  itAtNight("begins a row at the page's edge, and moves nothing when its checkbox appears", async () => {
    await using at = await visitDrive(desktop);
    const { page } = at;
    const raw = { type: "application/octet-stream", bytes: Buffer.from("1") };
    await at.person.ask("POST", "/upload?purpose=drive&name=edge.txt", { raw });
    await page.reload();
    await row(page, "edge.txt").waitFor();
    const list = await page.getByRole("grid").boundingBox();
    const picture = row(page, "edge.txt").locator("[data-solid]").first();
    const tick = page.getByRole("button", { name: "Select “edge.txt”" });
    const hasOpacity = (opacity: number) =>
      becomes(page, `getComputedStyle(document.querySelector("[data-id] button")).opacity === "${opacity}"`);
    await page.mouse.move(0, 0);
    const before = await picture.boundingBox();
    assert.equal(before?.x, list?.x);
    await hasOpacity(0);
    await row(page, "edge.txt").hover();
    await hasOpacity(1);
    await tick.click();
    await page.locator('[aria-selected="true"]').waitFor();
    assert.equal((await picture.boundingBox())?.x, before?.x);
    at.isQuiet();
  });

  it("continues the upload of a video after a reload, with the same file", async () => {
    await using line = await SlowLine.to(instance.url);
    await using at = await visitDrive(desktop, line.url);
    const { page } = at;
    // A box that players skip makes the film large.
    const box = Buffer.from([0x01, 0x60, 0, 0, ...Buffer.from("free")]);
    const film = await readFile(join(root, "test/media/moov-at-end.mp4"));
    const clip = Buffer.concat([film, box, randomBytes(box.readUInt32BE(0) - box.byteLength)]);
    const path = await made("long.mp4", clip);
    await page.goto(`${line.url}/upload`);
    line.bytesPerSecond = 2 * mebibyte;
    await page.getByLabel("Choose video").setInputFiles(path);
    await until(() => line.sentBytes > 2.5 * mebibyte);
    line.bytesPerSecond = crawling;
    await until(async () => (await storedUploads(page)).some(({ headHash }) => headHash !== null));
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Go on" }).waitFor();
    await page.reload();
    await line.clear();
    const before = line.sentBytes;
    await page.getByText("The page was closed during the upload.").waitFor();
    await page.getByLabel("Choose the file").setInputFiles(path);
    await page.getByText("Uploaded").first().waitFor();
    assertResumed(line.sentBytes - before, clip.byteLength);
    await until(async () => (await storedUploads(page)).some(({ status }) => status === "done"));
    at.isQuiet();
  });

  it("previews pictures, films and texts, steps through them, and shows HTML as text", async () => {
    await using at = await visitDrive(desktop);
    const { page } = at;
    const picture = await made("1.jpg", await readFile(join(root, "docs/screenshots/feed-phone-en-dark.jpg")));
    const film = await made("2.mp4", await readFile(join(root, "test/media/moov-at-end.mp4")));
    const text = await made("3.html", "<h1 id=planted>text</h1><script>window.ran = 1</script>");
    const paper = await made("4.pdf", "%PDF-1.4\n");
    await choose(page, [picture, film, text, paper]);
    await becomes(page, `/4 uploads finished/.test(document.body.innerText)`);
    // The list is asked for again after each: there is no next one before it is in it.
    for (const name of ["1.jpg", "2.mp4", "3.html", "4.pdf"]) await row(page, name).waitFor();
    await row(page, "1.jpg").dblclick();
    await becomes(page, `document.querySelector('[role="dialog"] img')?.naturalWidth > 0`);
    await page.keyboard.press("ArrowRight");
    await becomes(page, `document.querySelector('[role="dialog"] video')?.videoWidth > 0`);
    await page.getByRole("button", { name: "Next file" }).click();
    await becomes(page, `document.querySelector('[role="dialog"] pre')?.textContent.includes("<h1 id=planted>")`);
    assert.equal(await page.evaluate(`document.querySelector("#planted") === null && window.ran === undefined`), true);
    await page.keyboard.press("ArrowRight");
    await page.getByText("A PDF can carry programs").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    at.isQuiet();
  });

  it("publishes a video through the ordinary form, and saves a user's own video as a file", async () => {
    await using at = await visitDrive(desktop);
    const { page, person } = at;
    await choose(page, [await made("my_sea.mp4", await readFile(join(root, "test/media/moov-at-end.mp4")))]);
    await becomes(page, `/1 upload finished/.test(document.body.innerText)`);
    await row(page, "my_sea.mp4")
      .getByRole("button", { name: /More for/ })
      .click();
    await page.getByRole("menuitem", { name: "Publish…" }).click();
    await page.waitForURL(/\/upload/);
    await page.getByRole("textbox", { name: "Title" }).fill("From the drive");
    await page.getByRole("button", { name: "Publish" }).click();
    const link = page.getByRole("link", { name: /Watch/ }).first();
    await link.click();
    await chooseMore(page, "Save to drive");
    await page.getByText(/is in your drive/).waitFor();
    assert.equal((await entries(person)).length, 2);
    at.isQuiet();
  });

  for (const device of inTurn([desktop, phone], 1))
    it(`shares a file with visitors by password and download limit, on a ${device.name}`, async () => {
      await using at = await visitDrive(device);
      const { page } = at;
      await choose(page, [await made("secret.txt", "the secret")]);
      await becomes(page, `/1 upload finished/.test(document.body.innerText)`);
      await row(page, "secret.txt")
        .getByRole("button", { name: /More for/ })
        .click();
      await page.getByRole("menuitem", { name: "Share…" }).click();
      await page.getByLabel("Downloads").fill("1");
      await page.getByLabel("Password").fill("open sesame");
      await page.getByRole("button", { name: "Make a link" }).click();
      const link = await page.locator("[data-link]").getAttribute("data-link");
      assert.match(link ?? "", /\/s#[\w-]+$/);

      const stranger = await visit(browser, device);
      const requests: string[] = [];
      stranger.page.on("request", (request) => requests.push(request.url()));
      await stranger.page.goto(link ?? "");
      await stranger.page.getByLabel("Password", { exact: true }).fill("wrong");
      await stranger.page.getByRole("button", { name: "Open", exact: true }).click();
      await stranger.page.getByText("not the password").waitFor();
      await stranger.page.getByLabel("Password", { exact: true }).fill("open sesame");
      await stranger.page.getByRole("button", { name: "Open", exact: true }).click();
      await stranger.page.getByRole("heading", { name: "secret.txt" }).waitFor();
      await isAccessible(stranger.page);
      assert.ok(await stranger.page.evaluate(`document.documentElement.scrollWidth <= innerWidth`));
      const saved = stranger.page.waitForEvent("download");
      await stranger.page.getByRole("button", { name: "Download" }).click();
      assert.equal(await readFile((await (await saved).path()) ?? "", "utf8"), "the secret");
      assert.equal((await saved).suggestedFilename(), "secret.txt");
      const token = (link ?? "").split("#")[1] ?? "?";
      assert.deepEqual(
        requests.filter((url) => url.includes(token)),
        [],
        "the token stands in no address that is asked for",
      );

      const late = await visit(browser, device);
      await late.page.goto(link ?? "");
      await late.page.getByLabel("Password", { exact: true }).fill("open sesame");
      await late.page.getByRole("button", { name: "Open", exact: true }).click();
      await late.page.getByText("This link is used up").waitFor();
      await page.getByRole("button", { name: "Take the link back" }).click();
      await page.getByText("The link is over").waitFor();
      await late.page.reload();
      await late.page.getByText("There is nothing at this link").waitFor();
      assert.deepEqual([...stranger.complaints, ...late.complaints], []);
      await stranger.context.close();
      await late.context.close();
      at.isQuiet();
    });

  it("lets the visitor of a shared folder browse it and download all of it", async () => {
    await using at = await visitDrive(phone);
    const { page, person } = at;
    const { data: folder } = await person.ask("POST", "/drive/paths", { body: { path: "Album/deep" } });
    await person.ask("POST", `/upload?purpose=drive&folder_id=${String(folder["id"])}&name=note.txt`, {
      raw: { type: "application/octet-stream", bytes: Buffer.from("below") },
    });
    const [album] = await entries(person);
    const { data: shared } = await person.ask("POST", `/drive/${album?.id}/shares`, { body: {} });
    const stranger = await visit(browser, phone);
    await stranger.page.goto(`${instance.url}/s#${String(shared["token"])}`);
    await row(stranger.page, "deep").tap();
    await row(stranger.page, "note.txt").tap();
    await becomes(stranger.page, `document.querySelector('[role="dialog"] pre')?.textContent === "below"`);
    await stranger.page.keyboard.press("Escape");
    await isAccessible(stranger.page);
    const saved = stranger.page.waitForEvent("download");
    await stranger.page.getByRole("button", { name: "Download all" }).click();
    const archive = await readFile((await (await saved).path()) ?? "");
    assert.ok(archive.includes("note.txt") && archive.includes("below"));
    assert.deepEqual(stranger.complaints, []);
    await stranger.context.close();
    await page.close();
  });

  itAtNight("renders only some rows of a folder with 600 entries", async () => {
    await using at = await visitDrive(desktop);
    const { page, person } = at;
    for (let n = 0; n < 12; n++)
      await Promise.all(
        Array.from({ length: 50 }, (_, of) =>
          person.ask("POST", "/drive/folders", { body: { name: `f${String(n * 50 + of).padStart(5, "0")}` } }),
        ),
      );
    await page.reload();
    await row(page, "f00000").click();
    await page.keyboard.press("Control+a");
    await page.getByText("600 selected").waitFor();
    const drawn = await page.evaluate<number>(`document.querySelectorAll('[role="row"][data-id]').length`);
    assert.ok(drawn < 60, `${drawn} rows`);
    await page.keyboard.press("End");
    await row(page, "f00599").waitFor();
    await becomes(page, `document.activeElement?.dataset.name === "f00599"`);
    at.isQuiet();
  });

  for (const [name, viewport] of inTurn(
    [
      ["a phone", { width: 390, height: 844 }],
      ["the smallest screen", { width: 320, height: 568 }],
    ] as const,
    1,
  ))
    it(`fits ${name}, and selects an entry by a long press`, async () => {
      await using at = await visitDrive({ ...phone, viewport });
      const { page } = at;
      await choose(page, [await made("a rather long name of a file that does not fit anywhere.txt", "x")]);
      await becomes(page, `/1 upload finished/.test(document.body.innerText)`);
      await page.getByRole("region", { name: "Uploads" }).getByRole("button", { name: "Close" }).tap();
      const entry = row(page, "a rather long name of a file that does not fit anywhere.txt");
      for (const view of ["grid", "list"]) {
        await page.getByRole("button", { name: `Show as ${view}` }).tap();
        assert.ok(await page.evaluate(`document.documentElement.scrollWidth <= innerWidth`), `${view} is too wide`);
        await isAccessible(page);
      }
      await longPress(page, await entry.boundingBox());
      await page.getByText("1 selected").waitFor();
      assert.ok(await page.evaluate(`document.documentElement.scrollWidth <= innerWidth`), "the tools are too wide");
      await isAccessible(page);
      at.isQuiet();
    });
});

const root = join(import.meta.dirname, "../..");
const mebibyte = 2 ** 20;
/** Bytes a second at which nothing comes to its end while a test, however slow, does something else. */
const crawling = 16_384;

/** Asserts that less than the whole file is sent after an interruption: its first slice was durable. */
function assertResumed(sentBytes: number, size: number): void {
  assert.ok(
    sentBytes > 0 && sentBytes <= size - mebibyte,
    `${sentBytes} bytes of ${size} were sent after the interruption`,
  );
}
const tray = `(document.querySelector('section[aria-label="Uploads"]')?.innerText ?? "")`;
let instance: Instance;
let browser: Browser;
let files: string;

/** A file of one's own, its name within a folder of the test. */
async function made(name: string, content: string | Buffer): Promise<string> {
  const folder = await mkdtemp(join(files, "f-"));
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

/** A new user with an empty drive that is open before them. */
async function visitDrive(device: Device, url = instance.url, how: { readonly isUnhurried?: boolean } = {}) {
  const person = new Person(instance.url);
  await person.signUp();
  const { page, context, complaints } = await visit(browser, device, how);
  await logIn(page, url, person);
  await page.goto(`${url}/drive`);
  await page.getByRole("button", { name: "New folder" }).waitFor();
  return {
    person,
    page,
    context,
    isQuiet: () => assert.deepEqual(complaints, []),
    async [Symbol.asyncDispose]() {
      await context.close();
    },
  };
}

const choose = (page: Page, paths: string[]) => page.locator("[data-choose=files]").setInputFiles(paths);
const row = (page: Page, name: string) => page.locator(`[data-id][data-name=${JSON.stringify(name)}]`);
const crumbs = (page: Page) =>
  page.evaluate<string[]>(
    `[...document.querySelectorAll('nav[aria-label="Path"] li')].map((one) => one.textContent.trim())`,
  );

/** Drops files and folders of this machine in the middle of the page, as its desktop would. */
async function drop(page: Page, paths: readonly string[]): Promise<void> {
  const { send, close } = await devtools(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"])
    await send("Input.dispatchDragEvent", { type, x: 700, y: 500, data });
  await close();
}

async function longPress(page: Page, box: { x: number; y: number; width: number; height: number } | null) {
  const { send, close } = await devtools(page);
  const point = { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 };
  await send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point] });
  await page.getByText("1 selected").waitFor();
  await send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await close();
}

async function devtools(page: Page) {
  const session = await page.context().newCDPSession(page);
  return {
    // The protocol has more events than its types.
    send: (method: string, given: object) => session.send(method as "Input.dispatchTouchEvent", given as never),
    close: () => session.detach(),
  };
}

async function tabTo(page: Page, isThere: string): Promise<void> {
  for (let n = 0; n < 60; n++) {
    if (await page.evaluate<boolean>(isThere)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the tab key never reached ${isThere}`);
}

interface Entry {
  readonly id: number;
  readonly name: string;
  readonly size: number;
}

async function entries(person: Person): Promise<Entry[]> {
  const { data } = await person.ask("GET", "/drive?page_size=100");
  return data["list"] as Entry[]; // The contract's own shape.
}
const listed = async (person: Person) => (await entries(person)).map(({ name, size }) => [name, size]);

async function bytesOf(person: Person, id: number): Promise<Buffer> {
  const { data } = await person.ask("POST", `/drive/${id}/link`, { body: {} });
  const answer = await fetch(new URL(String(data["url"]), instance.url));
  return Buffer.from(await answer.arrayBuffer());
}
