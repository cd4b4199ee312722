import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from "playwright-core";
import { closeAfterFiles } from "../../scripts/test/shared.ts";
import { until } from "../until.ts";

const whole = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const shell = "/usr/lib/chromium/chromium-headless-shell";
type Kind = "shell" | "whole";

/**
 * Debian's Chromium without a window. The shell is its engine alone, without the menus and profiles around it, for three
 * quarters of the processor time. It has no microphone, and keeps the old picture when a film changes its size at a slow
 * pace: tests of those take the whole browser.
 */
export function openBrowser(kind: Kind = "shell"): Promise<Browser> {
  const places = kind === "shell" ? [shell, ...whole] : whole;
  const executablePath = places.find((place) => existsSync(place));
  if (executablePath === undefined) throw new Error("Chromium is not installed");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--autoplay-policy=no-user-gesture-required",
      "--disable-dev-shm-usage",
      "--force-color-profile=srgb",
      // Its microphone beeps and its camera is slow, which is cheap to encode; a page still needs the permission to use them.
      "--use-fake-device-for-media-stream=fps=10",
    ],
  });
}

const browsers = new Map<Kind, Promise<Browser>>();

/** The browser that the test files of this process share, opened at its first use. Each visitor has its own context. */
export function sharedBrowser(kind: Kind = "shell"): Promise<Browser> {
  const browser = browsers.get(kind) ?? openShared(kind);
  browsers.set(kind, browser);
  return browser;
}

async function openShared(kind: Kind): Promise<Browser> {
  const browser = await openBrowser(kind);
  closeAfterFiles(() => browser.close());
  return browser;
}

export interface Device {
  readonly name: string;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly hasTouch: boolean;
}
export const phone: Device = { name: "phone", viewport: { width: 390, height: 844 }, hasTouch: true };
export const desktop: Device = { name: "desktop", viewport: { width: 1280, height: 800 }, hasTouch: false };

interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Everything the page complained about: errors, failed requests of ours, violations of its policy. */
  readonly complaints: string[];
}

interface VisitOptions {
  readonly locale?: string;
  readonly colorScheme?: "dark" | "light";
  /**
   * The page installs its service worker, which loads the whole app behind what the test does; few tests are about that.
   * A few in a hundred requests pass by a test that answers or counts them where there is one.
   */
  readonly hasServiceWorker?: boolean;
  /** Offers of some seconds, such as the undo of a deletion, last until {@link hurry}. */
  readonly isUnhurried?: boolean;
}

/** Timers of 5 to 8 s, which is how long things can be taken back, last as long as a busy machine may need. */
const unhurried = `{
  const real = window.setTimeout;
  window.isUnhurried = true;
  window.setTimeout = (run, ms, ...given) =>
    real(run, window.isUnhurried && ms >= 5_000 && ms <= 8_000 ? 600_000 : ms, ...given);
}`;
/** From now on, what is offered for some seconds goes after that time. */
export const hurry = (page: Page): Promise<void> => page.evaluate("window.isUnhurried = false");

/** A new visitor at this device, with empty caches. */
export async function visit(
  browser: Browser,
  device: Device,
  { locale = "en-US", colorScheme = "dark", hasServiceWorker = false, isUnhurried = false }: VisitOptions = {},
): Promise<Visitor> {
  const { viewport, hasTouch } = device;
  const context = await browser.newContext({
    viewport,
    hasTouch,
    isMobile: hasTouch,
    locale,
    colorScheme,
    reducedMotion: "reduce",
    deviceScaleFactor: 1,
    serviceWorkers: hasServiceWorker ? "allow" : "block",
  });
  // Reached by a hang alone, on however busy a machine.
  context.setDefaultTimeout(180_000);
  const page = await context.newPage();
  if (isUnhurried) await context.addInitScript(unhurried);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    // A socket whose session just ended is refused once, which the browser logs as it logs other refusals.
    const isRefused = /Failed to load resource|WebSocket connection to .* failed: HTTP Authentication failed/.test(
      text,
    );
    if (message.type() === "error" && !isRefused) complaints.push(`console: ${text}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} ${response.url()}`);
  });
  return { page, context, complaints };
}

interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Logs a user in at the server of this address, without the app, which would show its feed first; the page is empty then. */
export async function logIn(page: Page, url: string, { username, password }: Credentials): Promise<void> {
  const answer = await page.context().request.post(`${url}/api/v1/users/login`, {
    headers: { "x-kinora-session": "cookie", origin: url },
    data: { username, password },
  });
  assert.equal(answer.status(), 200, await answer.text());
  // The marks of a session that the app keeps for its origin; this is a small page of it.
  await page.goto(`${url}/robots.txt`);
  await page.evaluate(`localStorage.setItem("kinora.renew-at", String(Date.now() + 600_000));
    localStorage.setItem("kinora.session", "1")`);
}

/** Logs a user in by the form, whatever its language. */
export async function logInByForm(page: Page, url: string, { username, password }: Credentials): Promise<void> {
  await page.goto(`${url}/login`);
  await page.locator("main form input").first().fill(username);
  await page.locator("main form input[type=password]").fill(password);
  await page.locator("main form button[type=submit]").click();
  await page.waitForURL((at) => !at.pathname.includes("login"));
}

/** Chooses an option of a select by its name. */
export async function selectOption(within: Page | Locator, label: string, option: string): Promise<void> {
  await within.getByRole("button", { name: label }).click();
  const page = "page" in within ? within.page() : within;
  await page.getByRole("option", { name: option, exact: true }).click();
}

/** True if the page has an element of this selector. */
export const shows = (selector: string): string => `document.querySelector(${JSON.stringify(selector)}) !== null`;

/** Settles when `expression` is true in the page; evaluated from outside, so that the page's policy does not matter. */
export async function becomes(page: Page, expression: string, waitMs?: number): Promise<void> {
  const said = () => `${expression} in ${page.url()}`;
  await until(() => page.evaluate<boolean>(expression), { ...(waitMs !== undefined && { waitMs }), said });
}

/** Settles when a player's time advances, its buffer grows and it has a picture. */
export const plays = (page: Page): Promise<void> =>
  becomes(
    page,
    `[...document.querySelectorAll("video")].some((video) =>
      video.currentTime > 0.5 && video.buffered.length > 0 && video.buffered.end(0) > 1 && video.videoWidth > 0)`,
  );

/** Opens the settings of a player by keyboard, as its controls hide while the mouse rests, and one of their rows. */
export async function openSettings(page: Page, row?: string, name = "Player settings"): Promise<void> {
  await page.getByRole("button", { name }).press("Enter");
  if (row !== undefined)
    await page
      .getByRole("dialog")
      .getByRole("button", { name: new RegExp(`^${row}`) })
      .press("Enter");
}

/** Chooses something that is rarely done with what a page is about, from the menu behind its three dots. */
export async function chooseMore(page: Page, action: string): Promise<void> {
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: action, exact: true }).click();
}
