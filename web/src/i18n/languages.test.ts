import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { en } from "./en.ts";
import { filesEn } from "./files-en.ts";
import { filesZh } from "./files-zh.ts";
import { inboxEn } from "./inbox-en.ts";
import { inboxZh } from "./inbox-zh.ts";
import { libraryEn } from "./library-en.ts";
import { libraryZh } from "./library-zh.ts";
import { officeEn } from "./office-en.ts";
import { officeZh } from "./office-zh.ts";
import { zh } from "./zh.ts";

for (const [name, english, chinese] of [
  ["the texts", en, zh],
  ["the texts of files", filesEn, filesZh],
  ["the texts of the inbox", inboxEn, inboxZh],
  ["the texts of playlists and one's own videos", libraryEn, libraryZh],
  ["the texts of moderation and administration", officeEn, officeZh],
] as const)
  describe(name, () => areWhole(english, chinese));

it("has no text in two parts", () => {
  assert.deepEqual(
    Object.keys({ ...filesEn, ...inboxEn, ...libraryEn }).filter((key) => key in en || key in officeEn),
    [],
  );
  assert.deepEqual(
    Object.keys(officeEn).filter((key) => key in en || key in inboxEn),
    [],
  );
});

type Texts = Readonly<Record<string, string>>;

function areWhole(en: Texts, zh: Texts) {
  it("have the same keys in both languages", () => {
    assert.deepEqual(Object.keys(zh).toSorted(), Object.keys(en).toSorted());
  });

  it("are never empty and fill in the same values", () => {
    const english = new Map<string, string>(Object.entries(en));
    for (const [key, chinese] of Object.entries(zh)) {
      assert.notEqual(chinese.trim(), "", key);
      assert.deepEqual(placeholders(chinese), placeholders(english.get(key) ?? ""), key);
    }
  });

  it("come in pairs where they follow a count", () => {
    const keys = new Set(Object.keys(en));
    for (const key of keys) if (key.endsWith("_one")) assert.ok(keys.has(key.replace(/_one$/, "_other")), key);
  });
}

const placeholders = (text: string) =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? "").toSorted((a, b) => a.localeCompare(b));
