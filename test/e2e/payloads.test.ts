import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { isNightly } from "#test/depth";
import { Person } from "../users/person.ts";
import { becomes, desktop, logIn, openBrowser, openSettings, visit } from "../browser/browser.ts";
import type { Instance } from "../instance/instance.ts";
import { payloads } from "./payloads.ts";
import { startOnTemplate } from "../instance/template.ts";
import { until } from "../until.ts";

/*
 * S6.2: users' text is text. Titles, descriptions, names and profiles are full of markup, code, templates and
 * addresses. None of it may run, fetch or reshape the page.
 */
describe("S6.2: hostile text in a real browser", () => {
  before(prepare);
  after(async () => {
    await browser?.close();
    await instance?.[Symbol.asyncDispose]();
  });

  it("is shown verbatim in the titles on its owner's page and in the edit forms", async () => {
    await using seen = await watched();
    await logIn(seen.page, instance.url, author);
    await seen.page.goto(`${instance.url}/studio`);
    await loadAll(seen.page);
    await shows(seen.page, titles);
    await seen.page.goto(`${instance.url}/studio?edit=${first().id}`);
    await becomes(
      seen.page,
      `[...document.querySelectorAll("input")].some(({ value }) => value === ${js(first().title)})`,
    );
    await becomes(
      seen.page,
      `[...document.querySelectorAll("textarea")].some(({ value }) => value === ${js(first().description)})`,
    );
    await seen.page.goto(`${instance.url}/settings/profile`);
    await becomes(seen.page, `[...document.querySelectorAll("input")].some(({ value }) => value === ${js(nickname)})`);
    await seen.isQuiet();
  });

  it("is shown verbatim on a profile, in name, biography and titles", async () => {
    await using seen = await watched();
    await seen.page.goto(`${instance.url}/@${author.username}`);
    await loadAll(seen.page);
    await shows(seen.page, [...titles, nickname, bio]);
    await becomes(seen.page, `document.title.includes(${js(nickname)})`);
    await seen.isQuiet();
  });

  it("is shown verbatim in the feed", async () => {
    await using seen = await watched();
    await seen.page.goto(`${instance.url}/for-you`);
    for (const { title, description } of videos.slice(0, cards)) {
      const watched = `document.querySelector("article:not([aria-hidden=true]) h2")?.textContent.trim()`;
      await becomes(seen.page, `${watched} === ${js(title)}`);
      await shows(seen.page, [title, description]);
      // The last one that has been loaded is as far as a key leads.
      await becomes(seen.page, `document.querySelector("article:not([aria-hidden=true]) + article") !== null`);
      await seen.page.keyboard.press("ArrowDown");
    }
    await seen.isQuiet();
  });

  it("is shown verbatim on the watch page", async () => {
    await using seen = await watched();
    for (const { id, title, description } of videos.slice(0, cards)) {
      await seen.page.goto(`${instance.url}/watch/${id}`);
      await shows(seen.page, [title, description, nickname]);
      await becomes(seen.page, `document.title.includes(${js(title)})`);
    }
    await seen.isQuiet();
  });

  it("is shown verbatim in a conversation and in notifications", async () => {
    await using seen = await watched();
    await logIn(seen.page, instance.url, author);
    await seen.page.goto(`${instance.url}/inbox`);
    await shows(seen.page, [otherNickname]);
    await seen.page.goto(`${instance.url}/inbox/to/${other.username}`);
    await shows(seen.page, messages);
    await seen.page.goto(`${instance.url}/inbox/notifications`);
    await shows(seen.page, [comment]);
    await becomes(seen.page, `document.body.innerText.includes(${js(otherNickname)})`);
    await seen.isQuiet();
  });

  it("is shown verbatim as the names of files and folders", async () => {
    await using seen = await watched();
    await logIn(seen.page, instance.url, author);
    await seen.page.goto(`${instance.url}/drive`);
    await shows(seen.page, [...entryNames, fileName]);
    await seen.page.goto(`${instance.url}/drive/recent`);
    await shows(seen.page, [fileName]);
    await seen.isQuiet();
  });

  it("is shown verbatim in the settings, as the names of blocked accounts and of devices", async () => {
    await using seen = await watched();
    await logIn(seen.page, instance.url, author);
    await seen.page.goto(`${instance.url}/settings/blocked`);
    await shows(seen.page, [blockedNickname]);
    await seen.page.goto(`${instance.url}/settings/security`);
    await becomes(seen.page, `[...document.querySelectorAll("[title]")].some(({ title }) => title === ${js(agent)})`);
    await seen.isQuiet();
  });

  it("is shown verbatim in a playlist, on its page and where it is played", async () => {
    await using seen = await watched();
    await seen.page.goto(`${instance.url}/playlist/${playlist.id}`);
    await shows(seen.page, [playlistTitle, playlistText, ...withMarkup()]);
    await becomes(seen.page, `document.title.includes(${js(playlistTitle)})`);
    await seen.page.goto(`${instance.url}/watch/${first().id}?list=${playlist.id}`);
    await shows(seen.page, [playlistTitle]);
    await seen.isQuiet();
  });

  it("is shown verbatim in the viewer's history and in a category", async () => {
    await using seen = await watched();
    await logIn(seen.page, instance.url, author);
    for (const path of ["/history", `/category/${category}`]) {
      await seen.page.goto(instance.url + path);
      await shows(seen.page, withMarkup());
    }
    await seen.isQuiet();
  });

  it("is shown verbatim as the name of captions, to their author and in the player", async () => {
    await using seen = await watched();
    await logIn(seen.page, instance.url, author);
    await seen.page.goto(`${instance.url}/studio?edit=${first().id}`);
    await becomes(seen.page, `document.body.innerText.includes(${js(captionsLabel)})`);
    await seen.page.goto(`${instance.url}/watch/${first().id}`);
    await openSettings(seen.page, "Captions");
    await becomes(seen.page, `document.body.innerText.includes(${js(captionsLabel)})`);
    await seen.isQuiet();
  });

  it("is shown verbatim to administrators, in accounts, videos, terms and reports", async () => {
    await using seen = await watched();
    await logIn(seen.page, instance.url, administrator);
    const { page } = seen;
    await page.goto(`${instance.url}/admin/accounts`);
    await shows(page, [foreignName]);
    await page.goto(`${instance.url}/admin/videos`);
    await shows(page, [first().title]);
    await page.goto(`${instance.url}/admin/words`);
    await shows(page, [term]);
    await page.goto(`${instance.url}/moderation`);
    const [start = ""] = first().title.split("\n");
    await becomes(page, `document.querySelector("[data-case]")?.textContent.includes(${js(start)})`);
    await becomes(page, `document.querySelector("[data-case]")?.textContent.includes(${js(reportText)})`);
    for (const path of ["/admin", "/admin/audit", "/admin/deletions", "/admin/storage", "/admin/media"]) {
      await page.goto(instance.url + path);
      await becomes(page, `document.querySelector("main h1") !== null`);
    }
    await seen.isQuiet();
  });

  it("is refused as the address of a cover, an avatar, or the page after log-in", async () => {
    for (const address of payloads) {
      if (/^\/(?!\/)|^https?:/.test(address)) continue;
      const [video, me] = await Promise.all([
        author.ask("PUT", `/videos/${first().id}`, { body: { cover_url: address } }),
        author.ask("PUT", "/users/me", { body: { avatar: address } }),
      ]);
      assert.deepEqual([video.status, me.status], [400, 400], address);
    }
    await using seen = await watched();
    const targets = ["javascript:window.ran=1", "//evil.test/", "https://evil.test/", "/\\evil.test"];
    // `next-path.test.ts` has all of them.
    for (const next of isNightly ? targets : targets.slice(0, 2)) {
      await seen.page.goto(`${instance.url}/login?next=${encodeURIComponent(next)}`);
      await seen.page.getByRole("textbox", { name: "Username" }).fill(author.username);
      await seen.page.getByLabel("Password", { exact: true }).fill(author.password);
      await seen.page.locator("form button[type=submit]").click();
      await seen.page.waitForURL((url) => !url.pathname.includes("login"));
      assert.equal(new URL(seen.page.url()).origin, instance.url);
      await seen.context.clearCookies();
      await seen.page.evaluate("localStorage.clear()");
    }
    await seen.isQuiet();
  });
});

