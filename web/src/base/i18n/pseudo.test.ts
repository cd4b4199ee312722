import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { en } from "./en.ts";
import { accountEn } from "./en/account-en.ts";
import { adminEn } from "./en/admin-en.ts";
import { filesEn } from "./en/files-en.ts";
import { inboxEn } from "./en/inbox-en.ts";
import { libraryEn } from "./en/library-en.ts";
import { siteEn } from "./en/site-en.ts";
import { storageEn } from "./en/storage-en.ts";
import { pseudoText, pseudoTexts } from "./pseudo.ts";

describe("the pseudo-language", () => {
  const parts = [en, accountEn, filesEn, inboxEn, libraryEn, adminEn, siteEn, storageEn];
  const english = Object.fromEntries(parts.flatMap((part) => Object.entries(part)));
  const pseudo = new Map(Object.entries(pseudoTexts(english)));

  it("has every key of English, in brackets, at least 1.3 times as long", () => {
    assert.deepEqual([...pseudo.keys()], Object.keys(english));
    for (const [key, text] of Object.entries(english)) {
      const longer = pseudo.get(key) ?? "";
      assert.match(longer, /^\[[^]*\]$/, key);
      assert.ok(written(longer) >= written(text) * 1.3, `${key}: ${longer}`);
    }
  });

  it("keeps what is filled in and tags, in their order", () => {
    for (const [key, text] of Object.entries(english))
      assert.deepEqual((pseudo.get(key) ?? "").match(kept), text.match(kept), key);
    assert.match(pseudoText("Read <1>the rules</1> of {{name}}"), /^\[[^<]+<1>[^<]+<\/1>[^{]+\{\{name\}\}\]$/);
  });
});

const kept = /\{\{[^}]*\}\}|<[^>]*>/g;
/** How much of a text is written by translators. */
const written = (text: string): number => text.replaceAll(kept, "").length;
