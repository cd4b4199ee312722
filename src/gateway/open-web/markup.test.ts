import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { escapeXml } from "#kernel/text";
import { headOf, rss, withHead } from "./markup.ts";

const filmAt = (url: string) => ({
  url,
  type: "application/vnd.apple.mpegurl",
  durationS: 24,
  width: 640,
  height: 360,
});
const preview = {
  description: "",
  url: "https://video.example/watch/1",
  image: "",
  site: "Kinora",
  kind: "video",
  embedUrl: "https://video.example/embed/1",
} as const;

describe("the preview of a page on other sites", () => {
  it("escapes any text of users in pages and feeds (S6.2)", () => {
    const hostile = `"><script>alert(1)</script><!-- ' $& \u0000 ]]>`;
    const head = headOf({ ...preview, title: hostile, description: hostile });
    assert.doesNotMatch(head.replace('<script type="application/ld+json">', ""), /<script|<!--/);
    const [, data = ""] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(head) ?? [];
    assert.equal((JSON.parse(data) as { name: string }).name, hostile);
    const page = withHead("<head><title>x</title></head>", head);
    assert.equal(page.split("<title>").length, 2);
    assert.ok(page.includes("$&amp;"));
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        assert.doesNotMatch(escapeXml(text), /[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
        const feed = rss({ title: text, description: text, url: text, self: text }, [
          {
            title: text,
            description: text,
            url: text,
            image: text,
            author: text,
            media: filmAt(text),
            publishedAtMs: 0,
          },
        ]);
        const knownTag =
          /^<(?:\?xml|\/?(?:rss|channel|title|link|description|item|guid|pubDate|dc:creator)|atom:link|media:thumbnail|media:content)[ >/]/;
        for (const [tag] of feed.matchAll(/<[^>]*>/g)) assert.match(tag, knownTag);
      }),
    );
  });

  it("has the film for machines that play or index videos, beside the player", () => {
    const head = headOf({
      ...preview,
      title: "Sea",
      image: "https://video.example/c.jpg",
      media: filmAt("https://video.example/master.m3u8"),
      durationS: 23.98,
      publishedAt: "2026-11-20T00:00:00.000Z",
      author: "Mira",
      authorUrl: "https://video.example/@mira",
    });
    const [film, player] = [...head.matchAll(/og:video" content="([^"]*)"/g)].map(([, url]) => url);
    assert.deepEqual([film, player], ["https://video.example/master.m3u8", "https://video.example/embed/1"]);
    assert.ok(head.includes('<meta property="og:video:type" content="application/vnd.apple.mpegurl" />'));
    const [, data = ""] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(head) ?? [];
    assert.deepEqual(JSON.parse(data), {
      "@context": "https://schema.org",
      "@type": "VideoObject",
      name: "Sea",
      description: "Sea",
      url: "https://video.example/watch/1",
      thumbnailUrl: ["https://video.example/c.jpg"],
      uploadDate: "2026-11-20T00:00:00.000Z",
      duration: "PT24S",
      contentUrl: "https://video.example/master.m3u8",
      encodingFormat: "application/vnd.apple.mpegurl",
      embedUrl: "https://video.example/embed/1",
      author: { "@type": "Person", name: "Mira", url: "https://video.example/@mira" },
    });
    assert.doesNotMatch(headOf({ ...preview, kind: "profile", title: "Mira" }), /ld\+json/);
  });

  it("has Open Graph and Twitter tags for title, picture and player", () => {
    const head = headOf({ ...preview, title: "Sea", image: "https://video.example/c.jpg", width: 1280, height: 720 });
    for (const part of [
      '<meta property="og:title" content="Sea" />',
      '<meta property="og:image" content="https://video.example/c.jpg" />',
      '<meta property="og:video" content="https://video.example/embed/1" />',
      '<meta property="twitter:card" content="player" />',
      "<title>Sea · Kinora</title>",
    ])
      assert.ok(head.includes(part), part);
  });
});
