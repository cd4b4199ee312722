import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { escaped, headOf, rss, withHead } from "./markup.ts";

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
    assert.doesNotMatch(head, /<script|<!--/);
    const page = withHead("<head><title>x</title></head>", head);
    assert.equal(page.split("<title>").length, 2);
    assert.ok(page.includes("$&amp;"));
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        assert.doesNotMatch(escaped(text), /[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
        const feed = rss({ title: text, description: text, url: text, self: text }, [
          { title: text, description: text, url: text, image: text, author: text, publishedAtMs: 0 },
        ]);
        const knownTag =
          /^<(?:\?xml|\/?(?:rss|channel|title|link|description|item|guid|pubDate|dc:creator)|atom:link|media:thumbnail)[ >/]/;
        for (const [tag] of feed.matchAll(/<[^>]*>/g)) assert.match(tag, knownTag);
      }),
    );
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
