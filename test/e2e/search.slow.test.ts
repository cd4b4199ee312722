import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { inTurn, isNightly, itAtNight } from "#test/depth";
import { hotScoreOf } from "#policy/hot-score";
import { rows } from "../instance/tables.ts";
import { sharedInstance } from "../instance/shared.ts";
import { administrator } from "../instance/template.ts";
import { until } from "../until.ts";
import { isAccessible } from "../browser/accessibility.ts";
import { becomes, desktop, type Device, logIn, phone, sharedBrowser, visit } from "../browser/browser.ts";
import type { Instance } from "../instance/instance.ts";

/* Ways of users to find things: typing, choosing, following hashtags. Screenshots are kept in SCREENSHOTS_IN. */
const root = join(import.meta.dirname, "../..");
const visitors = [
  { device: phone, locale: "en-US" },
  { device: desktop, locale: "zh-CN" },
];
const otherVisitors = [
  { device: desktop, locale: "en-US" },
  { device: phone, locale: "zh-CN" },
];
/** The long run has all of them. */
const allVisitors = isNightly ? [...visitors, ...otherVisitors] : visitors;
const travel = { id: 8, en: "Travel", zh: "旅行" };

/** Two of the demo videos, both with a window in their texts. */
const windowClips = { upright: "窗台上的猫 · A cat, a window, October", wide: "Last train before the pass closes" };
const filterTexts = {
  en: {
    both: "Results for both are shown.",
    two: "2 results",
    anyShape: "Shape: Wide and upright",
    upright: "Upright",
    isUpright: "Shape: Upright",
    wide: "Wide",
    clearWide: "Remove filter: Wide",
    anyLength: "Length: Any length",
    long: "Over 20 minutes",
    clearAll: "Remove filters",
  },
  zh: {
    both: "两种写法的结果都已列出。",
    two: "2 个结果",
    anyShape: "画面：横屏和竖屏",
    upright: "竖屏",
    isUpright: "画面：竖屏",
    wide: "横屏",
    clearWide: "取消筛选：横屏",
    anyLength: "时长：不限时长",
    long: "20 分钟以上",
    clearAll: "清除筛选",
  },
};

const fileTexts = {
  en: {
    tab: "Files",
    two: "2 results",
    one: "1 result",
    root: "My files",
    nothing: "No results for “xylophonist”",
    logIn: "Log in",
  },
  zh: {
    tab: "文件",
    two: "2 个结果",
    one: "1 个结果",
    root: "我的文件",
    nothing: "没有找到“xylophonist”",
    logIn: "登录",
  },
};
const stranger = { username: "stranger", password: "correct horse battery" };

