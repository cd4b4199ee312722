import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { becomes, logIn, openBrowser, type phone, visit } from "./browser.ts";
import { damage, fillDrive, fillSocial } from "./sample-content.ts";
import type { Instance } from "./instance.ts";
import { administrator, startOnTemplate } from "../template.ts";

/*
 * Every page in every dress, as people would see it: a few pictures for docs/screenshots/ (with SCREENSHOTS=1), nothing
 * serious for axe, nothing cut off, nothing that jumps, nothing against the page's policy.
 */
const root = join(import.meta.dirname, "../..");
/** The kept screenshots show each part of the platform once, and every width, language and theme several times. */
const kept: ReadonlySet<string> = new Set(
  process.env["SCREENSHOTS"] === "1"
    ? [
        "feed-desktop-en-dark",
        "feed-phone-en-dark",
        "comments-desktop-zh-dark",
        "profile-desktop-en-light",
        "search-phone-zh-light",
        "category-phone-en-dark",
        "playlist-phone-zh-light",
        "inbox-desktop-zh-dark",
        "conversation-phone-en-dark",
        "drive-grid-desktop-en-light",
        "admin-desktop-en-light",
        "moderation-desktop-zh-dark",
      ]
    : [],
);
const shiftMax = 0.1;

/** One way a page may look: how wide, in which language, in which colours. */
export interface Dress {
  readonly device: typeof phone;
  readonly language: "en" | "zh";
  readonly theme: "dark" | "light";
}
const locales = { en: "en-US", zh: "zh-CN" } as const;

