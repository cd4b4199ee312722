import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { isNightly } from "../../depth.ts";
import { Person } from "../../users/person.ts";
import { sharedInstance } from "../../instance/shared.ts";
import { until } from "../../until.ts";
import { becomes, desktop, sharedBrowser, visit } from "../../browser/browser.ts";
import type { Instance } from "../../instance/instance.ts";

const patches = ["10c040", "c02010", "1030c0", "f0f0f0"] as const;
/** The most that a colour may be away, of 255: a conversion with another matrix is at least 20 away. */
const awayMax = 8;
/** Chromium without a graphics processor has no room for the largest coefficient of BT.709 (libyuv): blue alone is away. */
const awayMaxOfBt709 = 10;

/** Filters that make the numbers of a picture by a matrix, in a range. */
const numbersOf = (matrix: string, range: "pc" | "tv", format: string): string =>
  `scale=out_color_matrix=${matrix}:out_range=${range}:flags=accurate_rnd+full_chroma_int,format=${format}`;

/** Films of the patches beside each other: their size, and how FFmpeg makes their numbers and writes what they mean. */
const films: Readonly<
  Record<
    string,
    {
      readonly size: string;
      readonly file: string;
      readonly filters?: string;
      readonly codec: string;
      readonly isBt709?: true;
    }
  >
> = {
  "a screen recording in RGB": {
    size: "1280x720",
    file: "screen.mkv",
    codec: "-c:v libx264rgb -preset ultrafast -qp 4",
  },
  "a camera's MJPEG without a matrix": {
    size: "640x480",
    file: "camera.avi",
    filters: numbersOf("bt601", "pc", "yuvj420p"),
    codec: "-c:v mjpeg -q:v 2",
  },
  "a small film without a matrix": {
    size: "640x360",
    file: "small.mp4",
    filters: numbersOf("bt601", "tv", "yuv420p"),
    codec: "-c:v libx264 -qp 4",
  },
  "a large film without a matrix": {
    size: "1280x720",
    file: "large.mp4",
    isBt709: true,
    filters: numbersOf("bt709", "tv", "yuv420p"),
    codec: "-c:v libx264 -qp 4",
  },
  "HEVC of full range": {
    size: "1280x720",
    file: "full.mp4",
    filters: numbersOf("bt709", "pc", "yuv420p"),
    codec:
      "-c:v libx265 -x265-params log-level=none:qp=4:range=full:colormatrix=bt709:colorprim=bt709:transfer=bt709 -color_range pc",
  },
  "H.264 of full range": {
    size: "640x360",
    file: "full-small.mp4",
    filters: numbersOf("bt709", "pc", "yuvj420p"),
    codec: "-c:v libx264 -qp 4 -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range pc",
  },
  "HEVC in BT.2020": {
    size: "1280x720",
    file: "wide.mp4",
    filters: "format=gbrp,zscale=pin=bt709:tin=bt709:p=bt2020:t=bt2020-10:m=bt2020nc:r=limited,format=yuv420p10le",
    codec: "-c:v libx265 -x265-params log-level=none:qp=4:colormatrix=bt2020nc:colorprim=bt2020:transfer=bt2020-10",
  },
};
/** The others are made of the same filters. */
const filmsOfRun = Object.keys(films).filter((_, n) => isNightly || n < 2);

describe("the colours of a film in a browser", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kinora-colours-"));
    instance = await sharedInstance();
    administrator = new Person(instance.url, "keeper");
    await administrator.signUp();
    browser = await sharedBrowser("whole");
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const name of filmsOfRun)
    it(`are those of ${name}, in every rendition`, async () => {
      const awayMost = films[name]?.isBt709 ? awayMaxOfBt709 : awayMax;
      const id = await publish(name);
      const { page, context } = await visit(browser, desktop);
      // A page of the site, for media are played in these alone.
      await page.goto(`${instance.url}/embed/${id}`);
      const renditions = await addressesOf(id);
      assert.ok(renditions.length > 0);
      for (const address of renditions) {
        await page.evaluate(`{
          window.film?.remove();
          window.film = document.body.appendChild(document.createElement("video"));
          Object.assign(film, { id: "film", muted: true, src: ${JSON.stringify(address)}, currentTime: 1 });
          Object.assign(film.style, { position: "fixed", inset: 0, width: "640px", zIndex: 9 });
        }`);
        await becomes(page, `film.readyState >= 2 && !film.seeking`);
        assertPatches(await coloursIn(page), address, awayMost);
      }
      await context.close();
    });
});

let instance: Instance;
let browser: Browser;
let administrator: Person;
let folder = "";
const run = promisify(execFile);

/** Makes the film, uploads it, and publishes it with all its renditions; its video's id. */
async function publish(name: string): Promise<number> {
  const { size, file, filters = "null", codec } = films[name] ?? assert.fail(name);
  const [width = 0, height = 0] = size.split("x").map(Number);
  const path = join(folder, file);
  const inputs = patches.flatMap((patch) => [
    ..."-f lavfi -i".split(" "),
    `color=0x${patch}:s=${width / patches.length}x${height}:r=10:d=2,format=gbrp`,
  ]);
  const graph = `${patches.map((_, n) => `[${n}]`).join("")}hstack=${patches.length},format=gbrp,${filters}`;
  await run("ffmpeg", ["-v", "error", ...inputs, "-filter_complex", graph, ...codec.split(" "), path]);
  const { data } = await administrator.upload(await readFile(path), undefined, file);
  const mediaId = Number(data["id"]);
  const task = async () => (await administrator.ask("GET", `/media/${mediaId}/transcode`)).data["status"];
  await until(async () => (await task()) === "completed");
  const video = await administrator.ask("POST", "/videos", { body: { title: name, media_id: mediaId } });
  return Number(video.data["id"]);
}

/** The files of all renditions: their playlists name parts of one each. */
async function addressesOf(id: number): Promise<string[]> {
  const { data } = await administrator.ask("GET", `/videos/${id}`);
  const master = new URL(String(data["hls_url"]), instance.url);
  return Promise.all(
    (await linesOf(master)).map(async (variant) => {
      const playlist = new URL(variant, master);
      const [file = ""] = await linesOf(playlist);
      return new URL(file, playlist).href;
    }),
  );
}

async function linesOf(playlist: URL): Promise<string[]> {
  const text = await (await fetch(playlist)).text();
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

/** The colour in the middle of each patch on the screen. */
async function coloursIn(page: Page): Promise<number[][]> {
  const box = await page.locator("#film").boundingBox();
  assert.ok(box);
  const { data, info } = await sharp(await page.screenshot({ clip: box }))
    .raw()
    .toBuffer({ resolveWithObject: true });
  return patches.map((_, n) => {
    const x = Math.floor((info.width * (2 * n + 1)) / (2 * patches.length));
    const at = (Math.floor(info.height / 2) * info.width + x) * info.channels;
    return [...data.subarray(at, at + 3)];
  });
}

function assertPatches(colours: readonly (readonly number[])[], where: string, awayMost: number): void {
  for (const [n, patch] of patches.entries()) {
    const expected = [...Buffer.from(patch, "hex")];
    const away = expected.map((one, at) => Math.abs(one - (colours[n]?.[at] ?? Number.NaN)));
    assert.ok(
      away.every((one) => one <= awayMost),
      `${where}: ${colours[n]?.join(" ")}, not ${expected.join(" ")}`,
    );
  }
}