const clip = join(import.meta.dirname, "../media/one-frame.mp4");
/** How many videos are looked at one by one; all their descriptions together hold every text. */
const cards = 12;
/** A title loses the characters that turn the direction of text, and nothing else. */
const titles = payloads.map((text) => text.replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, ""));
const perCard = Math.ceil(payloads.length / cards);
const descriptionMax = 1_000;
const nickname = "<img src=x onerror=window.ran=1>{{7*7}}";
const bio = payloads.slice(0, 12).join("\n").slice(0, 480).trim();

const otherNickname = "<svg onload=window.ran=1>${7*7}";
const blockedNickname = "{{constructor.constructor('window.ran=1')()}}";
const fileName = "<img src=x onerror=window.ran=1>.txt";
const comment = "<script>window.ran=1</script>";
/** The allowed content of a message, and of a name in the drive. */
const messages = Array.from({ length: 4 }, (_, n) =>
  payloads
    .slice(n * 50, n * 50 + 50)
    .join("\n")
    .slice(0, 1_900)
    .trim(),
);
const entryNames = payloads.filter((text) => !/[/\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)).slice(0, 9);
const agent = `"><img src=x onerror=window.ran=1>`;
const foreignName = "<img src=x onerror=window.ran=1>";
const term = "<b onclick=window.ran=1>never said";
const playlistTitle = "<iframe srcdoc='<script>parent.ran=1</script>'>{{7*7}}";
const playlistText = "[read](javascript:window.ran=1) <a href=javascript:window.ran=1>on</a>";
const captionsLabel = "<img src=x onerror=window.ran=1>";
const reportText = "</textarea><script>window.ran=1</script>";