/** Looks at every page in these dresses, and what else is given to be looked at while the server is there. */
export function looksAtPages(dresses: readonly Dress[], more: (seen: Seen) => void = () => undefined): void {
  describe("the pages", () => {
    before(
      async () => {
        instance = await startOnTemplate({ env: { KINORA_RATE_LIMIT: "off" } }, "demo");
        browser = await openBrowser();
        drive = await fillDrive(instance);
        await damage(instance);
        social = await fillSocial(
          instance,
          (await videos()).map(({ id }) => id),
        );
      },
      { timeout: 600_000 },
    );
    after(async () => {
      await browser?.close();
      await instance?.[Symbol.asyncDispose]();
    });

    for (const { device, language, theme } of dresses)
      it(`fit, are accessible and do not shift on a ${device.name}, ${language}, ${theme}`, async () => {
        const { page, context, complaints } = await visit(browser, device, {
          locale: locales[language],
          colorScheme: theme,
        });
        await context.addInitScript(`localStorage.setItem("kinora.theme", ${JSON.stringify(theme)})`);
        const [first] = await videos();
        assert.ok(first);
        const stops: [string, string, string][] = [
          ["feed", "/for-you", `document.querySelector("video")?.readyState >= 2`],
          ["watch", `/watch/${first.id}`, `document.querySelector("video")?.readyState >= 2`],
          ["profile", `/@aurora`, `document.querySelectorAll("main img").length > 0`],
          ["signup", "/signup", shows("form")],
          ["login", "/login", shows("form")],
          ["forgot", "/forgot", shows("main h1")],
          ["explore", "/explore", shows("main article")],
          ["hot", "/hot", shows("article")],
          ["visitor", "/me", shows("main h1")],
          ["missing", "/nowhere", shows("main h1")],
        ];
        for (const stop of stops) await look(page, stop, { device: device.name, language, theme });
        await logIn(page, instance.url, administrator);
        const own: [string, string, string][] = [
          ["my", "/studio", shows("main h1")],
          ["upload", "/upload", shows("main h1")],
          ["settings", "/settings", shows("main h1")],
          ["settings-profile", "/settings/profile", shows("main form")],
          ["settings-account", "/settings/account", shows("main form")],
          ["settings-appearance", "/settings/appearance", shows("main [role=radiogroup]")],
          ["settings-notifications", "/settings/notifications", shows("main [role=switch], main label")],
          ["me", "/me", shows("main dl")],
          ["saved", "/saved", shows("main h1")],
          ["playlists", "/playlists", shows("main h1")],
          ["own-explore", "/explore", shows("main article")],
          ["following", "/following", shows("main h1")],
          ["storage", "/admin/storage", shows("main form")],
          ["reports", "/reports", shows("main h2")],
          ["moderation", "/moderation", shows("main select")],
          ["admin", "/admin", shows("main [role=radiogroup]")],
          ["admin-accounts", "/admin/accounts", shows("main li")],
          ["admin-videos", "/admin/videos", shows("main li")],
          ["admin-words", "/admin/words", shows("main form")],
          ["admin-audit", "/admin/audit", shows("main li")],
          ["admin-deletions", "/admin/deletions", shows("main p, main li")],
          ["media", "/admin/media", shows("main [role=switch], main label")],
        ];
        for (const stop of own) await look(page, stop, { device: device.name, language, theme });
        const files: [string, string, string][] = [
          ["drive", "/drive", shows("[data-id]")],
          ["drive-folder", `/drive/folder/${drive.folderId}`, shows("[data-id]")],
          ["drive-recent", "/drive/recent", shows("[data-id]")],
          ["drive-trash", "/drive/trash", shows("[data-id]")],
          ["drive-preview", `/drive?show=${drive.textId}`, shows("[role=dialog] pre")],
          ["shared", `/s#${drive.token}`, shows("main h1")],
        ];
        for (const stop of files) await look(page, stop, { device: device.name, language, theme });
        await page.goto(`${instance.url}/drive`);
        await page.evaluate(`localStorage.setItem("kinora.drive", JSON.stringify({ view: "grid", hasDetails: true }))`);
        await look(page, ["drive-grid", "/drive?q=a", shows("[data-id]")], { device: device.name, language, theme });
        await page.evaluate(`localStorage.removeItem("kinora.drive")`);
        await page.goto(`${instance.url}/upload`);
        await page.locator("input[type=file]").first().setInputFiles(join(root, "test/media/basic-720p.mp4"));
        await look(page, ["upload-form", "", shows("form input")], { device: device.name, language, theme });
        assert.deepEqual(complaints, []);
        await context.close();
      });

    for (const { device, language, theme } of dresses)
      it(`of discovery and social features fit, are accessible and do not shift on a ${device.name}, ${language}, ${theme}`, async () => {
        const { page, context, complaints } = await visit(browser, device, {
          locale: locales[language],
          colorScheme: theme,
        });
        await context.addInitScript(`localStorage.setItem("kinora.theme", ${JSON.stringify(theme)})`);
        const [first] = await videos();
        assert.ok(first);
        await logIn(page, instance.url, administrator);
        const stops: [string, string, string][] = [
          ["discover", "/search", shows("main h2")],
          ["search", "/search?q=light", shows("main li, main article")],
          ["tag", "/tag/light", shows("main h1")],
          ["category", "/category/16", shows('main a[href^="/watch/"]')],
          ["category-empty", "/category/2", shows("main svg + h1")],
          ["category-missing", "/category/99", shows("main svg + h1")],
          ["comments", `/watch/${first.id}`, commentsInView],
          ["history", "/history", shows("main li")],
          ["playlist", `/playlist/${social.listId}`, shows("main li")],
          ["statistics", `/studio/video/${social.ownId}`, shows("main dl, main h1")],
          ["inbox", "/inbox", shows("main li")],
          ["requests", "/inbox/requests", shows("main li")],
          ["notifications", "/inbox/notifications", shows("main li")],
          ["conversation", `/inbox/${social.conversationId}`, shows("[role=log] li, [role=log] div")],
          ["new-message", "/inbox/to/noor", shows("main textarea, main input")],
          ["reset", "/reset#token", shows("form")],
          ["embed", `/embed/${first.id}`, `document.querySelector("video")?.readyState >= 2`],
        ];
        for (const stop of stops) await look(page, stop, { device: device.name, language, theme });
        assert.ok(await page.evaluate(apart(".player-resumed", ".embed > a")), "where it goes on covers the title");
        assert.deepEqual(complaints, []);
        await context.close();
      });

    more({ url: () => instance.url, browser: () => browser });
  });
}

interface Seen {
  readonly url: () => string;
  readonly browser: () => Browser;
}

