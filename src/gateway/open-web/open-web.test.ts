import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { callerRates } from "#kernel/http/limits";
import { type Account, clip, Platform } from "#test/platform/platform";
import { until } from "#test/until";

describe("previews, embeds and feeds", () => {
  before(async () => {
    await platform.open();
    mira = await platform.join("Mira");
    for (const visibility of ["public", "unlisted", "private", "followers", "password"] as const)
      ids[visibility] = await publish(visibility);
    await platform.host.drain();
  });
  after(() => platform[Symbol.asyncDispose]());

  it("describe public pages with escaped metadata, and reveal nothing about restricted videos", async () => {
    const { text, headers } = await previewOf(`/watch/${ids["public"]}`);
    for (const part of [
      `<meta property="og:title" content="public &quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" />`,
      `<meta property="og:url" content="http://localhost:80/watch/${ids["public"]}" />`,
      `<meta property="og:video" content="http://localhost:80/embed/${ids["public"]}" />`,
      `application/json+oembed`,
    ])
      assert.ok(text.includes(part), `${part} in ${text}`);
    assert.doesNotMatch(text, /<script>alert/);
    assert.match(String(headers["content-security-policy"]), /frame-ancestors 'none'/);
    const { text: nothing } = await platform.ask("/watch/404");
    for (const hidden of ["private", "followers", "password"])
      assert.equal((await platform.ask(`/watch/${ids[hidden]}`, { token: mira.token })).text, nothing, hidden);
    assert.ok(text.includes(`"contentUrl":"http://localhost:80/api/v1/streaming/${ids["public"]}/master.m3u8"`), text);
    const { text: unlisted } = await previewOf(`/watch/${ids["unlisted"]}`);
    assert.doesNotMatch(unlisted, /contentUrl|m3u8/);
    const { text: profile } = await previewOf("/@mira");
    assert.ok(profile.includes('<meta property="og:type" content="profile" />'));
    assert.ok(profile.includes('type="application/rss+xml" href="http://localhost:80/feeds/users/Mira"'));
    const { text: tag } = await previewOf("/tag/SEA");
    assert.ok(tag.includes('<meta property="og:type" content="website" />') && tag.includes("<title>#sea · "));
    assert.ok(tag.includes('type="application/rss+xml" href="http://localhost:80/feeds/hashtags/sea"'));
    const oembed = `/api/v1/oembed?url=${encodeURIComponent("http://localhost:80/tag/sea")}`;
    assert.equal((await platform.ask(oembed)).status, 404);
    assert.equal((await platform.ask("/tag/nothing")).text, nothing);
    assert.equal((await platform.ask("/@nobody")).text, nothing);
    assert.equal((await platform.ask("/upload")).text, nothing);
  });

  it("are 404 for pages of what does not exist, or not for everybody", async () => {
    const playlist = async (visibility: string) => {
      const body = { title: "Sea", description: "", visibility };
      const { data } = await platform.ask("/api/v1/playlists", { method: "POST", token: mira.token, body });
      return Number(data["id"]);
    };
    const { data: categories } = await platform.ask("/api/v1/videos/categories");
    const [category] = categories["list"] as { id: number }[]; // The contract's shape.
    for (const path of [
      `/watch/${ids["public"]}`,
      `/watch/${ids["unlisted"]}/`,
      // The page asks for the password.
      `/watch/${ids["password"]}`,
      `/embed/${ids["public"]}`,
      `/playlist/${await playlist("public")}`,
      `/category/${category?.id}`,
      "/@mira",
      "/tag/sea",
      "/live/new",
      "/",
    ])
      assert.equal((await platform.ask(path)).status, 200, path);
    for (const path of [
      "/watch/404",
      "/watch/x",
      `/watch/${ids["private"]}`,
      `/watch/${ids["followers"]}`,
      `/embed/${ids["private"]}`,
      "/embed/live/404",
      "/live/404",
      "/live/x",
      `/playlist/${await playlist("private")}`,
      "/playlist/404",
      "/category/404",
      "/@nobody",
      "/tag/nothing",
      "/does-not-exist",
    ]) {
      const { status, text, headers } = await platform.ask(path);
      assert.deepEqual([status, headers["content-type"]], [404, "text/html; charset=utf-8"], path);
      assert.match(text, /<html/, path);
    }
  });

  it("look nothing up for an address beyond its limit of reads, which gets the page without a preview", async () => {
    const pageFrom = (from: string) => platform.ask(`/watch/${ids["public"]}`, { from });
    for (let n = 0; n < readsMax; n++) await pageFrom("198.51.100.9");
    const { status, text } = await pageFrom("198.51.100.9");
    assert.deepEqual([status, text.includes("og:title")], [200, false]);
    await until(async () => (await pageFrom("198.51.100.10")).text.includes("og:title"));
  });

  it("allow other sites to frame the player page alone", async () => {
    const { headers } = await platform.ask(`/embed/${ids["public"]}`);
    assert.match(String(headers["content-security-policy"]), /frame-ancestors \*$/);
    assert.equal(headers["x-frame-options"], undefined);
    const { headers: ofRoom } = await platform.ask("/embed/live/1");
    assert.match(String(ofRoom["content-security-policy"]), /frame-ancestors \*$/);
    for (const path of ["/", "/login", "/embed/x", "/embed/live/x", "/live/1", "/settings"])
      assert.match(
        String((await platform.ask(path)).headers["content-security-policy"]),
        /frame-ancestors 'none'/,
        path,
      );
  });

  it("answer oEmbed requests for a video in the requested size", async () => {
    const ask = (url: string, more = "") => platform.ask(`/api/v1/oembed?url=${encodeURIComponent(url)}${more}`);
    const here = `http://localhost:80/watch/${ids["public"]}`;
    const { body, status } = await ask(here, "&maxwidth=320");
    assert.deepEqual(
      [status, body["type"], body["width"], body["height"], body["author_name"], body["author_url"]],
      [200, "video", 320, 180, "Mira", "http://localhost:80/@Mira"],
    );
    assert.match(
      String(body["html"]),
      new RegExp(`^<iframe src="http://localhost:80/embed/${ids["public"]}" width="320"`),
    );
    assert.equal((await ask("http://localhost:80/@mira")).body["type"], "link");
    for (const [url, more, code] of [
      [`http://localhost:80/watch/${ids["private"]}`, "", 404],
      ["http://elsewhere.example/watch/1", "", 404],
      [here, "&format=xml", 501],
      [here, "&maxwidth=0", 400],
    ] as const)
      assert.equal((await ask(url, more)).status, code, url + more);
  });

  it("describe live rooms as broadcasts with a player, and reveal nothing about restricted ones", async () => {
    const rooms: Record<string, number> = {};
    for (const visibility of ["public", "unlisted", "private", "followers", "password"]) {
      const body = {
        title: `${visibility} "><script>`,
        visibility,
        ...(visibility === "password" && { password: "sesame" }),
      };
      const { data } = await platform.ask("/api/v1/lives", { method: "POST", token: mira.token, body });
      rooms[visibility] = Number(data["id"]);
    }
    const room = rooms["public"];
    const { text: waiting } = await previewOf(`/live/${room}`);
    assert.match(waiting, /"publication":{"@type":"BroadcastEvent","isLiveBroadcast":true}/);
    assert.doesNotMatch(waiting, /contentUrl|m3u8/);
    await platform.ask(`/api/v1/lives/${room}/start`, { method: "POST", token: mira.token, body: {} });
    const { text } = await previewOf(`/live/${room}`);
    const stream = `http://localhost:80/api/v1/lives/${room}/hls/master.m3u8`;
    for (const part of [
      "<title>public &quot;&gt;&lt;script&gt; · ",
      `<meta property="og:url" content="http://localhost:80/live/${room}" />`,
      `<meta property="og:video" content="${stream}" />`,
      `<meta property="twitter:player" content="http://localhost:80/embed/live/${room}" />`,
      `"contentUrl":"${stream}"`,
      '"author":{"@type":"Person","name":"Mira"',
    ])
      assert.ok(text.includes(part), `${part} in ${text}`);
    assert.match(text, /"BroadcastEvent","isLiveBroadcast":true,"startDate":"20/);
    assert.equal((await previewOf(`/embed/live/${room}`)).text.includes('"BroadcastEvent"'), true);
    const { text: nothing } = await platform.ask("/live/404");
    for (const hidden of ["private", "followers", "password"])
      assert.equal((await platform.ask(`/live/${rooms[hidden]}`, { token: mira.token })).text, nothing, hidden);
    const oembed = (path: string) =>
      platform.ask(`/api/v1/oembed?url=${encodeURIComponent(`http://localhost:80${path}`)}&maxwidth=640`);
    const { body } = await oembed(`/live/${room}`);
    assert.deepEqual([body["type"], body["width"], body["height"], body["author_name"]], ["video", 640, 360, "Mira"]);
    assert.match(String(body["html"]), new RegExp(`src="http://localhost:80/embed/live/${room}"`));
    assert.equal((await oembed(`/live/${rooms["private"]}`)).status, 404);
    await platform.ask(`/api/v1/lives/${room}/end`, { method: "POST", token: mira.token, body: {} });
    const { text: ended } = await previewOf(`/live/${room}`);
    assert.match(ended, /"startDate":"[^"]+","endDate":"20/);
    assert.doesNotMatch(ended, /contentUrl/);
  });

  it("list public videos alone in the RSS feeds of users and hashtags", async () => {
    for (const path of ["/feeds/users/Mira", "/feeds/hashtags/sea"]) {
      const { status, text, headers } = await platform.ask(path, { token: mira.token });
      assert.deepEqual([status, headers["content-type"]], [200, "application/rss+xml; charset=utf-8"]);
      // S2.3: what a cache on the way keeps of a video that became private is old soon enough.
      assert.equal(headers["cache-control"], "public, max-age=5");
      assert.deepEqual(filmsOf(text), [ids["public"]], path);
      const film = `http://localhost:80/api/v1/streaming/${ids["public"]}/master.m3u8`;
      assert.ok(
        text.includes(`<media:content url="${film}" type="application/vnd.apple.mpegurl" medium="video"`),
        text,
      );
      assert.ok(Date.parse(String(headers["last-modified"])) <= Date.now());
      const again = await platform.ask(path, { headers: { "if-none-match": `W/${String(headers["etag"])}` } });
      assert.deepEqual([again.status, again.text], [304, ""]);
    }
    assert.equal((await platform.ask("/feeds/users/nobody")).status, 404);
    assert.equal((await platform.ask("/feeds/hashtags/nothing")).status, 404);
  });

  it("list recordings without pictures as a podcast, whose files apps download by range", async () => {
    const lin = await platform.join("Lin");
    const shown = await publish("public", { by: lin, clipName: "audio-only-cover.mp3" });
    await publish("private", { by: lin, clipName: "audio-only-cover.mp3" });
    await publish("public", { by: lin });
    const { status, text } = await platform.ask("/feeds/users/Lin/podcast");
    assert.equal(status, 200);
    assert.deepEqual(filmsOf(text), [shown]);
    const [, url = "", type, length] =
      /<enclosure url="http:\/\/localhost:80([^"]+)" type="([^"]+)" length="(\d+)" \/>/.exec(text) ?? [];
    assert.equal(type, "audio/mp4");
    const part = await platform.ask(url, { headers: { range: "bytes=0-99" } });
    assert.deepEqual([part.status, part.headers["content-range"]], [206, `bytes 0-99/${length}`]);
    assert.equal(part.headers["content-type"], type);
    assert.equal((await platform.ask("/feeds/users/nobody/podcast")).status, 404);
  });

  it("have no security.txt before the instance has a contact", async () => {
    assert.equal((await platform.ask("/.well-known/security.txt")).status, 404);
  });

  it("list public videos alone in the sitemap, and lead search engines to it (S2.3)", async () => {
    const { text: rules, headers } = await platform.ask("/robots.txt");
    assert.match(String(headers["content-type"]), /^text\/plain/);
    assert.match(rules, /^Sitemap: http:\/\/localhost:80\/sitemap\.xml$/m);
    const { text: index } = await platform.ask("/sitemap.xml");
    const parts = [...index.matchAll(/<loc>http:\/\/localhost:80([^<]+)<\/loc>/g)].map(([, path]) => String(path));
    assert.equal(parts.length, 1);
    const { text } = await platform.ask(parts[0] ?? "", { token: mira.token });
    assert.ok(text.includes(`<loc>http://localhost:80/watch/${ids["public"]}</loc>`));
    for (const hidden of ["unlisted", "private", "followers", "password"])
      assert.ok(!text.includes(`/watch/${ids[hidden]}<`), hidden);
    assert.ok(text.includes(`<video:player_loc>http://localhost:80/embed/${ids["public"]}</video:player_loc>`));
    assert.ok(text.includes("<video:title>public &quot;&gt;&lt;script&gt;"));
    assert.ok(text.includes("<loc>http://localhost:80/@Mira</loc>"));
    for (const none of ["0", "x"]) assert.equal((await platform.ask(`/sitemaps/videos/${none}`)).status, 404, none);
    const empty = await platform.ask(`/sitemaps/videos/${Number.MAX_SAFE_INTEGER}`);
    assert.deepEqual(empty.text.match(/<url>/g)?.length, 1, "one without videos has the first page");
  });

  it("lead to a playlist whose validator spares its bytes", async () => {
    const path = `/api/v1/streaming/${ids["public"]}/master.m3u8`;
    const first = await until(async () => {
      const answer = await platform.ask(path);
      return answer.status === 200 ? answer : undefined;
    });
    const etag = String(first.headers["etag"]);
    assert.match(etag, /^"[\w-]{22}"$/);
    const again = await platform.ask(path, { headers: { "if-none-match": etag } });
    assert.deepEqual([again.status, again.text, again.headers["etag"]], [304, "", etag]);
    assert.equal((await platform.ask(path, { headers: { "if-none-match": '"another"' } })).status, 200);
  });

  it("have the line breaks of a form as they were typed", async () => {
    const file = { name: "a.mp4", bytes: await clip("one-frame.mp4") };
    const description = "one\r\ntwo\n\r\nthree";
    const { data } = await platform.upload("/api/v1/videos", mira.token, file, { title: "lines", description });
    assert.equal(data["description"], "one\ntwo\n\nthree");
  });

  it("order the feed of an author by publication, not by creation", async () => {
    const noor = await platform.join("Noor");
    const draft = await publish("public", { by: noor, draft: true });
    const other = await publish("public", { by: noor });
    const { status } = await platform.ask(`/api/v1/videos/${draft}/publish`, { method: "POST", token: noor.token });
    assert.equal(status, 200);
    const { text } = await platform.ask("/feeds/users/Noor");
    assert.deepEqual(filmsOf(text), [draft, other]);
  });
});

const readsMax = 100;
const platform = new Platform({
  publicUrl: "http://localhost:80",
  limits: callerRates({ read: readsMax, write: 1_000, costly: 1_000, login: 1_000, upload: 1_000 }),
});
let mira: Account;
const ids: Record<string, number> = {};

/** A page that says what it is about: it is shown without that where the answer takes too long. */
const previewOf = (path: string) =>
  until(async () => {
    const page = await platform.ask(path);
    return page.text.includes("og:title") ? page : undefined;
  });

/** The videos of an RSS document, in its order. */
const filmsOf = (text: string) =>
  [...text.matchAll(/<guid isPermaLink="true">[^<]*\/watch\/(\d+)</g)].map(([, id]) => Number(id));

async function publish(
  visibility: string,
  { by = mira, draft = false, clipName = "moov-at-end.mp4" } = {},
): Promise<number> {
  const file = { name: clipName, bytes: await clip(clipName) };
  const { data, text } = await platform.upload("/api/v1/videos", by.token, file, {
    title: `${visibility} "><script>alert(1)</script>`,
    description: "by the #sea",
    visibility,
    draft: String(draft),
    ...(visibility === "password" && { password: "open sesame" }),
  });
  await platform.host.drain();
  assert.ok(Number(data["id"]) > 0, text);
  return Number(data["id"]);
}