let instance: Instance;
let browser: Browser;
let author: Person;
/** Writes to the author, comments and reports. */
let other: Person;
let administrator: Person;
const playlist = { id: 0 };
let category = 0;
/** The videos, newest first, as pages show them. */
const videos: { id: number; title: string; description: string }[] = [];
/** Those in a playlist, a history and a category, of which a page shows only so many. */
const videosWithMarkup = () => videos.filter(({ title }) => title.includes("<")).slice(0, 8);
const withMarkup = () => videosWithMarkup().map(({ title }) => title);
const first = () => videos[0] ?? { id: 0, title: "", description: "" };

async function prepare(): Promise<void> {
  assert.ok(payloads.length >= 200, `${payloads.length} texts`);
  const env = { KINORA_RATE_LIMIT: "off", KINORA_ADMIN_USERNAME: "keeper", KINORA_ADMIN_PASSWORD: "blue bicycle" };
  instance = await startOnTemplate({ env });
  browser = await openBrowser();
  author = new Person(instance.url);
  await author.signUp();
  const { status } = await author.ask("PUT", "/users/me", { body: { nickname, bio } });
  assert.equal(status, 200);
  const { data: file } = await author.upload(await readFile(clip));
  // A video that waits for its media is published when that is ready, and would then stand before later ones.
  await until(async () => (await author.ask("GET", `/media/${String(file["id"])}`)).data["status"] === "ready");
  const publish = async (title: string, n: number): Promise<void> => {
    const from = (n % cards) * perCard;
    const description = payloads
      .slice(from, from + perCard)
      .join("\n")
      .slice(0, descriptionMax)
      .trim();
    const { status, ...answer } = await author.ask("POST", "/videos", {
      body: { title, description, media_id: file["id"] },
    });
    assert.ok(status < 300, `${title}: ${answer.message}`);
    assert.deepEqual([answer.data["title"], answer.data["description"]], [title, description]);
    videos.unshift({ id: Number(answer.data["id"]), title, description });
  };
  const alone = titles.length - cards;
  for (let n = 0; n < alone; n += atOnce)
    await Promise.all(titles.slice(n, Math.min(n + atOnce, alone)).map((title, of) => publish(title, n + of)));
  for (const [n, title] of titles.entries()) if (n >= alone) await publish(title, n);
  const newest = videos.slice(0, cards).map(({ id }) => id);
  await until(async () => {
    const answer = await fetch(`${instance.url}/api/v1/recommend/feed?limit=${cards}`);
    const { data } = (await answer.json()) as { data: { list: { id: number }[] } }; // The shape of the contract.
    return data.list.map(({ id }) => id).join() === newest.join();
  });
  await involve();
}
const atOnce = 8;

/** Everything that others than the author, and administrators, have to do with them. */
async function involve(): Promise<void> {
  other = new Person(instance.url);
  administrator = new Person(instance.url, "keeper");
  await Promise.all([other.signUp(), administrator.signIn()]);
  const done = async (by: Person, method: string, path: string, body: object): Promise<Record<string, unknown>> => {
    const { status, message, data } = await by.ask(method, path, { body });
    assert.ok(status < 300, `${method} ${path}: ${message}`);
    return data;
  };
  await done(other, "PUT", "/users/me", { nickname: otherNickname });
  const [authorId, otherId] = await Promise.all(
    [author, other].map(async (person) => Number((await person.get("/users/me"))["id"])),
  );
  // The receiver of a first message may answer.
  await done(author, "POST", "/messages", { receiver_id: otherId, content: "hello" });
  for (const content of messages) await done(other, "POST", "/messages", { receiver_id: authorId, content });
  await done(other, "POST", `/videos/${first().id}/comments`, { content: comment });
  await done(other, "POST", "/reports", { kind: "video", id: first().id, reason: "other", text: reportText });
  for (const name of entryNames) await done(author, "POST", "/drive/folders", { name });
  const sent = await author.ask("POST", `/upload?purpose=drive&name=${encodeURIComponent(fileName)}`, {
    raw: { type: "application/octet-stream", bytes: Buffer.from("text") },
  });
  assert.equal(sent.status, 200, sent.message);
  const { status } = await author.ask("POST", "/users/login", {
    body: { username: author.username, password: author.password },
    headers: { "user-agent": agent },
  });
  assert.equal(status, 200);
  const query = new URLSearchParams({ username: foreignName, password: "blue bicycle" });
  const registered = await fetch(`${instance.url}/douyin/user/register/?${query.toString()}`, { method: "POST" });
  assert.equal(((await registered.json()) as { status_code: number }).status_code, 0); // The shape of that API.
  await done(administrator, "POST", "/admin/words", { pattern: term, action: "hold" });
  await until(async () => {
    const { data } = await author.ask("GET", "/notifications");
    return JSON.stringify(data).includes(JSON.stringify(comment).slice(1, -1));
  });
  const made = await done(author, "POST", "/playlists", {
    title: playlistTitle,
    description: playlistText,
    visibility: "public",
  });
  playlist.id = Number(made["id"]);
  const categories = (await author.get("/videos/categories"))["list"] as { id: number }[]; // The shape of the contract.
  category = categories[0]?.id ?? 0;
  for (const { id } of videosWithMarkup()) {
    await done(author, "POST", `/videos/${id}/play`, { position: 0, duration: 1, finished: true });
    await done(author, "POST", `/playlists/${playlist.id}/items`, { video_id: id });
    await done(author, "PUT", `/videos/${id}`, { category_id: category });
  }
  const { media_id } = await author.get(`/videos/${first().id}`);
  const captions = { language: "en", label: captionsLabel, text: `WEBVTT\n\n00:00.000 --> 00:01.000\n${comment}` };
  await done(author, "POST", `/media/${String(media_id)}/captions`, captions);
  const blocked = new Person(instance.url);
  await blocked.signUp();
  const { id } = await done(blocked, "PUT", "/users/me", { nickname: blockedNickname });
  await done(author, "POST", "/users/blacklist", { user_id: id });
}

