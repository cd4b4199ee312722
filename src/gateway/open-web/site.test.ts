import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import sharp from "sharp";
import { type Account, clip, Platform } from "#test/platform/platform";
import { brandedManifest, brandedPage } from "./site.ts";

describe("the name and the look of an instance", () => {
  before(async () => {
    await platform.open();
    [admin, mira] = [await platform.administrator(), await platform.join("Mira")];
  });
  after(() => platform[Symbol.asyncDispose]());

  it("are in titles, the manifest, oEmbed and feeds from a change on", async () => {
    assert.match((await platform.ask("/")).text, /<title>Test<\/title>/);
    await change({ name: `Night "Owls" <b>`, description: "Films & more" });
    const { text } = await platform.ask("/");
    assert.match(text, /<title>Night &quot;Owls&quot; &lt;b&gt;<\/title>/);
    assert.match(text, /<meta name="description" content="Films &amp; more" \/>/);
    const manifest = await platform.ask("/manifest.webmanifest");
    assert.match(String(manifest.headers["content-type"]), /^application\/manifest\+json/);
    const { name, short_name, description, start_url } = JSON.parse(manifest.text) as Record<string, unknown>;
    assert.deepEqual([name, short_name, description, start_url], [`Night "Owls" <b>`, name, "Films & more", "/"]);
    const profile = encodeURIComponent("http://localhost:80/@Mira");
    assert.match((await platform.ask(`/api/v1/oembed?url=${profile}`)).text, /"provider_name":"Night \\"Owls\\" <b>"/);
    assert.match((await platform.ask("/feeds/users/Mira")).text, /<title>Mira · Night &quot;Owls&quot; &lt;b&gt;</);
    assert.match((await platform.ask("/@Mira")).text, /og:site_name" content="Night &quot;Owls/);
  });

  it("include an icon with the initials, drawn in the accent, until a picture is chosen", async () => {
    await change({ name: "Night Owls", accent: "#7f56d9" });
    const icon = await iconFile(String((await platform.ask("/api/v1/instance")).data["icon_url"]));
    assert.equal(icon.headers["content-type"], "image/svg+xml");
    assert.match(icon.text, /fill="#7f56d9".*>NO</);
    assert.equal((await platform.ask("/api/v1/instance/icons/icon-192.png")).status, 404);
    assert.equal((await platform.ask("/api/v1/instance/icons/other")).status, 404);
  });

  it("include an uploaded picture in the sizes of home screens", async () => {
    const path = await picture(admin);
    const { data } = await change({ icon_url: path });
    const url = String(data["icon_url"]);
    for (const [file, side] of [
      ["icon-180.png", 180],
      ["icon-192.png", 192],
      ["icon-512.png", 512],
      ["maskable-512.png", 512],
    ] as const) {
      const { bytes, headers } = await iconFile(url.replace("icon-512.png", file));
      const { width, height, format } = await sharp(bytes).metadata();
      assert.deepEqual([headers["content-type"], format, width, height], ["image/png", "png", side, side]);
    }
    const { icons } = JSON.parse((await platform.ask("/manifest.webmanifest")).text) as {
      icons: { src: string; sizes: string; purpose?: string }[];
    };
    assert.deepEqual(
      icons.map(({ sizes, purpose }) => `${sizes} ${purpose ?? "any"}`),
      ["192x192 any", "512x512 any", "512x512 maskable"],
    );
    for (const { src } of icons) assert.equal((await platform.ask(src)).status, 200, src);
    assert.match(
      (await platform.ask("/")).text,
      /apple-touch-icon" href="\/api\/v1\/instance\/icons\/icon-180\.png\?v=/,
    );
    // A form sends back what it was given.
    assert.equal((await change({ icon_url: url, contact: "owl@example.org" })).data["icon_url"], url);
    assert.match(String((await change({ icon_url: "" })).data["icon_url"]), /icon\.svg/);
  });

  it("take no picture of another account, and no video", async () => {
    const others = await picture(mira);
    const film = await platform.upload("/api/v1/media/upload", admin.token, {
      name: "a.mp4",
      bytes: await clip("one-frame.mp4"),
    });
    const refused = async (icon_url: string) => {
      const { status, body } = await put({ icon_url });
      return [status, body["error"]];
    };
    assert.deepEqual(await refused(others), [404, "instance.icon_not_found"]);
    assert.deepEqual(await refused(`/api/v1/media/${Number(film.data["id"])}/picture`), [
      415,
      "media.unreadable_picture",
    ]);
  });

  it("come with the suggestion of an accent that has contrast", async () => {
    const { status, body } = await put({ accent: "#ffff00" });
    const [error] = body["errors"] as { field: string; suggestion: string }[];
    assert.deepEqual([status, body["error"], error?.field], [400, "instance.low_contrast", "accent"]);
    assert.equal((await put({ accent: error?.suggestion })).status, 200);
  });
});

