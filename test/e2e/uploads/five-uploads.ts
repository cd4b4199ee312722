import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "playwright-core";
import type { Person } from "../../users/person.ts";
import { until } from "../../until.ts";
import { storedUploads } from "../../browser/uploads.ts";

const clips = join(import.meta.dirname, "../../media");
export const clip = (name: string): string => join(clips, name);

type Row = Record<string, unknown>;

export const card = (page: Page, name: string) => page.getByRole("article", { name, exact: true });
export const title = (page: Page) => page.getByRole("textbox", { name: "Title" });

/** Opens the details of an upload. */
export async function open(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: `Details of “${name}”` }).click();
  await page.getByRole("form", { name: `Details of ${name}` }).waitFor();
}

/**
 * Publishes five files together from the upload page: one was replaced, one is scheduled, one has another cover. Yields
 * the videos by their titles.
 */
export async function publishFive(page: Page, person: Person): Promise<ReadonlyMap<string, Row>> {
  const names = ["moov-at-end.mp4", "html-as-video.mp4", "video-only.mp4", "rotated-90.mp4", "fragmented.mp4"];
  await page.getByLabel("Choose video").setInputFiles(names.map(clip));
  for (const name of names) await card(page, name).waitFor();

  const broken = card(page, "html-as-video.mp4");
  await broken.getByText("This does not look like a video we know.").waitFor();
  await open(page, "html-as-video.mp4");
  await title(page).fill("My second take");
  await page.getByRole("textbox", { name: "Description" }).fill("kept over the replacement");
  await page.getByRole("button", { name: "Publish", exact: true }).click();
  await page.getByText("Still missing: the file.").waitFor();
  await broken.getByLabel("Replace file").setInputFiles(clip("one-frame.mp4"));
  await card(page, "one-frame.mp4").getByText("Uploaded").waitFor();
  assert.equal(await title(page).inputValue(), "My second take");

  await open(page, "moov-at-end.mp4");
  await title(page).fill("With a cover");
  const cover = page.getByRole("radiogroup", { name: "Cover" });
  await cover
    .getByRole("radio", { name: /^Frame at/ })
    .nth(1)
    .check({ force: true });
  await until(async () => (await storedUploads(page)).some(({ details }) => details.draft.coverUrl !== null));

  await open(page, "video-only.mp4");
  await title(page).fill("For next year");
  await page.getByRole("button", { name: "More options" }).click();
  await page.getByText("Until then only you see it").click();
  await page.getByLabel("Day and time").fill("2020-01-01T10:00");
  await page.getByRole("button", { name: "Publish all" }).click();
  await page.getByText("Choose a time that is still to come.").waitFor();
  const inAMonth = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 16);
  await page.getByLabel("Day and time").fill(inAMonth);
  await page.getByRole("button", { name: "Publish at that time" }).click();

  await page.getByRole("heading", { name: "5 videos are published" }).waitFor();
  const videos = await until(
    async () => {
      const { list } = (await person.get("/users/me/videos")) as { list: Row[] }; // The contract's own shape.
      return list.length === 5 && list.every(({ status }) => status === 1 || status === 4) ? list : undefined;
    },
    { said: () => page.url() },
  );
  const byTitle = new Map(videos.map((video) => [String(video["title"]), video]));
  assert.equal(byTitle.get("My second take")?.["description"], "kept over the replacement");
  assert.match(String(byTitle.get("With a cover")?.["cover_url"]), /cover-\d/);
  assert.notEqual(byTitle.get("For next year")?.["publish_at"], null);
  assert.deepEqual(
    [...byTitle.keys()].toSorted((a, b) => a.localeCompare(b)),
    ["For next year", "fragmented", "My second take", "rotated 90", "With a cover"],
  );
  return byTitle;
}