const js = (text: unknown): string => JSON.stringify(text);

/** A visitor at a page that records everything that should not happen there. */
async function watched() {
  const { page, context, complaints } = await visit(browser, desktop);
  const left = new Set<string>();
  page.on("dialog", (dialog) => {
    complaints.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on("request", (request) => {
    if (/^https?:/.test(request.url()) && !request.url().startsWith(`${instance.url}/`)) left.add(request.url());
  });
  context.on("page", (opened) => complaints.push(`opened ${opened.url()}`));
  await context.addInitScript(`
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      console.error("against the policy: " + violatedDirective + " " + blockedURI))`);
  return {
    page,
    context,
    async isQuiet(): Promise<void> {
      assert.deepEqual(complaints, []);
      assert.deepEqual([...left], []);
      assert.equal(await page.evaluate("window.ran"), undefined);
      assert.deepEqual(await page.evaluate(foreign(await shippedScript)), []);
    },
    async [Symbol.asyncDispose]() {
      await context.close();
    },
  };
}

/** The one script that is in the page itself. */
const shippedScript = readFile(join(import.meta.dirname, "../../web/dist/index.html"), "utf8").then(
  (html) => /<script>([^]*?)<\/script>/.exec(html)?.[1] ?? "",
);
/** Elements and attributes that our pages never have, wherever they came from. */
const foreign = (shipped: string) => `[...document.querySelectorAll("*")].flatMap((element) => [
  ...(["IFRAME", "OBJECT", "EMBED", "BASE", "MARQUEE", "MATH", "TEMPLATE"].includes(element.tagName) ? [element.tagName] : []),
  ...(element.tagName === "SCRIPT" && element.type !== "application/ld+json" && !["", ${js(shipped)}].includes(element.textContent) ? ["SCRIPT " + element.textContent] : []),
  ...[...element.attributes].filter(({ name, value }) => name.startsWith("on") || /^\\s*(java|vb)script:/i.test(value))
    .filter(({ ownerElement, name }) => name !== "aria-label" && ownerElement.tagName !== "INPUT")
    .map(({ name, value }) => name + "=" + value),
])`;

/** Each of the texts is all that some element says. */
async function shows(page: Page, texts: readonly string[]): Promise<void> {
  const script = `(() => {
    const leaves = [...document.querySelectorAll("body *")].filter(({ childElementCount }) => childElementCount === 0);
    const said = new Set(leaves.map(({ textContent }) => textContent.trim()));
    return ${js(texts)}.filter((text) => !said.has(text));
  })()`;
  let missing: string[] = [];
  const areThere = async () => (missing = await page.evaluate<string[]>(script)).length === 0;
  await until(areThere, { said: () => `${page.url()} lacks ${missing.slice(0, 5).join(" and ")}` });
}

async function loadAll(page: Page): Promise<void> {
  const links = `document.querySelectorAll("main a[href^='/watch/']").length`;
  const more = page.getByRole("button", { name: "Show more", exact: true });
  await becomes(page, `${links} > 0`);
  while (await more.isVisible()) {
    const before = await page.evaluate<number>(links);
    await more.click();
    await becomes(page, `${links} > ${before}`);
  }
}
