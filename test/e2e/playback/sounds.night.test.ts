import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import { Person } from "../../users/person.ts";
import { startOnTemplate } from "../../instance/template.ts";
import { until } from "../../until.ts";
import { becomes, desktop, openBrowser, openSettings, phone, plays, visit } from "../../browser/browser.ts";
import type { Instance } from "../../instance/instance.ts";

describe("a film in two languages in a real browser", () => {
  before(prepare, { timeout: 600_000 });
  after(async () => {
    await browser?.close();
    await instance?.[Symbol.asyncDispose]();
  });

  for (const [device, locale, settings, group, help] of [
    [desktop, "en-US", "Player settings", "Audio", "Next audio track"],
    [phone, "zh-CN", "播放设置", "音轨", "下一条音轨"],
  ] as const)
    it(`plays in the language chosen by menu and by key (${device.name}, ${locale})`, async () => {
      const { page, context, complaints } = await visit(browser, device, { locale });
      const fetched: string[] = [];
      page.on("response", (answer) => fetched.push(/\/g\d+\/([\w-]+)\.mp4/.exec(answer.url())?.[1] ?? ""));
      await page.goto(`${instance.url}/watch/${videoId}`);
      await plays(page);
      assert.ok(fetched.includes("audio") && !fetched.includes("audio-2"), fetched.join());
      await openSettings(page, group, settings);
      const sounds = page.getByRole("radiogroup", { name: group });
      assert.deepEqual(await sounds.getByRole("radio").count(), 2);
      const chosen = () => sounds.locator("[data-selected]").innerText();
      await until(async () => (await chosen()) === "English");
      await sounds.getByText("中文").click();
      await until(async () => (await chosen()) === "中文");
      await until(() => fetched.includes("audio-2"), { said: () => fetched.join() });
      await page.keyboard.press("Escape");
      // While it is open, keys are its own.
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await page.keyboard.press("a");
      // Each page of the menu has the focus at once: keys before the next frame are not lost.
      await page.evaluate("window.nextFrame = requestAnimationFrame; window.requestAnimationFrame = () => 0");
      await openSettings(page, group, settings);
      await until(async () => (await chosen()) === "English");
      await sounds.locator("input").first().press("Shift+Tab");
      await page.keyboard.press("Enter");
      await becomes(page, `document.activeElement.textContent.startsWith("${group}")`);
      await page.keyboard.press("Enter");
      await until(async () => (await chosen()) === "English");
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await page.evaluate("window.requestAnimationFrame = window.nextFrame");
      await page.keyboard.press("?");
      await page.getByText(help).waitFor();
      await becomes(page, `document.querySelector("video").error === null`);
      assert.deepEqual(complaints, []);
      await context.close();
    });

  it("offers the captions of its file in the player's menu and in its owner's list", async () => {
    const { page, context, complaints } = await visit(browser, desktop);
    await page.goto(`${instance.url}/watch/${videoId}`);
    await plays(page);
    await openSettings(page, "Captions");
    await page.getByRole("radiogroup", { name: "Captions" }).getByText("English").click();
    await becomes(
      page,
      `[...document.querySelector("video").textTracks].some(({ mode, cues }) => mode === "showing" && cues?.length > 0)`,
    );
    assert.deepEqual(complaints, []);
    await context.close();
    const { data } = await administrator.ask("GET", `/media/${mediaId}/captions`);
    const list = data["list"] as { language: string; source: string }[]; // The shape of the contract.
    assert.deepEqual(
      list.map(({ language, source }) => [language, source]),
      [["en", "file"]],
    );
  });
});

let instance: Instance;
let browser: Browser;
let administrator: Person;
let mediaId = 0;
let videoId = 0;

async function prepare(): Promise<void> {
  instance = await startOnTemplate({ env: { KINORA_RATE_LIMIT: "off" } });
  administrator = new Person(instance.url, "keeper");
  await administrator.signUp();
  const query = new URLSearchParams({ purpose: "media", name: "film.mkv" });
  const bytes = await readFile(join(import.meta.dirname, "../../media/multi-audio-subs.mkv"));
  const raw = { type: "application/octet-stream", bytes };
  const { status, data, message } = await administrator.ask("POST", `/upload?${query.toString()}`, { raw });
  assert.equal(status, 200, message);
  mediaId = Number(data["media_id"]);
  const task = async () => (await administrator.ask("GET", `/media/${mediaId}/transcode`)).data["status"];
  await until(async () => (await task()) === "completed", { waitMs: 240_000 });
  const body = { title: "Two languages", media_id: mediaId, visibility: "public" };
  videoId = Number((await administrator.ask("POST", "/videos", { body })).data["id"]);
  browser = await openBrowser();
}
