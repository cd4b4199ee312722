import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { yourFeedEn } from "#base/i18n/en/your-feed-en.ts";
import { interestName, mutedName, mutedSubject, weightKey, withoutSign } from "./words.ts";

const author = { id: 7, username: "marlow", nickname: "Marlow", avatar: "", is_followed: false };
const t = (key: keyof typeof yourFeedEn) => yourFeedEn[key];

describe("the words of a weight", () => {
  it("go from much less to much more, with as usual at 0", () => {
    const words = [-2, -1, 0, 1, 2].map((weight) => t(weightKey(weight)));
    assert.deepEqual(words, ["much less", "less", "as usual", "a little more", "much more"]);
  });

  it("stay within their ends for weights beyond them", () => {
    assert.deepEqual([-3, 3].map(weightKey), [-2, 2].map(weightKey));
  });
});

describe("the name of an interest", () => {
  it("is the tag, the person's name, or the length in words", () => {
    assert.equal(interestName({ kind: "tag", name: "trains", author: null }, t), "#trains");
    assert.equal(interestName({ kind: "author", name: "7", author }, t), "Marlow");
    assert.equal(interestName({ kind: "author", name: "7", author: { ...author, nickname: "" } }, t), "marlow");
    const lengths = ["short", "medium", "long"].map((name) => interestName({ kind: "length", name, author: null }, t));
    assert.deepEqual(lengths, ["under 1 min", "1–10 min", "over 10 min"]);
  });

  it("is null for a deleted account and for a length of a later version", () => {
    assert.equal(interestName({ kind: "author", name: "7", author: null }, t), null);
    assert.equal(interestName({ kind: "length", name: "endless", author: null }, t), null);
  });
});

describe("what is muted", () => {
  it("is named for people and for the API, unless its account was deleted", () => {
    assert.equal(mutedName({ tag: "pranks", author: null }), "#pranks");
    assert.equal(mutedName({ tag: null, author }), "Marlow");
    assert.equal(mutedName({ tag: null, author: null }), null);
    assert.deepEqual(mutedSubject({ tag: "pranks", author: null }), { kind: "tag", name: "pranks" });
    assert.deepEqual(mutedSubject({ tag: null, author }), { kind: "author", name: "7" });
    assert.equal(mutedSubject({ tag: null, author: null }), null);
  });

  it("is typed with or without its sign", () => {
    assert.deepEqual(["#pranks", " @marlow ", "＃pranks", "pranks", " # "].map(withoutSign), [
      "pranks",
      "marlow",
      "pranks",
      "pranks",
      "",
    ]);
  });
});
