import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { accountEn } from "./account-en.ts";
import { en } from "./en.ts";
import { errorsEn } from "./errors-en.ts";
import { errorsZh } from "./errors-zh.ts";
import { accountZh } from "./account-zh.ts";
import { filesEn } from "./files-en.ts";
import { filesZh } from "./files-zh.ts";
import { inboxEn } from "./inbox-en.ts";
import { inboxZh } from "./inbox-zh.ts";
import { libraryEn } from "./library-en.ts";
import { libraryZh } from "./library-zh.ts";
import { liveEn } from "./live-en.ts";
import { liveZh } from "./live-zh.ts";
import { roomEn } from "./room-en.ts";
import { roomZh } from "./room-zh.ts";
import { adminEn } from "./admin-en.ts";
import { adminZh } from "./admin-zh.ts";
import { peopleEn } from "./people-en.ts";
import { publishingEn } from "./publishing-en.ts";
import { searchEn } from "./search-en.ts";
import { searchZh } from "./search-zh.ts";
import { siteEn } from "./site-en.ts";
import { siteZh } from "./site-zh.ts";
import { storageEn } from "./storage-en.ts";
import { storageZh } from "./storage-zh.ts";
import { watchingEn } from "./watching-en.ts";
import { walletEn } from "./wallet-en.ts";
import { walletZh } from "./wallet-zh.ts";
import { yourFeedEn } from "./your-feed-en.ts";
import { yourFeedZh } from "./your-feed-zh.ts";
import { zh } from "./zh.ts";

for (const [name, english, chinese] of [
  ["the texts", en, zh],
  ["the texts of accounts and settings", accountEn, accountZh],
  ["the texts of files", filesEn, filesZh],
  ["the texts of errors", errorsEn, errorsZh],
  ["the texts of the inbox", inboxEn, inboxZh],
  ["the texts of playlists and one's own videos", libraryEn, libraryZh],
  ["the texts of live rooms", liveEn, liveZh],
  ["the texts of chat, gifts and products", roomEn, roomZh],
  ["the texts of coins", walletEn, walletZh],
  ["the texts of search", searchEn, searchZh],
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

/** What has the same name in every language. */
const properNames = (text: string) =>
  [...new Set(text.match(/\b(?:FFmpeg|bubblewrap|KINORA_\w+|npm run \w+)/g))].toSorted((a, b) => a.localeCompare(b));
