import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { Person } from "../../users/person.ts";
import { sharedInstance } from "../../instance/shared.ts";
import { becomes, desktop, logIn, phone, plays, sharedBrowser, visit } from "../../browser/browser.ts";
import type { Instance } from "../../instance/instance.ts";

/** A visit of a viewer, as one walk on a phone and one at a desk. */
describe("a viewer", () => {
  before(
    async () => {
      instance = await sharedInstance("demo");
      browser = await sharedBrowser();
      viewer = new Person(instance.url, "walker");
      await viewer.signUp();
    },
    { timeout: 600_000 },
  );

  it("swipes on a phone, comments, follows, saves, and finds both again", async () => {
    const { page, context, complaints } = await visit(browser, phone);
    await logIn(page, instance.url, viewer);
    await page.goto(instance.url);
    await plays(page);
    await swipe(page);
    const card = page.locator("article:not([aria-hidden=true])");
    // On a busy machine the browser draws a swipe in few frames, and it may go on to the next but one.
    await becomes(page, `Number(document.querySelector("article:not([aria-hidden=true])")?.ariaPosInSet) >= 2`);
    const title = (await card.getByRole("heading").first().textContent())?.trim() ?? "";

    await card.getByRole("button", { name: "Comments", exact: true }).tap();
    const comments = page.getByRole("region", { name: "Comments", exact: true });
    await comments.getByRole("textbox", { name: "Add a comment" }).fill("I would watch this twice");
    await comments.getByRole("button", { name: "Send", exact: true }).tap();
    await comments.getByRole("listitem").filter({ hasText: "I would watch this twice" }).waitFor();
    await comments.getByRole("button", { name: "Close" }).tap();
    await comments.waitFor({ state: "detached" });

    await card.getByRole("button", { name: "Follow", exact: true }).tap();
    await card.getByRole("button", { name: "Save", exact: true }).tap();
    await card.getByRole("button", { name: "Save", exact: true, pressed: true }).waitFor();

    const bar = page.getByRole("navigation");
    await bar.getByRole("link", { name: "Me", exact: true }).tap();
    await page.getByRole("main").getByRole("link", { name: "Saved" }).tap();
    const saved = page.getByRole("main").getByRole("link").filter({ hasText: title }).first();
    await saved.waitFor();

    await bar.getByRole("link", { name: "Home", exact: true }).tap();
    await page.getByRole("tab", { name: "Following" }).tap();
    await page.waitForURL("**/following");
    await becomes(page, `document.querySelector("article:not([aria-hidden=true]) h2") !== null`);
    await plays(page);

    // On its own page the comment is the viewer's, in the sheet that its card opens.
    await page.goto(`${instance.url}/saved`);
    await saved.tap();
    await page.waitForURL("**/watch/*");
    await page.getByRole("button", { name: "Comments", exact: true }).tap();
    await comments.getByText("I would watch this twice").waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("watches at a desk in theatre mode and in the corner, and the next video plays by itself", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    await logIn(page, instance.url, viewer);
    await page.goto(`${instance.url}/explore`);
    await page.getByRole("main").getByRole("article").getByRole("link").first().click();
    await page.waitForURL("**/watch/*");
    await plays(page);
    const watched = new URL(page.url()).pathname;

    // By keyboard, as the controls hide while the mouse rests.
    await page.getByRole("button", { name: "Theatre mode" }).press("Enter");
    await becomes(page, `document.querySelector(".player").offsetWidth > innerWidth - 120`);
    await page.getByRole("button", { name: "Theatre mode" }).press("Enter");
    await becomes(page, `document.querySelector(".player").offsetWidth < innerWidth - 300`);

    await page.getByRole("button", { name: "Mini player" }).press("Enter");
    await page.waitForURL("**/explore");
    const mini = page.getByRole("region", { name: "Mini player" });
    await mini.waitFor();
    await plays(page);
    await mini.getByRole("button", { name: /^Back to/ }).click();
    await page.waitForURL(`**${watched}`);
    await plays(page);

    await page.getByRole("switch", { name: "Autoplay", checked: true }).waitFor();
    const next = page.getByRole("region", { name: "Up next" }).getByRole("link").first();
    const nextPath = (await next.getAttribute("href")) ?? "";
    // In the low player of a phone no bar lies over the way back; the next time nobody cancels.
    await page.setViewportSize(phone.viewport);
    await seekToEnd(page);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Watch again" }).click();
    await plays(page);
    await page.setViewportSize(desktop.viewport);
    await seekToEnd(page);
    await page.getByRole("button", { name: "Cancel" }).waitFor();
    await page.waitForURL(`**${nextPath}`);
    await plays(page);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("shares a video from one sheet: to a user, by a link with a start, by code and as a QR code", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    await logIn(page, instance.url, viewer);
    const [video] = await videos();
    await page.goto(`${instance.url}/watch/${video?.id}`);
    await page.getByRole("button", { name: "Share", exact: true }).click();
    const sheet = page.getByRole("dialog", { name: "Share" });
    assert.equal(await sheet.getByRole("tab").count(), 0);
    await sheet.getByRole("textbox", { name: "Start time" }).fill("0:05");
    await sheet.getByRole("checkbox", { name: "Start at", checked: true }).waitFor();
    const link = sheet.getByRole("region", { name: "Link" });
    await link.getByText("?t=5", { exact: true }).waitFor();
    await sheet.getByRole("region", { name: "Embed" }).getByText(`/embed/${video?.id}?start=5"`).waitFor();
    await sheet.getByRole("img", { name: "QR code" }).waitFor();
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await link.getByRole("button", { name: "Copy link" }).click();
    await page.getByText("Link copied").waitFor();
    assert.equal(
      await page.evaluate("navigator.clipboard.readText()"),
      `${instance.url}/watch/${video?.id}?t=5`,
      "the link begins there",
    );

    await sheet.getByRole("button", { name: "Find" }).click();
    await sheet.getByRole("searchbox", { name: "Search people" }).fill("aurora");
    await sheet.getByRole("button", { name: "Aurora Lindqvist" }).click();
    // It need not say anything.
    await sheet.getByRole("textbox", { name: "Add a message to Aurora Lindqvist" }).waitFor();
    await sheet.getByRole("button", { name: "Send", exact: true }).click();
    await sheet.waitFor({ state: "detached" });
    const { list } = (await viewer.get("/conversations")) as { list: { last_message: Record<string, unknown> }[] };
    const { content, video_id } = list[0]?.last_message ?? {};
    assert.deepEqual([content, video_id], ["", video?.id]);
    await page.goto(`${instance.url}/inbox`);
    await page.getByRole("link", { name: "Aurora Lindqvist" }).click();
    const log = page.getByRole("log");
    await log.getByRole("link", { name: video?.title ?? "" }).waitFor();
    assert.equal(await log.getByText("Removed by a moderator").count(), 0);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("unfolds a long caption in the place of its last line", async () => {
    const { page, context, complaints } = await visit(browser, { ...phone, viewport: { width: 320, height: 700 } });
    await page.route("**/api/v1/recommend/feed*", async (route) => {
      const answer = await route.fetch();
      const body = (await answer.json()) as { data: { list: { description: string }[] } };
      for (const one of body.data.list) one.description = "Come hungry and stay late. ".repeat(9);
      await route.fulfill({ response: answer, json: body });
    });
    await page.goto(`${instance.url}/for-you`);
    const card = page.locator("article:not([aria-hidden=true])");
    const more = card.getByRole("button", { name: "more", exact: true });
    await more.waitFor();
    const [text, button] = [await card.locator(".line-clamp-2").boundingBox(), await more.boundingBox()];
    assert.ok(text && button);
    const [bottom, middle] = [text.y + text.height, button.y + button.height / 2];
    assert.ok(text.height <= 41 && middle < bottom && middle > bottom - 20, "it stands in the second of two lines");
    await more.tap();
    const less = card.getByRole("button", { name: "less", exact: true });
    await becomes(page, `document.activeElement?.textContent === "less"`);
    const opened = await less.boundingBox();
    assert.ok(opened && Math.abs(opened.y + opened.height / 2 - middle) < 4, "the last line stays where it was");
    await less.tap();
    await more.waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("opens the part of a profile that its address names, and counts what is the viewer's under Me", async () => {
    const { page, context, complaints } = await visit(browser, phone);
    await logIn(page, instance.url, viewer);
    await viewer.ask("POST", "/playlists", { body: { title: "Evenings", visibility: "public" } });
    await page.goto(`${instance.url}/@walker?tab=playlists`);
    await page.getByRole("tab", { name: "Playlists", selected: true }).waitFor();
    await page.getByText("Evenings").waitFor();
    await page.getByRole("tab", { name: "Saved" }).tap();
    await page.waitForURL("**/@walker?tab=favorites");
    await page.reload();
    await page.getByRole("tab", { name: "Saved", selected: true }).waitFor();
    await page.getByRole("tab", { name: "Videos" }).tap();
    await page.waitForURL("**/@walker");
    await page.goto(`${instance.url}/@walker?tab=nothing`);
    await page.getByRole("tab", { name: "Videos", selected: true }).waitFor({ timeout: 15_000 });
    await page.goto(`${instance.url}/me`);
    await page.getByRole("link", { name: "Playlists 1", exact: true }).waitFor();
    await page.getByRole("link", { name: /^Drive .* of / }).waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

async function videos(): Promise<{ id: number; title: string }[]> {
  const answer = await fetch(`${instance.url}/api/v1/recommend/feed?limit=10`);
  const { data } = (await answer.json()) as { data: { list: { id: number; title: string }[] } }; // The contract's own shape.
  return data.list;
}

let instance: Instance;
let browser: Browser;
let viewer: Person;

/** A finger moves the feed on by one video. */
async function swipe(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Input.synthesizeScrollGesture", { x: 195, y: 600, yDistance: -420, speed: 2_000 });
  await devtools.detach();
}

const seekToEnd = (page: Page) =>
  page.evaluate(`((player) => { player.currentTime = player.duration - 0.3; })(document.querySelector("video"))`);