describe("the shipped page and manifest", () => {
  const facts = { name: "Kinora", description: "", iconUrl: "/icon.svg" };
  it("stay as they are on an instance that has the name and icon of the program", () => {
    const page = `<head><title>Kinora</title><meta name="description" content="Watch." /><link rel="icon" href="/icon.svg" /></head>`;
    assert.equal(brandedPage(page, facts), page);
    const manifest = JSON.stringify({ name: "Kinora", icons: [], short_name: "Kinora" });
    assert.equal(brandedManifest(manifest, facts), manifest);
  });

  it("have the same shortcuts and take the same files under another name and icon", async () => {
    const text = await readFile(shippedManifest, "utf8");
    const own = { name: "Night Owls", description: "Films", iconUrl: "/api/v1/instance/icons/icon-512.png?v=1" };
    const [shipped, branded] = [text, brandedManifest(text, own)].map(
      (one) => JSON.parse(one) as Record<string, unknown>,
    );
    for (const field of ["display", "categories", "shortcuts", "share_target"]) {
      assert.ok(shipped?.[field], field);
      assert.deepEqual(branded?.[field], shipped[field]);
    }
    assert.equal(branded?.["short_name"], "Night Owls");
  });

  it("name the shortcuts in the language that was asked for", async () => {
    const names = async (language?: "en" | "zh") => {
      const { lang, shortcuts } = JSON.parse(
        brandedManifest(await readFile(shippedManifest, "utf8"), facts, language),
      ) as { lang: string; shortcuts: { name: string }[] };
      return [lang, ...shortcuts.map(({ name }) => name)];
    };
    assert.deepEqual(await names("zh"), ["zh", "上传", "推荐", "消息"]);
    assert.deepEqual(await names("en"), ["en", "Upload", "For you", "Inbox"]);
    assert.deepEqual(await names(), await names("en"));
  });
});

const shippedManifest = new URL("../../../web/public/manifest.webmanifest", import.meta.url);
const platform = new Platform();
let admin: Account;
let mira: Account;

const put = (body: object) => platform.ask("/api/v1/admin/instance", { method: "PUT", token: admin.token, body });
async function change(body: object) {
  const answer = await put(body);
  assert.equal(answer.status, 200, answer.text);
  return answer;
}
const iconFile = (url: string) => {
  const { pathname, search } = new URL(url, "http://localhost");
  return platform.ask(pathname + search);
};
async function picture({ token }: Account): Promise<string> {
  const bytes = await sharp({ create: { width: 300, height: 200, channels: 3, background: "#4060a0" } })
    .png()
    .toBuffer();
  const { data, text } = await platform.upload(
    "/api/v1/media/upload",
    token,
    { name: "logo.png", bytes },
    { purpose: "avatar" },
  );
  assert.ok(data["id"], text);
  return `/api/v1/media/${Number(data["id"])}/picture`;
}
