import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";

/** Opens a page of the instance's origin that has Shaka Player: `start(url)` plays there, `errors` has their codes. */
export async function openShaka(page: Page, origin: string): Promise<void> {
  await page.route(`${origin}/shaka-test/**`, async (route) => {
    const isPage = route.request().url().endsWith("/");
    await (isPage
      ? route.fulfill({ contentType: "text/html", body: shakaPage })
      : route.fulfill({ contentType: "text/javascript", body: await shakaScript() }));
  });
  await page.goto(`${origin}/shaka-test/`);
}

const shakaScript = () => {
  const folder = dirname(createRequire(import.meta.url).resolve("shaka-player/package.json"));
  return readFile(join(folder, "dist/shaka-player.compiled.js"));
};
const shakaPage = `<!doctype html><div id="box"><video id="video" muted></video></div><script src="shaka.js"></script><script>
  const video = document.getElementById("video"), errors = [];
  let player;
  async function start(url) {
    shaka.polyfill.installAll();
    player = new shaka.Player();
    player.setVideoContainer(document.getElementById("box"));
    player.addEventListener("error", ({ detail }) => errors.push(String(detail.code)));
    await player.attach(video);
    player.configure({ abr: { enabled: false } });
    await player.load(url);
    await video.play();
  }
  function choose(place) {
    const one = player.getVariantTracks().toSorted((a, b) => a.width - b.width).at(place);
    player.selectVariantTrack(one, true);
    return one.width + "x" + one.height;
  }
  const codecs = () =>
    Object.fromEntries(player.getVariantTracks().map(({ width, height, videoCodec }) => [width + "x" + height, videoCodec]));
  async function showCaptions(language) {
    const track = player.getTextTracks().find((one) => one.language.startsWith(language));
    await player.selectTextTrack(track);
  }
</script>`;
