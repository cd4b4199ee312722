import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, CDPSession, Page } from "playwright-core";
import { Person } from "../users/person.ts";
import { startOnTemplate } from "../instance/template.ts";
import { until } from "../until.ts";
import { becomes, desktop, logIn, openBrowser, plays, visit } from "../browser/browser.ts";
import type { Instance } from "../instance/instance.ts";

/** Walks with a keyboard and a screen reader alone: each stop of the Tab key is in view and has a name. */
describe("a keyboard alone", () => {
  before(
    async () => {
      instance = await startOnTemplate({ env: { KINORA_RATE_LIMIT: "off" } }, "demo");
      browser = await openBrowser();
    },
    { timeout: 600_000 },
  );
  after(async () => {
    await browser?.close();
    await instance?.[Symbol.asyncDispose]();
  });

  it("signs up, uploads, publishes and comments", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    const keyboard = await Keyboard.of(page);
    await page.goto(`${instance.url}/signup`);
    await page.getByRole("heading", { name: /^Join/ }).waitFor();
    await keyboard.tabTo("textbox", "Username");
    await page.keyboard.type(`k${randomUUID().slice(0, 8)}`);
    await keyboard.tabTo("textbox", "Password");
    await page.keyboard.type("blue bicycle");
    await keyboard.tabTo("button", "Create account");
    await page.keyboard.press("Enter");
    await page.waitForURL((at) => at.pathname !== "/signup");
    await page.getByRole("link", { name: "Upload", exact: true }).waitFor();

    await keyboard.tabTo("link", "Upload");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/upload");
    await page.getByRole("main").getByText("Choose video").first().waitFor();
    // Asked for before the keys: the browser learns of it on another way than theirs.
    const chooser = page.waitForEvent("filechooser");
    await keyboard.tabTo("button", "Choose video");
    await page.keyboard.press("Enter");
    const sending = Promise.withResolvers<void>();
    await page.route(/\/api\/v1\/tus/, async (route) => {
      await sending.promise;
      await route.continue();
    });
    await (await chooser).setFiles(join(import.meta.dirname, "../media", film));
    // The pressed control is removed, and so is a pause once all is sent.
    await keyboard.returnsTo("article", film);
    await keyboard.tabTo("button", /^Pause/);
    sending.resolve();
    await page.getByText("Uploaded").waitFor();
    await keyboard.returnsTo("button", `Remove “${film}”`);
    await page.unrouteAll({ behavior: "wait" });
    await keyboard.tabTo("textbox", "Title");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("Typed by keyboard");
    await keyboard.tabTo("button", "Publish");
    await page.keyboard.press("Enter");

    await page.getByRole("link", { name: /^Watch it/ }).waitFor();
    await keyboard.tabTo("link", /^Watch it/);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/watch/*");
    await page.getByRole("textbox", { name: "Add a comment" }).waitFor();
    await keyboard.tabTo("textbox", "Add a comment");
    await page.keyboard.type("Said without a mouse");
    await keyboard.tabTo("button", "Send");
    await page.keyboard.press("Enter");
    await page.getByRole("listitem").filter({ hasText: "Said without a mouse" }).waitFor();
    assert.deepEqual(await keyboard.focused(), { role: "textbox", name: "Add a comment" });
    assert.deepEqual(complaints, []);
    await context.close();
  });

  it("moves through the feed, likes, saves, follows, comments, and keeps its place when sheets close", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    const viewer = new Person(instance.url);
    await viewer.signUp();
    await logIn(page, instance.url, viewer);
    const keyboard = await Keyboard.of(page);
    await page.goto(`${instance.url}/for-you`);
    await plays(page);
    const place = (n: number) =>
      becomes(page, `document.querySelector("article:not([aria-hidden=true])")?.ariaPosInSet === "${n}"`);
    for (const [key, n] of [
      ["j", 2],
      ["ArrowDown", 3],
      ["k", 2],
      ["ArrowUp", 1],
    ] as const) {
      await page.keyboard.press(key);
      await place(n);
    }
    const card = page.locator("article:not([aria-hidden=true])");
    await keyboard.tabTo("button", "Comments");
    await page.keyboard.press("l");
    await card.getByRole("button", { name: "Like", exact: true, pressed: true }).waitFor();
    await page.keyboard.press("s");
    await card.getByRole("button", { name: "Save", exact: true, pressed: true }).waitFor();
    await page.keyboard.press("f");
    await until(async () => ((await viewer.get(`/users/me`)) as { follow_count: number }).follow_count === 1);
    await page.keyboard.press("m");
    await becomes(page, `[...document.querySelectorAll("video")].some(({ muted, paused }) => !muted && !paused)`);

    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await keyboard.focused();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor({ state: "detached" });
    await keyboard.returnsTo("button", "Comments");

    await page.keyboard.press("c");
    const comments = page.getByRole("region", { name: "Comments", exact: true });
    await comments.getByRole("textbox", { name: "Add a comment" }).waitFor();
    await keyboard.tabTo("textbox", "Add a comment");
    await page.keyboard.type("From the keys");
    await keyboard.tabTo("button", "Send");
    await page.keyboard.press("Enter");
    await comments.getByRole("listitem").filter({ hasText: "From the keys" }).waitFor();
    await keyboard.tabTo("button", "Close", "Shift+Tab");
    await page.keyboard.press("Enter");
    await comments.waitFor({ state: "detached" });
    await keyboard.returnsTo("button", "Comments");
    await page.keyboard.press("j");
    await place(2);
    await keyboard.returnsTo("button", "Comments");
    assert.deepEqual(complaints, []);
    await context.close();
  });
});

let instance: Instance;
let browser: Browser;
const film = "moov-at-end.mp4";

interface Stop {
  readonly role: string;
  readonly name: string;
}
const stopsMax = 120;

/** The Tab key, and what a screen reader says of where it is. */
class Keyboard {
  readonly #page: Page;
  readonly #devtools: CDPSession;

  private constructor(page: Page, devtools: CDPSession) {
    this.#page = page;
    this.#devtools = devtools;
  }

  static async of(page: Page): Promise<Keyboard> {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Accessibility.enable");
    return new Keyboard(page, devtools);
  }

  /** The focused element by role and name; fails where it is none, out of view or nameless. */
  async focused(): Promise<Stop> {
    for (let attempt = 0; attempt < 10; attempt++) {
      const { result } = await this.#devtools.send("Runtime.evaluate", { expression: "document.activeElement" });
      const objectId = result.objectId ?? "";
      const { nodes } = await this.#devtools.send("Accessibility.getPartialAXTree", {
        objectId,
        fetchRelatives: false,
      });
      const is = await this.#devtools.send("Runtime.callFunctionOn", {
        objectId,
        functionDeclaration: placeOf,
        returnByValue: true,
      });
      const { isFocused, isInView, html } = is.result.value as { isFocused: boolean; isInView: boolean; html: string };
      // A page may move the focus between two questions, such as from a button that is gone.
      if (!isFocused) continue;
      const stop = { role: String(nodes[0]?.role?.value ?? ""), name: String(nodes[0]?.name?.value ?? "") };
      assert.doesNotMatch(html, /^<body/, "the focus is lost");
      assert.notEqual(stop.name, "", `without a name: ${html}`);
      assert.ok(isInView, `out of view: ${html}`);
      return stop;
    }
    return assert.fail("the focus does not rest");
  }

  /** Settles when the focus is back here, which sheets give back in the frame after they are gone. */
  async returnsTo(role: string, name: string): Promise<void> {
    await becomes(this.#page, "document.activeElement !== document.body");
    assert.deepEqual(await this.focused(), { role, name });
  }

  /** Presses a key until it is at this element; each on the way is in view and has a name. */
  async tabTo(role: string, name: string | RegExp, key = "Tab"): Promise<void> {
    const passed: string[] = [];
    for (let n = 0; n < stopsMax; n++) {
      await this.#page.keyboard.press(key);
      // After its last stop the page is left, and entered again at its first.
      if (passed.length > 0 && (await this.#page.evaluate(`document.activeElement === document.body`))) continue;
      const stop = await this.focused();
      if (stop.role === role && (typeof name === "string" ? stop.name === name : name.test(stop.name))) return;
      passed.push(`${stop.role} ${stop.name}`);
    }
    assert.fail(`no ${role} ${String(name)} among ${passed.join(", ")}`);
  }
}

/** Some of it is in the viewport and is not transparent; a player's controls may fade in. */
const placeOf = `function () {
  const { left, right, top, bottom, width, height } = this.getBoundingClientRect();
  const isThere = width > 0 && height > 0 && right > 0 && left < innerWidth && bottom > 0 && top < innerHeight;
  return {
    isFocused: document.activeElement === this,
    isInView: isThere && this.checkVisibility({ visibilityProperty: true }),
    html: this.outerHTML.slice(0, 200),
  };
}`;
