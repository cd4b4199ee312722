import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nameKey } from "#kernel/text";
import fc from "fast-check";
import { hashtagsOf, namesIn, tagsPerVideoMax } from "./tags.ts";

describe("the hashtags of a video", () => {
  it("are found where a number sign begins a word, in any script", () => {
    assert.deepEqual(namesIn("#sea, #日落。今天#美食 ＃Ｆｕｌｌ width #Ñandú_2 #हिन्दी!"), [
      "sea",
      "日落",
      "美食",
      "Full",
      "Ñandú_2",
      "हिन्दी",
    ]);
    assert.deepEqual(namesIn("#话题#很好看 ##旅行##夜 #a#b"), ["话题", "旅行", "夜", "a", "b"]);
  });

  it("are not found in words, addresses, references and numbers", () => {
    assert.deepEqual(namesIn("c#sharp https://x.example/#top &#39; # alone #1 #️⃣ café#x"), []);
    assert.deepEqual(namesIn(`#${"x".repeat(51)} #${"y".repeat(50)}`), ["y".repeat(50)]);
  });

  it("come from the field, then from the texts, each once as first written", () => {
    const texts = {
      title: "#sea at #Dusk",
      description: "#SEA #ｄｕｓｋ #rain",
      hashtags: ["#Sea", " wind ", "#", ""],
    };
    assert.deepEqual(hashtagsOf(texts), ["Sea", "wind", "Dusk", "rain"]);
  });

  it("are at most thirty, without two spellings of one", () => {
    const word = fc.stringMatching(/^[a-dA-D]{1,3}$/);
    const words = fc.array(word, { maxLength: 60, size: "max" });
    fc.assert(
      fc.property(words, words, words, (hashtags, title, description) => {
        const text = (names: string[]) => names.map((name) => `#${name}`).join(" ");
        const tags = hashtagsOf({ hashtags, title: text(title), description: text(description) });
        const all = [...hashtags, ...title, ...description];
        const expected = [...new Set(all.map(nameKey))].slice(0, tagsPerVideoMax);
        assert.deepEqual(tags.map(nameKey), expected);
        for (const name of tags) assert.ok(all.includes(name));
      }),
    );
  });

  it("are parsed alike from their own list, for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (title) => {
        const names = hashtagsOf({ title: `#${title}`, description: "", hashtags: [] });
        assert.deepEqual(
          hashtagsOf({ title: names.map((n) => `#${n}`).join(" "), description: "", hashtags: [] }),
          names,
        );
      }),
    );
  });
});
