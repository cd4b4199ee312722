import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { desktop, logIn, openBrowser, phone, visit } from "../test/browser/browser.ts";
import { Instance } from "../test/instance/instance.ts";
import { fillInstance } from "../test/e2e/screens/sample-content.ts";
import { settled } from "../test/instance/tables.ts";
import { administrator } from "../test/instance/template.ts";
import { until } from "../test/until.ts";
import { indexPage, type Picture } from "./screenshots/index-page.ts";
import { settle, type State, statesOf, type Viewer } from "./screenshots/states.ts";

/*
 * Pictures of every page and important state, on a phone and a desk, dark and light, in English, Chinese and the
 * pseudo-language:
 *
 *   npm run screenshots                            all of them, into .kinora/screenshots
 *   npm run screenshots -- /tmp/tour watch,feed    pages whose names contain one of these words
 *   npm run screenshots -- /tmp/tour all dark-qps  all pages, in dresses whose names contain one of these words
 */
const [folder = join(import.meta.dirname, "../.kinora/screenshots"), pages = "all", worn = "all"] =
  process.argv.slice(2);
const devices = { phone, desk: desktop } as const;
const locales = { en: "en-US", zh: "zh-CN", qps: "en-US" } as const;
/** The own pages of the viewer are empty. */
const users = { viewer: { username: "noor", password: administrator.password }, administrator };
const demoVideos = 24;
const demoWaitMs = 900_000;

interface Dress {
  readonly device: keyof typeof devices;
  readonly theme: "dark" | "light";
  readonly language: keyof typeof locales;
}
const nameOf = ({ device, theme, language }: Dress): string => `${device}-${theme}-${language}`;
const isMeant = (name: string, words: string): boolean =>
  words === "all" || words.split(",").some((word) => name.includes(word));

function dresses(): Dress[] {
  const all: Dress[] = [];
  for (const device of ["phone", "desk"] as const)
    for (const theme of ["dark", "light"] as const)
      for (const language of ["en", "zh", "qps"] as const) all.push({ device, theme, language });
  return all.filter((dress) => isMeant(nameOf(dress), worn));
}

/** A server with the demo videos, all of them ready. */
async function startDemo(): Promise<Instance> {
  const instance = await Instance.start({
    flags: ["--demo"],
    env: {
      KINORA_ADMIN_USERNAME: administrator.username,
      KINORA_ADMIN_PASSWORD: administrator.password,
      KINORA_RATE_LIMIT: "off",
    },
  });
  const isFilled = async () => {
    const answer = await fetch(`${instance.url}/api/v1/recommend/feed?limit=50`);
    const { data } = (await answer.json()) as { data: { list: unknown[] } }; // The contract's own shape.
    return data.list.length >= demoVideos;
  };
  await until(isFilled, { waitMs: demoWaitMs, said: () => instance.log.slice(-20).join("\n") });
  await settled(instance, demoWaitMs);
  return instance;
}

/** One dress: each kind of viewer has a browser profile of their own, and each state begins with a fresh page. */
async function photograph(browser: Browser, url: string, states: readonly State[], dress: Dress): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (const who of ["visitor", "viewer", "administrator"] satisfies Viewer[]) {
    const { page, context } = await visit(browser, devices[dress.device], {
      locale: locales[dress.language],
      colorScheme: dress.theme,
    });
    await context.addInitScript(`localStorage.setItem("kinora.theme", "${dress.theme}")`);
    if (dress.language === "qps") await context.addInitScript(`localStorage.setItem("kinora.language", "qps")`);
    if (who !== "visitor") await logIn(page, url, users[who]);
    await page.close();
    for (const state of states.filter(
      (candidate) => candidate.who === who && (candidate.on ?? dress.device) === dress.device,
    )) {
      const file = `${state.name}-${nameOf(dress)}.jpg`;
      const at = await context.newPage();
      try {
        await show(at, url, state);
      } catch (error) {
        console.log(`${file}: ${error instanceof Error ? error.message.split("\n", 1)[0] : "not there"}`);
      }
      await at.screenshot({ path: join(folder, file), type: "jpeg", quality: 80 });
      await at.close();
      await context.setOffline(false);
      pictures.push({ file, page: state.name, dress: nameOf(dress) });
    }
    await context.close();
  }
  return pictures;
}

async function show(page: Page, url: string, { path, isThere, act }: State): Promise<void> {
  page.setDefaultTimeout(15_000);
  await page.goto(new URL(path, url).href);
  if (act !== undefined) {
    await settle(page, `document.querySelector("main h1, main article, main video, form") !== null`);
    await act(page);
  }
  await settle(page, isThere);
}

await mkdir(resolve(folder), { recursive: true });
await using instance = await startDemo();
await using fresh = await Instance.start();
const subjects = await fillInstance(instance);
const states = statesOf(subjects, fresh.firstRun).filter(({ name }) => isMeant(name, pages));
await using browser = await openBrowser();
const pictures: Picture[] = [];
for (const dress of dresses()) {
  pictures.push(...(await photograph(browser, instance.url, states, dress)));
  console.log(`${nameOf(dress)}: ${pictures.length} pictures so far`);
}
await writeFile(join(folder, "index.html"), indexPage(pictures));
console.log(`${pictures.length} pictures in ${resolve(folder, "index.html")}`);