let instance: Instance;
let browser: Browser;
let drive: Awaited<ReturnType<typeof fillDrive>>;
let social: Awaited<ReturnType<typeof fillSocial>>;

const axe = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const shows = (selector: string): string => `document.querySelector(${JSON.stringify(selector)}) !== null`;

/** That neither covers the other, where both are there. */
const apart = (one: string, other: string): string => `(() => {
  const [a, b] = [${JSON.stringify(one)}, ${JSON.stringify(other)}].map((at) => document.querySelector(at)?.getBoundingClientRect());
  return !a || !b || a.bottom <= b.top || b.bottom <= a.top || a.right <= b.left || b.right <= a.left;
})()`;

/** Whether a comment is in view. */
const commentsInView = `document.querySelector("section[aria-label] ul li") !== null &&
  (document.querySelector("#comments-title").scrollIntoView({ block: "center" }), true)`;

interface Worn {
  readonly device: string;
  readonly language: string;
  readonly theme: string;
}
/** How a picture is taken, and where it is kept. */
export function picture(page: string, { device, language, theme }: Worn) {
  const name = `${page}-${device}-${language}-${theme}`;
  return {
    type: "jpeg" as const,
    quality: 72,
    ...(kept.has(name) && { path: join(root, "docs/screenshots", `${name}.jpg`) }),
  };
}

async function look(page: Page, [name, path, isThere]: [string, string, string], dress: Worn): Promise<void> {
  if (path !== "") await page.goto(instance.url + path);
  await becomes(page, isThere);
  await becomes(page, `document.fonts.status === "loaded" && !document.querySelector("[aria-busy=true]")`);
  const where = `${name} ${Object.values(dress).join(" ")}`;
  const shot = picture(name, dress);
  if (shot.path !== undefined) await page.screenshot(shot);
  assert.equal(await page.evaluate(`document.documentElement.lang.slice(0, 2)`), dress.language, where);
  assert.equal(await page.evaluate(`document.documentElement.dataset.theme`), dress.theme, where);
  assert.ok(
    await page.evaluate(`document.documentElement.scrollWidth <= innerWidth`),
    `${where} is wider than the screen`,
  );
  assert.deepEqual(await page.evaluate(cutOff), [], `${where} has text that is cut off`);
  const shifts = await page.evaluate<Shift[]>(layoutShifts);
  const sum = shifts.reduce((all, { value }) => all + value, 0);
  assert.ok(sum < shiftMax, `${where} jumps by ${sum}: ${JSON.stringify(shifts)}`);
  await page.evaluate(await axe);
  const serious = await page.evaluate<string[]>(
    `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => id + ": " + nodes.map((node) => node.target.join(" ")).join(", ")))`,
  );
  assert.deepEqual(serious, [], where);
}

/** Words that do not fit where they stand, save where a line is meant to end in dots. */
const cutOff = `[...document.querySelectorAll("a, button, label, h1, h2, h3, p, span, td, th, legend")]
  .filter((element) => {
    const style = getComputedStyle(element);
    const isMeant = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none" || style.position === "absolute";
    const isSeen = element.clientWidth > 2 && style.visibility !== "hidden" && style.overflow !== "visible";
    return isSeen && !isMeant && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 2);
  })
  .map((element) => element.tagName + ": " + element.textContent.slice(0, 60))`;

interface Shift {
  readonly value: number;
  /** The elements that moved, from where to where: top and height, in pixels. */
  readonly moved: readonly string[];
}
const layoutShifts = `new Promise((resolve) => {
  const all = [];
  const shiftOf = ({ node, previousRect: from, currentRect: to }) =>
    [node?.nodeName, node?.textContent?.slice(0, 20), from.y, from.height, "→", to.y, to.height].join(" ");
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, value, sources } of list.getEntries())
      if (!hadRecentInput) all.push({ value, moved: sources.map(shiftOf) });
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(all), 50);
})`;

async function videos(): Promise<{ id: number }[]> {
  const answer = await fetch(`${instance.url}/api/v1/recommend/feed?limit=50`);
  const { data } = (await answer.json()) as { data: { list: { id: number }[] } }; // The contract's own shape.
  return data.list;
}
