import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { en } from "./en.ts";
import { accountEn } from "./en/account-en.ts";
import { adminEn } from "./en/admin-en.ts";
import { errorsEn } from "./en/errors-en.ts";
import { filesEn } from "./en/files-en.ts";
import { gatesEn } from "./en/gates-en.ts";
import { inboxEn } from "./en/inbox-en.ts";
import { libraryEn } from "./en/library-en.ts";
import { liveEn } from "./en/live-en.ts";
import { peopleEn } from "./en/people-en.ts";
import { publishingEn } from "./en/publishing-en.ts";
import { roomEn } from "./en/room-en.ts";
import { searchEn } from "./en/search-en.ts";
import { securityEn } from "./en/security-en.ts";
import { siteEn } from "./en/site-en.ts";
import { storageEn } from "./en/storage-en.ts";
import { walletEn } from "./en/wallet-en.ts";
import { watchingEn } from "./en/watching-en.ts";
import { yourFeedEn } from "./en/your-feed-en.ts";
import { zh } from "./zh.ts";
import { accountZh } from "./zh/account-zh.ts";
import { adminZh } from "./zh/admin-zh.ts";
import { errorsZh } from "./zh/errors-zh.ts";
import { filesZh } from "./zh/files-zh.ts";
import { gatesZh } from "./zh/gates-zh.ts";
import { inboxZh } from "./zh/inbox-zh.ts";
import { libraryZh } from "./zh/library-zh.ts";
import { liveZh } from "./zh/live-zh.ts";
import { roomZh } from "./zh/room-zh.ts";
import { searchZh } from "./zh/search-zh.ts";
import { securityZh } from "./zh/security-zh.ts";
import { siteZh } from "./zh/site-zh.ts";
import { storageZh } from "./zh/storage-zh.ts";
import { walletZh } from "./zh/wallet-zh.ts";
import { yourFeedZh } from "./zh/your-feed-zh.ts";

for (const [name, english, chinese] of [
  ["the texts", en, zh],
  ["the texts of accounts and settings", accountEn, accountZh],
  ["the texts of files", filesEn, filesZh],
  ["the texts of gates", gatesEn, gatesZh],
  ["the texts of errors", errorsEn, errorsZh],
  ["the texts of the inbox", inboxEn, inboxZh],
  ["the texts of playlists and one's own videos", libraryEn, libraryZh],
  ["the texts of live rooms", liveEn, liveZh],
  ["the texts of chat, gifts and products", roomEn, roomZh],
  ["the texts of coins", walletEn, walletZh],
  ["the texts of search", searchEn, searchZh],
  ["the texts of the security of an account", securityEn, securityZh],
  ["the texts of moderation and administration", adminEn, adminZh],
  ["the texts of stores and media", storageEn, storageZh],
  ["the texts of the settings of the site", siteEn, siteZh],
  ["the texts of one's own feed", yourFeedEn, yourFeedZh],
] as const)
  describe(name, () => areWhole(english, chinese));

it("each text key belongs to one part only", () => {
  const parts = [
    en,
    accountEn,
    errorsEn,
    filesEn,
    inboxEn,
    libraryEn,
    liveEn,
    roomEn,
    walletEn,
    searchEn,
    gatesEn,
    securityEn,
    adminEn,
    siteEn,
    storageEn,
    yourFeedEn,
  ];
  // The texts of the first page are composed of areas; a spread hides a key that two of them have.
  const areas = [peopleEn, watchingEn, publishingEn];
  for (const together of [parts, areas]) {
    const keys = together.flatMap((texts) => Object.keys(texts));
    assert.deepEqual(
      keys.filter((key, place) => keys.indexOf(key) !== place),
      [],
    );
  }
});

type Texts = Readonly<Record<string, string>>;

function areWhole(en: Texts, zh: Texts) {
  it("have the same keys in both languages", () => {
    assert.deepEqual(Object.keys(zh).toSorted(), Object.keys(en).toSorted());
  });

  it("are never empty in Chinese, and have the same placeholders in both languages", () => {
    const english = new Map<string, string>(Object.entries(en));
    for (const [key, chinese] of Object.entries(zh)) {
      assert.notEqual(chinese.trim(), "", key);
      assert.deepEqual(placeholders(chinese), placeholders(english.get(key) ?? ""), key);
    }
  });

  it("call the site by its own name, and by the program's for those who run it alone", () => {
    for (const texts of [en, zh])
      for (const [key, text] of Object.entries(texts))
        if (!/^(?:overview|advice|site|media|audit|admin|storage|first\.noToken)\b/.test(key))
          assert.doesNotMatch(text, /Kinora/, key);
  });

  it("name the same programs, settings and commands in both languages", () => {
    const english = new Map<string, string>(Object.entries(en));
    for (const [key, chinese] of Object.entries(zh))
      assert.deepEqual(properNames(chinese), properNames(english.get(key) ?? ""), key);
  });

  it("have a plural form for every singular form", () => {
    const keys = new Set(Object.keys(en));
    for (const key of keys) if (key.endsWith("_one")) assert.ok(keys.has(key.replace(/_one$/, "_other")), key);
  });
}

const placeholders = (text: string) =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? "").toSorted((a, b) => a.localeCompare(b));

/** Names that are the same in every language. */
const properNames = (text: string) =>
  [...new Set(text.match(/\b(?:FFmpeg|bubblewrap|KINORA_\w+|npm run \w+)/g))].toSorted((a, b) => a.localeCompare(b));
