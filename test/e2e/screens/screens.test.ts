import assert from "node:assert/strict";
import { it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { isNightly } from "#test/depth";
import { administrator } from "../../instance/template.ts";
import { becomes, desktop, type Device, logIn, phone, visit } from "../../browser/browser.ts";
import { misfits } from "../../browser/fit.ts";
import { type Dress, looksAtPages, picture, staysInPlace } from "./screens.ts";
import { fileStops, ownStops, socialStops, type Stop, visitorStops } from "./stops.ts";

/*
 * Each width, each language and each theme, on one server: the longer words of English on the narrower screen. The quick
 * run looks at each page in one of two dresses. It looks at the layout of every second one in the pseudo-language, at both
 * widths. The nightly run and pictures for the documents have all pages in all combinations.
 */
const dresses: readonly Dress[] = [
  { device: phone, language: "en", theme: "light" },
  { device: desktop, language: "zh", theme: "dark" },
];
const others: readonly Dress[] = [
  { device: phone, language: "en", theme: "dark" },
  { device: phone, language: "zh", theme: "light" },
  { device: phone, language: "zh", theme: "dark" },
  { device: desktop, language: "en", theme: "light" },
  { device: desktop, language: "en", theme: "dark" },
  { device: desktop, language: "zh", theme: "light" },
];

const size = (width: number, height: number, hasTouch = true): Device => ({
  name: `${width}×${height}`,
  viewport: { width, height },
  hasTouch,
});
/** The quick run widens each page to a desk's instead of loading it again. */
const quickSizes = [{ device: size(320, 640), others: [size(1280, 800)] }];
const allSizes = [size(320, 640), size(390, 844), size(844, 390), size(1280, 800, false)].map((device) => ({
  device,
  others: [],
}));

const isThorough = isNightly || process.env["SCREENSHOTS"] === "1";
looksAtPages({
  dresses: isThorough ? [...dresses, ...others] : dresses,
  inTurn: !isThorough,
  more: ({ url, browser, subjects }) => {
    for (const { device, others = [] } of isNightly ? allSizes : quickSizes)
      it(`fit in the pseudo-language, right to left, at ${device.name}`, async () => {
        const { page, context, complaints } = await visit(browser(), device);
        await context.addInitScript(`localStorage.setItem("kinora.language", "qps")`);
        const problems: string[] = [];
        const lookAt = async (stops: readonly Stop[]) => {
          for (const [name, path, isThere] of stops.filter((_, place) => isNightly || place % 4 === 1)) {
            await page.goto(url() + path);
            await becomes(page, isThere);
            await becomes(page, `document.fonts.status === "loaded" && !document.querySelector("[aria-busy=true]")`);
            for (const { viewport } of [device, ...others]) {
              if (others.length > 0) await page.setViewportSize(viewport);
              problems.push(...(await misfits(page)).map((what) => `${name} at ${viewport.width}: ${what}`));
            }
            if (others.length > 0) await page.setViewportSize(device.viewport);
          }
        };
        await lookAt(visitorStops(subjects()));
        await logIn(page, url(), administrator);
        await lookAt([...ownStops, ...fileStops(subjects()), ...socialStops(subjects())]);
        assert.deepEqual(problems, []);
        assert.deepEqual(complaints, []);
        await context.close();
      });

    // A slow machine answers in any order; these are the extremes.
    for (const order of isNightly ? (["first", "last"] as const) : [])
      for (const device of [phone, desktop])
        it(`do not shift on a ${device.name} when the ${order} question is answered first`, async () => {
          const { page, context } = await visit(browser(), device);
          let asked = 0;
          await context.route("**/api/v1/**", async (route) => {
            const place = asked++;
            await delay(order === "first" ? 150 + place * 120 : Math.max(100, 1_100 - place * 120));
            // The page may be gone.
            await route.continue().catch(() => undefined);
          });
          const lookAt = async (stops: readonly Stop[]) => {
            for (const [name, path, isThere] of stops) {
              asked = 0;
              await page.goto(url() + path);
              await becomes(page, isThere);
              await becomes(page, `document.fonts.status === "loaded" && !document.querySelector("[aria-busy=true]")`);
              await staysInPlace(page, `${name} on a ${device.name}`);
            }
          };
          await lookAt(visitorStops(subjects()));
          await logIn(page, url(), administrator);
          await lookAt([...ownStops, ...fileStops(subjects()), ...socialStops(subjects())]);
          await context.close();
        });

    it("show visitors what a page has for them or how to get it, and no error", async () => {
      const { page, context } = await visit(browser(), phone);
      const all = [...visitorStops(subjects()), ...ownStops, ...fileStops(subjects()), ...socialStops(subjects())];
      const problems: string[] = [];
      for (const [name, path] of all.filter((_, place) => isNightly || place % 4 === 0)) {
        await page.goto(url() + path);
        await becomes(
          page,
          `document.querySelector("main, .embed") !== null && !document.querySelector("[aria-busy=true]")`,
        );
        await becomes(page, `document.querySelector("h1, h2, form, video, button img") !== null`);
        await delay(200);
        const text = await page.evaluate<string>(`document.body.innerText`);
        if (/Something went wrong|Try again/.test(text)) problems.push(`${name}: ${text.slice(0, 200)}`);
      }
      assert.deepEqual(problems, []);
      await context.close();
    });

    it("report a missing connection", async () => {
      const { page, context } = await visit(browser(), phone, { hasServiceWorker: true });
      await page.goto(`${url()}/for-you`);
      await becomes(page, `document.querySelector("video")?.readyState >= 2`);
      await context.setOffline(true);
      await becomes(page, `/offline|connection/i.test(document.body.innerText)`);
      await page.screenshot(picture("offline", { device: "phone", language: "en", theme: "dark" }));
      await context.setOffline(false);
      await context.close();
    });

    it("show the cover of the first video before the app is there, and ask for the feed once", async () => {
      const { page, context, complaints } = await visit(browser(), phone);
      const asked: string[] = [];
      page.on("request", (request) => asked.push(new URL(request.url()).pathname));
      const app = Promise.withResolvers<void>();
      await page.route(/\/assets\/app-[^/]*\.js$/, async (route) => {
        await app.promise;
        await route.continue();
      });
      await page.goto(`${url()}/for-you`, { waitUntil: "commit" });
      const picture = (selector: string) => `(() => {
        const picture = document.querySelector(${JSON.stringify(selector)});
        if (!picture?.naturalWidth) return null;
        const { x, y, width, height } = picture.getBoundingClientRect();
        return { src: picture.src, fit: getComputedStyle(picture).objectFit, x, y, width, height };
      })()`;
      await becomes(page, `${picture(".early-cover")} !== null`);
      const early = await page.evaluate(picture(".early-cover"));
      assert.equal(await page.evaluate(`document.querySelector(".frame")`), null, "the app is not there");
      app.resolve();
      await becomes(page, `document.querySelector("video")?.readyState >= 2`);
      assert.deepEqual(await page.evaluate(picture(".feed-stage > img")), early, "nothing moves");
      assert.equal(await page.evaluate(picture(".early-cover")), null);
      assert.equal(asked.filter((path) => path === "/api/v1/recommend/feed").length, 1);
      assert.deepEqual(complaints, []);
      await context.close();
    });

    for (const device of [phone, desktop])
      it(`show the first covers in their places before the app is there, on a ${device.name}`, async () => {
        const { page, context, complaints } = await visit(browser(), device);
        const { data } = (await (await fetch(`${url()}/api/v1/videos?shape=wide&page_size=1`)).json()) as {
          data: { list: { id: number }[] };
        }; // The contract's own shape.
        const places = (selector: string) =>
          page.evaluate<string[]>(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((each) => {
            const { x, y, width, height } = each.getBoundingClientRect();
            return [x, y, width, height].map(Math.round).join(" ");
          })`);
        for (const [path, late] of [
          ["/explore", "main article .aspect-video"],
          [`/watch/${data.list[0]?.id}`, ".player-frame"],
        ] as const) {
          const app = Promise.withResolvers<void>();
          await page.route(/\/assets\/app-[^/]*\.js$/, async (route) => {
            await app.promise;
            await route.continue();
          });
          await page.goto(url() + path, { waitUntil: "commit" });
          await becomes(page, `document.querySelector(".early-page img")?.naturalWidth > 0`);
          const early = await places(".early-page img");
          app.resolve();
          await becomes(page, `document.querySelector(${JSON.stringify(late)}) !== null`);
          assert.deepEqual((await places(late)).slice(0, early.length), early, path);
          await page.unroute(/\/assets\/app-[^/]*\.js$/);
        }
        assert.deepEqual(complaints, []);
        await context.close();
      });

    for (const device of [phone, desktop])
      it(`have their frame before the app, and until its bars are there, on a ${device.name}`, async () => {
        const { page, context, complaints } = await visit(browser(), device);
        const boxes = (...selectors: readonly string[]) =>
          page.evaluate<string[]>(`${JSON.stringify(selectors)}.map((selector) => {
            const element = document.querySelector(selector);
            if (!element?.checkVisibility()) return selector + " is not there";
            const { x, y, width, height } = element.getBoundingClientRect();
            return [x, y, width, height].map(Math.round).join(" ");
          })`);
        const parts = device === phone ? ["nav"] : ["header", "nav"];
        for (const path of ["/explore", "/for-you", "/history"]) {
          const [app, bars] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
          for (const [file, gate] of [
            [/\/assets\/app-[^/]*\.js$/, app],
            [/\/assets\/desk-bars-[^/]*\.js$/, bars],
          ] as const)
            await page.route(file, async (route) => {
              await gate.promise;
              await route.continue();
            });
          await page.goto(url() + path, { waitUntil: "commit" });
          await becomes(page, `document.querySelector(".early-frame nav") !== null`);
          const early = await boxes(...parts.map((part) => `.early-frame ${part}`));
          app.resolve();
          await becomes(page, `document.querySelector(".frame h1") !== null`);
          if (device === desktop) {
            assert.deepEqual(await boxes(...parts.map((part) => `.early-frame ${part}`)), early, "the bars are late");
            await page.screenshot(picture("early", { device: device.name, language: "en", theme: "dark" }));
          }
          bars.resolve();
          await becomes(page, `document.querySelector(".early-frame") === null`);
          assert.deepEqual(await boxes(...parts.map((part) => `.frame > ${part}`)), early, path);
          await page.unrouteAll();
        }
        assert.deepEqual(complaints, []);
        await context.close();
      });

    it("advance by as many videos as keys are pressed, however quickly", async () => {
      const { page, context } = await visit(browser(), desktop);
      await page.goto(`${url()}/for-you`);
      const place = `Number(document.querySelector("article:not([aria-hidden=true])")?.ariaPosInSet)`;
      await becomes(page, `${place} === 1`);
      // No frame comes in between.
      const press = (key: string) => `window.dispatchEvent(new KeyboardEvent("keydown", { key: "${key}" }))`;
      await page.evaluate([press("ArrowDown"), press("ArrowDown"), press("ArrowDown"), press("ArrowUp")].join());
      await becomes(page, `${place} === 3`);
      await context.close();
    });

    it("preload the next video, with at most three players, and play it after a key press", async () => {
      const { page, context } = await visit(browser(), phone);
      await page.goto(`${url()}/for-you`);
      await becomes(page, `document.querySelector("video")?.currentTime > 0.3`);
      await becomes(
        page,
        `document.querySelectorAll("video").length > 1 && document.querySelectorAll("video")[1].readyState >= 2`,
      );
      assert.ok(
        (await page.evaluate<number>(`document.querySelectorAll("video").length`)) <= 3,
        "at most three players",
      );
      await page.keyboard.press("ArrowDown");
      await becomes(
        page,
        `[...document.querySelectorAll("video")].some((v) => { const b = v.getBoundingClientRect(); return b.top > -5 && b.top < 200 && !v.paused && v.readyState >= 2 })`,
      );
      await context.close();
    });
  },
});
