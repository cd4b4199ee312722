import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { isAccessible } from "../../browser/accessibility.ts";
import { becomes, logIn, openBrowser, type phone, shows, visit } from "../../browser/browser.ts";
import { brokenWords, cutOff } from "../../browser/fit.ts";
import { fillInstance } from "./sample-content.ts";
import type { Instance } from "../../instance/instance.ts";
import { fileStops, ownStops, socialStops, type Stop, type Subjects, visitorStops } from "./stops.ts";
import { administrator, startOnTemplate } from "../../instance/template.ts";

/*
 * Every page in every dress, as people would see it: a few pictures for docs/screenshots/ (with SCREENSHOTS=1), no violation
 * for axe, nothing cut off, nothing that jumps, nothing against the page's policy.
 */
const root = join(import.meta.dirname, "../../..");
/** The kept screenshots show each part of the platform once, and every width, language and theme several times. */
const kept: ReadonlySet<string> = new Set(
  process.env["SCREENSHOTS"] === "1"
    ? [
        "explore-desktop-en-dark",
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

interface Looks {
  readonly dresses: readonly Dress[];
  /** Each page is looked at in one of the dresses, in turn, instead of in all. */
  readonly inTurn: boolean;
  /** Further looks while the server is there. */
  readonly more: (seen: Seen) => void;
}

/** Looks at every page in these dresses. */
export function looksAtPages({ dresses, inTurn, more }: Looks): void {
  const stopsOf = (stops: readonly Stop[], dress: Dress): readonly Stop[] =>
    inTurn ? stops.filter((_, place) => place % dresses.length === dresses.indexOf(dress)) : stops;

  describe("the pages", () => {
    before(
      async () => {
        instance = await startOnTemplate({ env: { KINORA_RATE_LIMIT: "off" } }, "demo");
        browser = await openBrowser();
        subjects = await fillInstance(instance);
      },
      { timeout: 600_000 },
    );
    after(async () => {
      await browser?.close();
      await instance?.[Symbol.asyncDispose]();
    });

    for (const dress of dresses) {
      const { device, language, theme } = dress;
      it(`fit, are accessible and do not shift on a ${device.name}, ${language}, ${theme}`, async () => {
        const { page, context, complaints } = await visit(browser, device, {
          locale: locales[language],
          colorScheme: theme,
        });
        await context.addInitScript(`localStorage.setItem("kinora.theme", ${JSON.stringify(theme)})`);
        for (const stop of stopsOf(visitorStops(subjects), dress))
          await look(page, stop, { device: device.name, language, theme });
        await logIn(page, instance.url, administrator);
        for (const stop of stopsOf(ownStops, dress)) await look(page, stop, { device: device.name, language, theme });
        for (const stop of stopsOf(fileStops(subjects), dress))
          await look(page, stop, { device: device.name, language, theme });
        await page.goto(`${instance.url}/drive`);
        await page.evaluate(`localStorage.setItem("kinora.drive", JSON.stringify({ view: "grid", hasDetails: true }))`);
        await look(page, ["drive-grid", "/drive?q=a", shows("[data-id]")], { device: device.name, language, theme });
        await page.evaluate(`localStorage.removeItem("kinora.drive")`);
        await page.goto(`${instance.url}/upload`);
        await page.locator("input[type=file]").first().setInputFiles(join(root, "test/media/basic-720p.mp4"));
        await look(page, ["upload-form", "", shows("form input")], { device: device.name, language, theme });
        const more = ["moov-at-end.mp4", "html-as-video.mp4", "rotated-90.mp4"];
        await page
          .locator("main input[type=file][multiple]")
          .setInputFiles(more.map((name) => join(root, "test/media", name)));
        await look(page, ["upload-queue", "", shows('article[data-status="failed"]')], {
          device: device.name,
          language,
          theme,
        });
        assert.deepEqual(complaints, []);
        await context.close();
      });
    }

    for (const dress of dresses) {
      const { device, language, theme } = dress;
      it(`of discovery and social features fit, are accessible and do not shift on a ${device.name}, ${language}, ${theme}`, async () => {
        const { page, context, complaints } = await visit(browser, device, {
          locale: locales[language],
          colorScheme: theme,
        });
        await context.addInitScript(`localStorage.setItem("kinora.theme", ${JSON.stringify(theme)})`);
        await logIn(page, instance.url, administrator);
        for (const stop of stopsOf(socialStops(subjects), dress))
          await look(page, stop, { device: device.name, language, theme });
        assert.ok(await page.evaluate(apart(".player-resumed", ".embed > a")), "where it goes on covers the title");
        assert.deepEqual(complaints, []);
        await context.close();
      });
    }

    more({ url: () => instance.url, browser: () => browser, subjects: () => subjects });
  });
}

interface Seen {
  readonly url: () => string;
  readonly browser: () => Browser;
  readonly subjects: () => Subjects;
}

let instance: Instance;
let browser: Browser;
let subjects: Subjects;

/** An expression: neither element covers the other, if both are there. */
const apart = (one: string, other: string): string => `(() => {
  const [a, b] = [${JSON.stringify(one)}, ${JSON.stringify(other)}].map((at) => document.querySelector(at)?.getBoundingClientRect());
  return !a || !b || a.bottom <= b.top || b.bottom <= a.top || a.right <= b.left || b.right <= a.left;
})()`;

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

async function look(page: Page, [name, path, isThere]: Stop, dress: Worn): Promise<void> {
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
  await staysInPlace(page, where);
  await isAccessible(page, where);
  const viewport = page.viewportSize();
  if (dress.device !== "phone" || viewport === null) return;
  await page.setViewportSize({ width: narrowestPx, height: viewport.height });
  assert.deepEqual(await page.evaluate(brokenWords), [], `${where} breaks short labels at ${narrowestPx} px`);
  await page.setViewportSize(viewport);
}
const narrowestPx = 320;

/** Nothing of the page has moved since it was opened but by its viewer. */
export async function staysInPlace(page: Page, where: string): Promise<void> {
  const shifts = await page.evaluate<Shift[]>(layoutShifts);
  const sum = shifts.reduce((all, { value }) => all + value, 0);
  assert.ok(sum < shiftMax, `${where} jumps by ${sum}: ${JSON.stringify(shifts)}`);
}

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
