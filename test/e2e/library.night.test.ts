import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { Person } from "../users/person.ts";
import { startOnTemplate } from "../instance/template.ts";
import { until } from "../until.ts";
import {
  becomes,
  chooseMore,
  desktop,
  hurry,
  logIn,
  openBrowser,
  phone,
  plays,
  selectOption,
  visit,
} from "../browser/browser.ts";
import type { Instance } from "../instance/instance.ts";

const clip = join(import.meta.dirname, "../media/moov-at-end.mp4");
const titles = ["harbour", "ferry", "island"] as const;

describe("the web app (playlists, favourites and drafts)", () => {
  before(prepare);
  after(async () => {
    await browser?.close();
    await instance?.[Symbol.asyncDispose]();
  });

  it("creates a playlist once when the answer is lost", async () => {
    const { page, context } = await visit(browser, desktop);
    await logIn(page, instance.url, administrator);
    let requestCount = 0;
    await page.route("**/api/v1/playlists", async (route) => {
      if (route.request().method() !== "POST") return route.continue();
      requestCount += 1;
      if (requestCount > 1) return route.continue();
      await route.fetch();
      return route.abort();
    });
    await page.goto(`${instance.url}/watch/${ids[0]}`);
    await chooseMore(page, "Add to playlist");
    await page.getByRole("button", { name: "New playlist" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Once");
    const make = page.getByRole("button", { name: "Make playlist" });
    await make.click();
    await until(() => requestCount === 1);
    await until(async () => {
      if (requestCount === 1 && (await make.isEnabled())) await make.click();
      return page.getByText("Added to “Once”").isVisible();
    });
    assert.equal(requestCount, 2);
    const playlists = (await administrator.get("/users/me/playlists"))["list"] as { id: number; title: string }[];
    assert.deepEqual(
      playlists.map(({ title }) => title),
      ["Once"],
    );
    await administrator.ask("DELETE", `/playlists/${playlists[0]?.id}`);
    await context.close();
  });

  it("keeps the page when a menu or a sheet cannot be loaded, and opens it at the next press", async () => {
    const { page, context } = await visit(browser, desktop);
    await logIn(page, instance.url, administrator);
    const parts = /\/assets\/(open-menu|share-video)-/;
    await page.route(parts, (route) => route.abort());
    await page.goto(`${instance.url}/watch/${ids[0]}`);
    const title = page.getByRole("heading", { level: 1, name: titles[0] });
    const lost = page.getByRole("status").getByText("This could not be loaded. Try again.");
    const presses = [
      { name: "More", opened: page.getByRole("menu") },
      { name: "Share", opened: page.getByRole("dialog") },
    ];
    for (const { name } of presses) {
      await page.getByRole("button", { name, exact: true }).first().click();
      await lost.first().waitFor();
      assert.ok(await title.isVisible());
      for (const close of await page.getByRole("status").getByRole("button", { name: "Close" }).all())
        await close.click();
    }
    await page.unroute(parts);
    // Nor does it matter that the whole line was lost: what a part imports is asked for again, too.
    await context.setOffline(true);
    await page.getByRole("button", { name: "Player settings" }).press("Enter");
    await lost.first().waitFor();
    await context.setOffline(false);
    await page.getByRole("button", { name: "Player settings" }).press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    for (const { name, opened } of presses) {
      await page.getByRole("button", { name, exact: true }).first().click();
      await opened.waitFor();
      await page.keyboard.press("Escape");
      await opened.waitFor({ state: "detached" });
    }
    await context.close();
  });

  it("creates, reorders, edits, plays and deletes a playlist, by keyboard and by mouse", async () => {
    const { page, context, complaints } = await visit(browser, desktop, { isUnhurried: true });
    await logIn(page, instance.url, administrator);
    await page.goto(`${instance.url}/watch/${ids[0]}`);
    await chooseMore(page, "Add to playlist");
    await page.getByRole("button", { name: "New playlist" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Trip");
    await page.getByRole("button", { name: "Make playlist" }).click();
    await page.getByText("Added to “Trip”").waitFor();
    await page.keyboard.press("Escape");
    for (const id of ids.slice(1)) {
      await page.goto(`${instance.url}/watch/${id}`);
      await chooseMore(page, "Add to playlist");
      await page.getByRole("button", { name: "Trip" }).click();
      await page.getByText("Added to “Trip”").waitFor();
    }
    await page.goto(`${instance.url}/@keeper`);
    await page.getByRole("tab", { name: "Playlists" }).click();
    await page.getByRole("link", { name: /3 videos.*Trip/ }).click();
    await page.waitForURL(/\/playlist\/\d+/);
    const list = Number(page.url().split("/").at(-1));
    assert.deepEqual(await orderOf(list), ["harbour", "ferry", "island"]);

    // By keys: what has the focus keeps it, so that it can be moved on.
    await page.getByRole("button", { name: /^Move “island”/ }).focus();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    await page.getByRole("status").getByText("“island” is 1 of 3 now").waitFor({ state: "attached" });
    await until(async () => (await orderOf(list)).join() === "island,harbour,ferry");
    // By mouse: the first one under the last.
    const from = await page.getByRole("button", { name: /^Move “island”/ }).boundingBox();
    const to = await page.getByRole("button", { name: /^Move “ferry”/ }).boundingBox();
    assert.ok(from && to);
    await page.mouse.move(from.x + 20, from.y + 20);
    await page.mouse.down();
    await page.mouse.move(to.x + 20, to.y + 10, { steps: 4 });
    await page.mouse.move(to.x + 20, to.y + 60, { steps: 4 });
    await page.mouse.up();
    await until(async () => (await orderOf(list)).join() === "harbour,ferry,island");

    await page.getByRole("button", { name: "Remove “ferry” from the playlist" }).click();
    await until(async () => (await orderOf(list)).join() === "harbour,island");
    await page.getByRole("button", { name: "Undo" }).click();
    await until(async () => (await orderOf(list)).join() === "harbour,ferry,island");

    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Long trip");
    await page.getByText("Anyone with the link").click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "Long trip" }).waitFor();

    await page.getByRole("link", { name: "Play all" }).click();
    await page.waitForURL(`**/watch/${ids[0]}?list=${list}`);
    await plays(page);
    await page.getByText("1 of 3", { exact: true }).waitFor();
    await page.evaluate(
      `(({ video }) => video.currentTime = video.duration - 0.3)({ video: document.querySelector("video") })`,
    );
    await page.waitForURL(`**/watch/${ids[1]}?list=${list}`);
    await plays(page);
    await page.keyboard.press("n");
    await page.waitForURL(`**/watch/${ids[2]}?list=${list}`);

    await page.goto(`${instance.url}/playlist/${list}`);
    await page.getByRole("button", { name: "Delete" }).click();
    await page.waitForURL("**/@keeper");
    await page.getByRole("button", { name: "Undo" }).click();
    await page.waitForURL(`**/playlist/${list}`);
    await hurry(page);
    await page.getByRole("button", { name: "Delete" }).click();
    await until(async () => (await administrator.ask("GET", `/playlists/${list}`)).status === 404);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("puts favourites into folders that can be renamed, made private, deleted and restored", async () => {
    const { page, context, complaints } = await visit(browser, phone, { isUnhurried: true });
    await logIn(page, instance.url, administrator);
    const foldersOf = async (path: string) => {
      const { list } = await administrator.get(path);
      return (list as { name: string; is_public: boolean; video_count: number }[]).map(
        ({ name, is_public: isPublic, video_count: count }) => `${name} ${isPublic} ${count}`,
      );
    };
    const foldersPath = "/users/me/favorite-folders";
    await page.goto(`${instance.url}/watch/${ids[0]}`);
    await page.getByRole("button", { name: "Save", exact: true }).tap();
    await chooseMore(page, "Choose a folder");
    await page.getByRole("button", { name: "No folder", pressed: true }).waitFor();
    await page.getByRole("button", { name: "New folder" }).tap();
    await page.getByRole("textbox", { name: "Name" }).fill("Boats");
    await page.getByRole("button", { name: "Make folder" }).tap();
    await page.getByText("Saved in “Boats”").waitFor();
    await until(async () => (await foldersOf(foldersPath)).join() === "Boats true 1");
    await chooseMore(page, "Choose a folder");
    await page.getByRole("button", { name: "Boats", pressed: true }).waitFor();
    await page.keyboard.press("Escape");

    await page.goto(`${instance.url}/@keeper`);
    await page.getByRole("tab", { name: "Saved" }).tap();
    await page.getByRole("button", { name: /^Boats/ }).tap();
    await page.getByRole("link", { name: /harbour/ }).waitFor();
    await page.getByRole("button", { name: "Edit “Boats”" }).tap();
    await page.getByRole("textbox", { name: "Name" }).fill("Ships");
    await page.getByText("Others see this folder").tap();
    await page.getByRole("button", { name: "Save", exact: true }).tap();
    await page.getByRole("button", { name: /^Ships.*Private/ }).waitFor();
    assert.deepEqual(await foldersOf(foldersPath), ["Ships false 1"]);
    for (const isPermanent of [false, true]) {
      if (isPermanent) await hurry(page);
      await page.getByRole("button", { name: /^Ships/ }).tap();
      await page.getByRole("button", { name: "Delete “Ships”, keep what is in it" }).tap();
      await page.getByRole("button", { name: /^Ships/ }).waitFor({ state: "detached" });
      await page.getByRole("link", { name: /harbour/ }).waitFor();
      if (!isPermanent) await page.getByRole("button", { name: "Undo" }).tap();
    }
    await until(async () => (await foldersOf(foldersPath)).length === 0);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("does not treat a signed-in user as a visitor before the account is loaded", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    await logIn(page, instance.url, administrator);
    const { promise: pressed, resolve: press } = Promise.withResolvers<void>();
    await page.route("**/api/v1/users/me", async (route) => {
      await pressed;
      await route.continue();
    });
    await page.goto(`${instance.url}/watch/${ids[0]}`);
    await chooseMore(page, "Add to playlist");
    await page.getByRole("dialog", { name: "Add to a playlist" }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Follow", includeHidden: true }).isVisible(), false);
    press();
    await page.getByRole("button", { name: "New playlist" }).waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("leaves the page of a deleted playlist while the account is unavailable, unless the deletion is undone", async () => {
    const { data } = await administrator.ask("POST", "/playlists", { body: { title: "Gone soon" } });
    const [path, api] = ["/playlist", "/playlists"].map((base) => `${base}/${String(data["id"])}`);
    const { page, context, complaints } = await visit(browser, desktop);
    await logIn(page, instance.url, administrator);
    await page.route("**/api/v1/users/me", (route) => route.abort());
    await page.clock.install();
    await page.goto(`${instance.url}${path}`);
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    // Longer than the page waits for the account.
    await page.clock.fastForward(4_000);
    // Nobody was led away.
    assert.equal(new URL(page.url()).pathname, path);
    await page.getByRole("button", { name: "Delete" }).click();
    await page.waitForURL(`${instance.url}/`);
    await until(async () => (await administrator.ask("GET", String(api))).status === 404);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("keeps a draft, schedules it in its owner's time zone, unschedules it and publishes it", async () => {
    const { page, context, complaints } = await visit(browser, phone);
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setTimezoneOverride", { timezoneId: "Asia/Tokyo" });
    await logIn(page, instance.url, administrator);
    await page.goto(`${instance.url}/upload`);
    await page.getByLabel("Choose video").setInputFiles(clip);
    await page.getByRole("textbox", { name: "Title" }).fill("lighthouse");
    await page.getByRole("button", { name: "More options" }).tap();
    await selectOption(page, "What it is about", "Travel");
    await page.getByText("Keep it as a draft in Studio").tap();
    await page.getByText("People may comment").tap();
    await page.getByRole("button", { name: "Save as draft" }).tap();
    await page.getByText("Nobody else sees it until you publish it.").waitFor();
    const id = Number(new URL(page.url()).searchParams.get("video"));
    const isSeen = async () => (await fetch(`${instance.url}/api/v1/videos/${id}`)).status === 200;
    assert.equal(await isSeen(), false);

    const row = page.getByRole("row").filter({ hasText: "lighthouse" });
    const chooseFrom = async (name: string) => {
      await row.getByRole("button", { name: "More for “lighthouse”" }).tap();
      await page.getByRole("menuitem", { name }).tap();
    };
    await page.goto(`${instance.url}/studio`);
    await row.getByText("Draft", { exact: true }).waitFor();
    await chooseFrom("Edit");
    const part = page.getByRole("region", { name: "When it is published" });
    await part.getByText("By your clock: Japan Standard Time").waitFor();
    const nowMs = Date.now();
    const inAnHour = new Date(nowMs + 3_600_000 - (nowMs % 60_000));
    const there = new Date(inAnHour.getTime() + 9 * 3_600_000).toISOString().slice(0, 16);
    await part.getByLabel("Day and time").fill("2020-01-01T10:00");
    await part.getByText("Choose a time that is still to come.").waitFor();
    await part.getByLabel("Day and time").fill(there);
    await part.getByRole("button", { name: "Publish then" }).tap();
    await part.getByText("It will be published").waitFor();
    const { data } = await administrator.ask("GET", `/videos/${id}`);
    assert.deepEqual([data["is_draft"], Date.parse(String(data["publish_at"]))], [true, inAnHour.getTime()]);
    assert.deepEqual([data["allow_comment"], data["allow_download"]], [false, true]);
    await part.getByRole("button", { name: "Not yet, keep as draft" }).tap();
    await part.getByText("This is a draft.").waitFor();
    assert.equal((await administrator.ask("GET", `/videos/${id}`)).data["publish_at"], null);
    await page.keyboard.press("Escape");
    await chooseFrom("Publish now");
    await until(isSeen);
    await page.goto(`${instance.url}/watch/${id}`);
    await page.getByText("Travel", { exact: true }).waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("shows the views of the week on a phone, and lists what needs its owner", async () => {
    const bytes = await readFile(join(import.meta.dirname, "../media/truncated-no-moov.mp4"));
    const raw = { type: "application/octet-stream", bytes };
    const sent = await administrator.ask("POST", "/upload?purpose=media&name=broken.mp4", { raw });
    const body = { title: "broken", media_id: sent.data["media_id"], draft: true };
    const id = Number((await administrator.ask("POST", "/videos", { body })).data["id"]);
    await until(async () => (await administrator.get(`/videos/${id}`))["status"] === 2);
    const { page, context, complaints } = await visit(browser, phone);
    await logIn(page, instance.url, administrator);
    await page.goto(`${instance.url}/studio`);
    await page.getByText("Last 7 days").waitFor();
    await page.getByRole("button", { name: "Needs you 1", pressed: false }).tap();
    await page.getByRole("row").filter({ hasText: "island" }).waitFor({ state: "detached" });
    assert.equal(new URL(page.url()).searchParams.get("state"), "needs_action");
    await page.getByRole("row").filter({ hasText: "broken" }).getByText("Replace file").waitFor();
    await administrator.ask("DELETE", `/videos/${id}`);
    await page.getByRole("button", { name: "Needs you", pressed: true }).tap();
    await page.getByRole("row").filter({ hasText: "island" }).waitFor();
    await page.getByRole("link", { name: "Last 7 days" }).tap();
    await page.waitForURL("**/studio/analytics");
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("filters the content, changes two videos at once and deletes them with an undo", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    await logIn(page, instance.url, administrator);
    await page.goto(`${instance.url}/studio`);
    await page.getByRole("row").filter({ hasText: "ferry" }).waitFor();
    await page.getByRole("searchbox", { name: "Search your videos" }).fill("FERR");
    await page.keyboard.press("Enter");
    await page.getByRole("row").filter({ hasText: "harbour" }).waitFor({ state: "detached" });
    assert.equal(new URL(page.url()).searchParams.get("q"), "FERR");
    await page.getByRole("searchbox", { name: "Search your videos" }).fill("");
    for (const title of ["ferry", "island"])
      await page.getByRole("checkbox", { name: `Select “${title}”` }).check({ force: true });
    await page.getByText("2 selected").waitFor();
    await page.getByRole("button", { name: "Visibility" }).click();
    await page.getByRole("menuitem", { name: "Private" }).click();
    await page.getByText("2 videos: Private").waitFor();
    for (const id of ids.slice(1)) assert.equal((await administrator.get(`/videos/${id}`))["visibility"], "private");
    await administrator.ask("PUT", "/users/me/videos", { body: { ids: ids.slice(1), visibility: "public" } });
    for (const title of ["ferry", "island"])
      await page.getByRole("checkbox", { name: `Select “${title}”` }).check({ force: true });
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("row").filter({ hasText: "ferry" }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("row").filter({ hasText: "ferry" }).waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("shows the analytics of a video to its owner alone", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    const fan = new Person(instance.url);
    await fan.signUp();
    // The others are watched in other tests.
    const { media_id } = await administrator.get(`/videos/${ids[0]}`);
    const body = { title: "stayed", media_id, visibility: "public" };
    const id = Number((await administrator.ask("POST", "/videos", { body })).data["id"]);
    await until(async () => (await administrator.get(`/videos/${id}`))["status"] === 1);
    const view = { position: 5, duration: 6, finished: true, ranges: [[0, 5]], source: "search" };
    assert.equal((await fan.ask("POST", `/videos/${id}/play`, { body: view })).status, 200);
    await logIn(page, instance.url, administrator);
    await page.goto(`${instance.url}/studio`);
    const row = page.getByRole("row").filter({ hasText: "stayed" });
    await row.getByRole("button", { name: "More for “stayed”" }).click();
    await page.getByRole("menuitem", { name: "Analytics" }).click();
    await page.waitForURL(`**/studio/video/${id}`);
    await until(async () => {
      await page.reload();
      await page.getByText("Where views come from").waitFor();
      return page.getByText("How long people stay").isVisible();
    });
    await page.getByRole("listitem").filter({ hasText: "Search" }).waitFor();
    // The line is read with the keyboard: what a screen reader says is in words above it.
    const line = page.getByRole("slider", { name: "How long people stay" });
    const attribute = async (name: string) => String(await line.getAttribute(`aria-${name}`));
    await line.focus();
    const end = Number(await attribute("valuemax"));
    assert.equal(Number(await attribute("valuenow")), end);
    const readings = new Set<string>();
    for (const [key, place] of [
      ["Home", 0],
      ["ArrowRight", 1],
      ["ArrowLeft", 0],
      ["ArrowLeft", 0],
      ["End", end],
    ] as const) {
      await line.press(key);
      assert.equal(Number(await attribute("valuenow")), place, key);
      const said = await attribute("valuetext");
      readings.add(said);
      await becomes(
        page,
        `document.querySelector("figure:has(:focus) figcaption").textContent === ${JSON.stringify(said)}`,
      );
    }
    assert.deepEqual([...readings], ["0:00 · 100%", "0:06 · 0%"]);
    assert.deepEqual(complaints, []);
    await context.close();
    const stranger = await visit(browser, desktop);
    await logIn(stranger.page, instance.url, fan);
    await stranger.page.goto(`${instance.url}/studio/video/${id}`);
    await stranger.page.getByText("Only its owner sees the analytics of a video.").waitFor();
    await stranger.context.close();
  });

  it("shows published videos on their owner's page, even after 25 newer drafts", async () => {
    const { media_id } = await administrator.get(`/videos/${ids[0]}`);
    for (let n = 0; n < 25; n++) {
      const body = { title: `draft ${n}`, media_id, draft: true };
      assert.equal((await administrator.ask("POST", "/videos", { body })).status, 200);
    }
    const { page, context, complaints } = await visit(browser, phone);
    await logIn(page, instance.url, administrator);
    await page.goto(`${instance.url}/@keeper`);
    await page
      .getByRole("tabpanel")
      .getByRole("link", { name: /harbour/ })
      .waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

let instance: Instance;
let browser: Browser;
let administrator: Person;
const ids: number[] = [];

async function prepare(): Promise<void> {
  instance = await startOnTemplate({ env: { KINORA_RATE_LIMIT: "off" } });
  administrator = new Person(instance.url, "keeper");
  await administrator.signUp();
  const bytes = await readFile(clip);
  for (const title of titles) {
    const raw = { type: "application/octet-stream", bytes: Buffer.concat([bytes, Buffer.alloc(8 * ids.length)]) };
    const sent = await administrator.ask("POST", `/upload?purpose=media&name=${title}.mp4`, { raw });
    assert.equal(sent.status, 200, sent.message);
    const body = { title, media_id: sent.data["media_id"], visibility: "public" };
    ids.push(Number((await administrator.ask("POST", "/videos", { body })).data["id"]));
  }
  for (const id of ids) await until(async () => (await administrator.get(`/videos/${id}`))["status"] === 1);
  browser = await openBrowser();
}

/** The titles of a playlist as the server has them. */
async function orderOf(list: number): Promise<string[]> {
  const { list: videos } = await administrator.get(`/playlists/${list}/items`);
  return (videos as { title: string }[]).map(({ title }) => title); // The shape of the contract.
}