describe("search in a real browser", () => {
  before(
    async () => {
      instance = await sharedInstance("demo");
      browser = await sharedBrowser();
      token = String((await api("POST", "/users/login", administrator))["token"]);
      await publish();
      await storeFiles();
      await api("POST", "/users/register", stranger);
    },
    { timeout: 600_000 },
  );

  for (const { device, locale } of inTurn(allVisitors, 1))
    it(`offers suggestions, results, hashtags, categories and history on a ${device.name} in ${locale}`, async () => {
      const { page, context, complaints } = await visit(browser, device, { locale });
      const name = `${device.name}-${locale.slice(0, 2)}`;
      await logIn(page, instance.url, administrator);
      await page.goto(`${instance.url}/search`);
      await becomes(page, shows("main h2, main h1"));
      await keep(page, `search-start-${name}`);
      const field = page.getByRole("combobox").filter({ visible: true });
      await field.fill("har");
      await becomes(
        page,
        `[...document.querySelectorAll("[role=option]")].some((one) => one.textContent.includes("Harbour"))`,
      );
      await page.keyboard.press("ArrowDown");
      assert.equal(await field.getAttribute("aria-expanded"), "true");
      const active = await field.getAttribute("aria-activedescendant");
      assert.equal(await page.locator(`[id="${active}"]`).getAttribute("aria-selected"), "true");
      await keep(page, `search-suggests-${name}`);
      await page.keyboard.press("Escape");
      assert.equal(await field.getAttribute("aria-expanded"), "false");
      await field.fill("日落");
      await page.keyboard.press("Enter");
      await page.waitForURL((at) => at.pathname === "/search" && at.searchParams.get("q") === "日落");
      await becomes(page, `document.querySelector("main mark")?.textContent === "日落"`);
      await keep(page, `search-all-${name}`);
      await page.goto(`${instance.url}/search?q=xylophonist`);
      await becomes(page, shows("main svg + h2"));
      await keep(page, `search-nothing-${name}`);
      await page.goto(`${instance.url}/search?q=aur&tab=people`);
      await becomes(page, shows('main a[href="/@aurora"]'));
      await page.goto(`${instance.url}/tag/harbour`);
      await becomes(page, shows('main a[href^="/watch/"]'));
      await keep(page, `tag-${name}`);
      await page.goto(`${instance.url}/watch/${filmId}`);
      await page.locator('main a[href="/tag/Harbour"]').first().click();
      await page.waitForURL((at) => at.pathname === "/tag/Harbour");
      await page.goto(`${instance.url}/watch/${filmId}`);
      await page.locator(`main a[href="/category/${travel.id}"]`).focus();
      await page.keyboard.press("Enter");
      await page.waitForURL((at) => at.pathname === `/category/${travel.id}`);
      await becomes(page, shows(`main a[href="/watch/${filmId}"]`));
      // Behind the number of what is unread.
      assert.ok((await page.title()).endsWith(`${locale === "en-US" ? travel.en : travel.zh} · Kinora`));
      await keep(page, `category-${name}`);
      await page.goto(`${instance.url}/search`);
      await becomes(page, `document.querySelector('main ol a[href^="/tag/"] img')?.naturalWidth > 0`);
      await page.locator('main nav a[href="/category/2"]').focus();
      await page.keyboard.press("Enter");
      await page.waitForURL((at) => at.pathname === "/category/2");
      await becomes(page, shows("main svg + h1"));
      await page.goto(`${instance.url}/explore?category=${travel.id}&sort=latest`);
      await page.waitForURL((at) => at.pathname === `/category/${travel.id}` && at.search === "?sort=latest");
      await page.goto(`${instance.url}/search`);
      const past = page.locator('main a[href*="q=%E6%97%A5%E8%90%BD"]');
      await past.first().waitFor();
      await keep(page, `search-history-${name}`);
      await page.locator('main ul button[aria-label*="日落"]').click();
      await becomes(page, `!document.querySelector('main ul button[aria-label*="日落"]')`);
      assert.deepEqual(complaints, []);
      await context.close();
    });

  for (const { device, locale } of isNightly ? allVisitors : []) {
    const name = `${device.name}-${locale.slice(0, 2)}`;
    const texts = filterTexts[locale === "en-US" ? "en" : "zh"];

    it(`corrects a typing error on a ${device.name} in ${locale}`, async () => {
      const { page, context, complaints } = await visit(browser, device, { locale });
      for (const tab of ["", "&tab=videos"]) {
        await page.goto(`${instance.url}/search?q=harbur${tab}`);
        const link = page.locator("main").getByRole("link", { name: "harbour", exact: true });
        await link.waitFor();
        await becomes(page, `document.querySelector("main h3 mark")?.textContent === "Harbour"`);
        await keep(page, `search-correction${tab === "" ? "" : "-videos"}-${name}`);
        await link.click();
        await page.waitForURL((at) => at.pathname === "/search" && at.search === `?q=harbour${tab}`);
        await becomes(page, shows(`main a[href="/watch/${filmId}"]`));
        await becomes(page, `document.querySelector("main h3 mark")?.textContent === "Harbour"`);
        assert.equal(await page.getByText(texts.both).count(), 0);
      }
      assert.deepEqual(complaints, []);
      await context.close();
    });
  }

  for (const { device, locale } of inTurn(allVisitors, 1)) {
    const name = `${device.name}-${locale.slice(0, 2)}`;

    it(`leads to the moment a word is said on a ${device.name} in ${locale}`, async () => {
      const { page, context, complaints } = await visit(browser, device, { locale });
      for (const [q, said] of [
        ["lighthouse", "lighthouse"],
        ["灯塔", "灯塔"],
      ]) {
        await page.goto(`${instance.url}/search?q=${q}&tab=videos`);
        const moment = page.locator(`main a[href="/watch/${filmId}?t=1"]`);
        await moment.waitFor();
        await becomes(
          page,
          `document.querySelector('main a[href$="?t=1"] mark')?.textContent === ${JSON.stringify(said)}`,
        );
        await keep(page, `search-moment-${q}-${name}`);
        await moment.click();
        await page.waitForURL((at) => at.pathname === `/watch/${filmId}` && at.search === "?t=1");
        await becomes(page, `(document.querySelector("video")?.currentTime ?? 0) >= 1`);
      }
      await page.goto(`${instance.url}/search?q=window&tab=videos&captions=any`);
      await becomes(page, shows("main svg + h2"));
      await page.goto(`${instance.url}/search?q=harbour&tab=videos&captions=zh`);
      await becomes(page, shows(`main a[href="/watch/${filmId}"]`));
      await keep(page, `search-captions-${name}`);
      assert.deepEqual(complaints, []);
      await context.close();
    });
  }

  for (const { device, locale } of isNightly ? allVisitors : []) {
    const name = `${device.name}-${locale.slice(0, 2)}`;
    const texts = filterTexts[locale === "en-US" ? "en" : "zh"];

    it(`filters videos by shape and length on a ${device.name} in ${locale}`, async () => {
      const { page, context, complaints } = await visit(browser, device, { locale });
      const button = (text: string) => page.getByRole("button", { name: text, exact: true });
      const choose = async (filter: string, choice: string) => {
        await button(filter).focus();
        await page.keyboard.press("Enter");
        await page.getByRole("menuitemradio", { name: choice, exact: true }).focus();
        await page.keyboard.press("Enter");
      };
      const titlesAre = (...titles: string[]) =>
        becomes(
          page,
          `JSON.stringify([...document.querySelectorAll("main h3")].map((one) => one.textContent).toSorted()) === ${JSON.stringify(JSON.stringify(titles.toSorted()))}`,
        );
      const addressIs = (query: string) => page.waitForURL((at) => at.search === `?q=window&tab=videos${query}`);
      await page.goto(`${instance.url}/search?q=window&tab=videos`);
      await titlesAre(windowClips.upright, windowClips.wide);
      await page.getByRole("status").getByText(texts.two).waitFor();
      await isOneLine(page, device);
      await choose(texts.anyShape, texts.upright);
      await addressIs("&shape=upright");
      await titlesAre(windowClips.upright);
      await becomes(page, `document.activeElement?.getAttribute("aria-label") === ${JSON.stringify(texts.isUpright)}`);
      await keep(page, `search-filter-${name}`);
      await choose(texts.anyLength, texts.long);
      await addressIs("&shape=upright&length=long");
      await becomes(page, shows("main svg + h2"));
      await keep(page, `search-filtered-out-${name}`);
      await page.locator("main").getByRole("link", { name: texts.clearAll }).click();
      await addressIs("");
      await titlesAre(windowClips.upright, windowClips.wide);
      await choose(texts.anyShape, texts.wide);
      await addressIs("&shape=wide");
      await titlesAre(windowClips.wide);
      await button(texts.clearWide).press("Enter");
      await addressIs("");
      await becomes(page, `document.activeElement?.getAttribute("aria-label") === ${JSON.stringify(texts.anyShape)}`);
      await titlesAre(windowClips.upright, windowClips.wide);
      assert.deepEqual(complaints, []);
      await context.close();
    });
  }

  for (const { device, locale } of inTurn(visitors, 1)) {
    const name = `${device.name}-${locale.slice(0, 2)}`;
    const texts = fileTexts[locale === "en-US" ? "en" : "zh"];

    it(`finds one's own files, and nobody else's, on a ${device.name} in ${locale}`, async () => {
      const { page, context, complaints } = await visit(browser, device, { locale });
      const main = page.locator("main");
      const tab = main.getByRole("link", { name: texts.tab, exact: true });
      await page.goto(`${instance.url}/search?q=harbour`);
      await becomes(page, shows(`main a[href="/watch/${filmId}"]`));
      assert.equal(await tab.count(), 0);
      await page.goto(`${instance.url}/search?q=harbour&tab=files`);
      await main.getByRole("link", { name: texts.logIn, exact: true }).waitFor();

      await logIn(page, instance.url, administrator);
      await page.goto(`${instance.url}/search?q=harbour`);
      await tab.focus();
      await page.keyboard.press("Enter");
      await page.waitForURL((at) => at.search === "?q=harbour&tab=files");
      const found = main.locator(`a[href^="/drive/folder/"]`);
      await found.nth(1).waitFor();
      await page.getByRole("status").getByText(texts.two).waitFor();
      assert.deepEqual(await main.locator("li mark").allTextContents(), ["Harbour", "harbour"]);
      await main.getByText(`${texts.root} / Harbour plans / 2026`).waitFor();
      await keep(page, `search-files-${name}`);

      const before = await history();
      const field = page.getByRole("combobox").filter({ visible: true });
      await field.fill("边照");
      await page.keyboard.press("Enter");
      await page.waitForURL((at) => at.searchParams.get("q") === "边照" && at.searchParams.get("tab") === "files");
      await page.getByRole("status").getByText(texts.one).waitFor();
      await becomes(page, `document.querySelector("main li mark")?.textContent === "边照"`);
      assert.deepEqual(await history(), before);
      await page.goto(`${instance.url}/search?q=xylophonist&tab=files`);
      await main.getByRole("heading", { name: texts.nothing }).waitFor();
      await keep(page, `search-files-nothing-${name}`);

      await page.goto(`${instance.url}/search?q=harbour+map&tab=files`);
      await found.focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(
        (at) => at.pathname === `/drive/folder/${files.inside}` && at.search === `?show=${files.map}`,
      );
      await page.getByRole("dialog").getByText("the way to the harbour").waitFor();
      await keep(page, `search-files-opened-${name}`);

      await logIn(page, instance.url, stranger);
      await page.goto(`${instance.url}/search?q=harbour&tab=files`);
      await becomes(page, shows("main svg + h2"));
      assert.equal(await found.count(), 0);
      assert.deepEqual(complaints, []);
      await context.close();
    });
  }

  itAtNight("lets administrators hide and restore a trending word, and users switch off their history", async () => {
    const { page, context, complaints } = await visit(browser, desktop, { isUnhurried: true });
    await logIn(page, instance.url, administrator);
    const isHot = async () => JSON.stringify(await api("GET", "/search/hot")).includes("dusk");
    // Searches of new accounts do not trend.
    await rows(
      instance.data,
      "search",
      "INSERT INTO hot_searches (key, keyword, hot_score, searchers) VALUES ('dusk', 'dusk', $1, 5)",
      [hotScoreOf(9, Date.now())],
    );
    await until(isHot);
    await page.goto(`${instance.url}/search`);
    await page.getByRole("button", { name: "Hide “dusk” from this list and the suggestions" }).click();
    await until(async () => !(await isHot()));
    await becomes(page, `document.activeElement?.textContent === "Undo"`);
    await page.keyboard.press("Enter");
    await until(isHot);
    await page.goto(`${instance.url}/admin/words`);
    await page.getByText("No hidden terms.").waitFor();
    await page.getByRole("textbox", { name: "Search term" }).fill("dusk");
    await page.getByRole("button", { name: "Hide", exact: true }).click();
    await page.getByRole("list", { name: "Hidden terms" }).getByText("dusk").waitFor();
    assert.equal(await isHot(), false);
    await page.getByRole("button", { name: "Show “dusk” again" }).click();
    await page.getByText("No hidden terms.").waitFor();
    assert.equal(await isHot(), true);
    await page.goto(`${instance.url}/settings/privacy`);
    await page.getByText("Keep my search history").click();
    await until(async () => (await api("GET", "/search/history/settings"))["is_kept"] === false);
    await page.reload();
    await page.getByRole("switch", { name: /^Keep my search history/, checked: false }).waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

let instance: Instance;
let browser: Browser;
let token = "";
let filmId = 0;

const shows = (selector: string) => `document.querySelector(${JSON.stringify(selector)}) !== null`;

async function api(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`${instance.url}/api/v1${path}`, {
    method,
    headers: { "content-type": "application/json", ...(token !== "" && { authorization: `Bearer ${token}` }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const { data } = (await answer.json()) as { data: Record<string, unknown> | null };
  return data ?? {};
}

/** A video of the administrator, with hashtags in two scripts. */
const english =
  "WEBVTT\n\n00:01.000 --> 00:01.900\nThe lighthouse keeper waves\n\n00:02.000 --> 00:03.000\nIts light goes out\n";
const chinese = "WEBVTT\n\n00:01.000 --> 00:01.900\n守灯塔的人在挥手\n";

async function publish(): Promise<void> {
  const clip = await readFile(join(root, "test/media/quiet-audio.mp4"));
  const form = new FormData();
  form.set("file", new Blob([clip], { type: "video/mp4" }), "clip.mp4");
  form.set("title", "#Harbour at dusk 海上日落");
  form.set("description", "Filmed with @aurora on the #海边. <b>plain</b>");
  form.set("category_id", String(travel.id));
  const answer = await fetch(`${instance.url}/api/v1/videos`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: form,
  });
  filmId = ((await answer.json()) as { data: { id: number } }).data.id;
  const { media_id: mediaId } = await api("GET", `/videos/${filmId}`);
  await api("POST", `/media/${String(mediaId)}/captions`, { language: "en", text: english });
  await api("POST", `/media/${String(mediaId)}/captions`, { language: "zh-Hans", text: chinese });
  await until(async () => Number((await api("GET", "/search/videos?q=lighthouse"))["total"]) > 0);
  const isFound = async () => {
    const { list, total } = (await api("GET", "/search/videos?q=日落")) as { list: { id: number }[]; total: number };
    return total > 0 && list[0]?.id === filmId;
  };
  await until(isFound);
}

/** In the drive of the administrator. */
const files = { inside: 0, map: 0 };
async function storeFiles(): Promise<void> {
  files.inside = Number((await api("POST", "/drive/paths", { path: "Harbour plans/2026" }))["id"]);
  const store = async (name: string, text: string, folder: string) => {
    const answer = await fetch(
      `${instance.url}/api/v1/upload?purpose=drive${folder}&name=${encodeURIComponent(name)}`,
      {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/octet-stream" },
        body: text,
      },
    );
    return ((await answer.json()) as { data: { entry_id: number } }).data.entry_id;
  };
  files.map = await store("map of the harbour.txt", "the way to the harbour", `&folder_id=${files.inside}`);
  await store("海边照片.txt", "waves", "");
  // Folders come first: the file is beyond the first page of the list it is in.
  for (let n = 0; n < 100; n++) await api("POST", "/drive/folders", { name: `day ${n}`, folder_id: files.inside });
  await until(async () => Number((await api("GET", "/search/files?q=harbour"))["total"]) === 2);
}

const history = async () => (await api("GET", "/search/history"))["list"];

/** The filters are beside each other, and as high as a finger needs on a touch screen. */
async function isOneLine(page: Page, device: Device): Promise<void> {
  const boxes = await page.evaluate<{ top: number; height: number }[]>(
    `[...document.querySelectorAll("main [role=group] button")].map((one) => {
      const { top, height } = one.getBoundingClientRect();
      return { top, height };
    })`,
  );
  assert.equal(boxes.length, 5);
  assert.equal(new Set(boxes.map(({ top }) => Math.round(top))).size, 1);
  for (const { height } of boxes) assert.ok(height >= (device.hasTouch ? 44 : 32), `${height} px`);
}

/** Looks at the page: nothing for axe, nothing cut off at its side. */
async function keep(page: Page, name: string): Promise<void> {
  await page.waitForLoadState("networkidle");
  const wide = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
  assert.ok(wide <= 0, `${name} is ${wide} px too wide`);
  await isAccessible(page, name);
  const folder = process.env["SCREENSHOTS_IN"];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
