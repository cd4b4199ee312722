import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { importAgain } from "#base/api/request/import-again.ts";
import { currentSite } from "#base/api/site.ts";
import { en } from "./en.ts";
import type { accountEn } from "./en/account-en.ts";
import type { adminEn } from "./en/admin-en.ts";
import type { errorsEn } from "./en/errors-en.ts";
import type { gatesEn } from "./en/gates-en.ts";
import type { filesEn } from "./en/files-en.ts";
import type { inboxEn } from "./en/inbox-en.ts";
import type { invitationsEn } from "./en/invitations-en.ts";
import type { libraryEn } from "./en/library-en.ts";
import type { liveEn } from "./en/live-en.ts";
import type { roomEn } from "./en/room-en.ts";
import type { searchEn } from "./en/search-en.ts";
import type { securityEn } from "./en/security-en.ts";
import type { siteEn } from "./en/site-en.ts";
import type { storageEn } from "./en/storage-en.ts";
import type { walletEn } from "./en/wallet-en.ts";
import type { walletsEn } from "./en/wallets-en.ts";
import type { yourFeedEn } from "./en/your-feed-en.ts";
import { siteKey } from "./error-text.ts";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "app";
    keySeparator: false;
    nsSeparator: false;
    resources: {
      app: typeof en &
        typeof accountEn &
        typeof errorsEn &
        typeof filesEn &
        typeof gatesEn &
        typeof inboxEn &
        typeof invitationsEn &
        typeof libraryEn &
        typeof liveEn &
        typeof roomEn &
        typeof walletEn &
        typeof walletsEn &
        typeof searchEn &
        typeof securityEn &
        typeof adminEn &
        typeof storageEn &
        typeof siteEn &
        typeof yourFeedEn;
    };
  }
}

/** The languages of the interface, each named in itself. */
export const languages = [
  { code: "en", name: "English" },
  { code: "zh-CN", name: "简体中文" },
] as const;
export type Language = (typeof languages)[number]["code"];

const storageKey = "kinora.language";
/** The pseudo-language, for tests of layouts: made from English, right to left, and in no menu. */
const pseudo = "qps-Arab";

/** The nearest language we speak; English when there is none. */
function nearest(wanted: string): Language | typeof pseudo {
  if (wanted.startsWith("qps")) return pseudo;
  return wanted.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

/** The texts of a language that was loaded, for lookups by a code that is only known at run time. */
export const textsOf = (language: string): Readonly<Record<string, string>> => ({
  ...(i18next.getResourceBundle(language, "app") ?? en),
  [siteKey]: currentSite().name,
});

type TextsByKey = Readonly<Record<string, string>>;
const textsFrom =
  <Name extends string>(load: () => Promise<Record<Name, TextsByKey>>, name: Name) =>
  async () =>
    (await importAgain(load))[name];
const chinese = textsFrom(() => import("./zh.ts"), "zh");

/** Texts of pages that many never open: they come with those pages. */
const parts = {
  account: {
    en: textsFrom(() => import("./en/account-en.ts"), "accountEn"),
    "zh-CN": textsFrom(() => import("./zh/account-zh.ts"), "accountZh"),
  },
  errors: {
    en: textsFrom(() => import("./en/errors-en.ts"), "errorsEn"),
    "zh-CN": textsFrom(() => import("./zh/errors-zh.ts"), "errorsZh"),
  },
  files: {
    en: textsFrom(() => import("./en/files-en.ts"), "filesEn"),
    "zh-CN": textsFrom(() => import("./zh/files-zh.ts"), "filesZh"),
  },
  gates: {
    en: textsFrom(() => import("./en/gates-en.ts"), "gatesEn"),
    "zh-CN": textsFrom(() => import("./zh/gates-zh.ts"), "gatesZh"),
  },
  inbox: {
    en: textsFrom(() => import("./en/inbox-en.ts"), "inboxEn"),
    "zh-CN": textsFrom(() => import("./zh/inbox-zh.ts"), "inboxZh"),
  },
  invitations: {
    en: textsFrom(() => import("./en/invitations-en.ts"), "invitationsEn"),
    "zh-CN": textsFrom(() => import("./zh/invitations-zh.ts"), "invitationsZh"),
  },
  library: {
    en: textsFrom(() => import("./en/library-en.ts"), "libraryEn"),
    "zh-CN": textsFrom(() => import("./zh/library-zh.ts"), "libraryZh"),
  },
  live: {
    en: textsFrom(() => import("./en/live-en.ts"), "liveEn"),
    "zh-CN": textsFrom(() => import("./zh/live-zh.ts"), "liveZh"),
  },
  room: {
    en: textsFrom(() => import("./en/room-en.ts"), "roomEn"),
    "zh-CN": textsFrom(() => import("./zh/room-zh.ts"), "roomZh"),
  },
  wallet: {
    en: textsFrom(() => import("./en/wallet-en.ts"), "walletEn"),
    "zh-CN": textsFrom(() => import("./zh/wallet-zh.ts"), "walletZh"),
  },
  wallets: {
    en: textsFrom(() => import("./en/wallets-en.ts"), "walletsEn"),
    "zh-CN": textsFrom(() => import("./zh/wallets-zh.ts"), "walletsZh"),
  },
  search: {
    en: textsFrom(() => import("./en/search-en.ts"), "searchEn"),
    "zh-CN": textsFrom(() => import("./zh/search-zh.ts"), "searchZh"),
  },
  security: {
    en: textsFrom(() => import("./en/security-en.ts"), "securityEn"),
    "zh-CN": textsFrom(() => import("./zh/security-zh.ts"), "securityZh"),
  },
  admin: {
    en: textsFrom(() => import("./en/admin-en.ts"), "adminEn"),
    "zh-CN": textsFrom(() => import("./zh/admin-zh.ts"), "adminZh"),
  },
  site: {
    en: textsFrom(() => import("./en/site-en.ts"), "siteEn"),
    "zh-CN": textsFrom(() => import("./zh/site-zh.ts"), "siteZh"),
  },
  storage: {
    en: textsFrom(() => import("./en/storage-en.ts"), "storageEn"),
    "zh-CN": textsFrom(() => import("./zh/storage-zh.ts"), "storageZh"),
  },
  yourFeed: {
    en: textsFrom(() => import("./en/your-feed-en.ts"), "yourFeedEn"),
    "zh-CN": textsFrom(() => import("./zh/your-feed-zh.ts"), "yourFeedZh"),
  },
};
export type Part = keyof typeof parts;
const requestedParts = new Set<Part>();
const loaded = new Set<string>();

/** English is always there, as what is spoken where nothing else is; another language is fetched when it is wanted. */
async function load(language: Language | typeof pseudo): Promise<void> {
  const add = (texts: object) => i18next.addResourceBundle(language, "app", texts);
  const inPseudo = async (texts: TextsByKey) => (await import("./pseudo.ts")).pseudoTexts(texts);
  if (language !== "en" && !i18next.hasResourceBundle(language, "app"))
    add(language === pseudo ? await inPseudo(en) : await chinese());
  const addPart = async (part: Part) => {
    const name = `${part} ${language}`;
    if (loaded.has(name)) return;
    add(await (language === pseudo ? inPseudo(await parts[part].en()) : parts[part][language]()));
    loaded.add(name);
  };
  await Promise.all([...requestedParts].map(addPart));
}

/** Settles when the texts of these parts are there, in the viewer's language and in English. */
export async function loadTexts(...wantedNow: readonly Part[]): Promise<void> {
  for (const part of wantedNow) requestedParts.add(part);
  const current = nearest(i18next.language);
  await Promise.all([load("en"), current !== "en" && load(current)]);
}

export async function startI18n(): Promise<void> {
  const language = nearest(localStorage.getItem(storageKey) ?? navigator.language);
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    supportedLngs: ["en", "zh-CN", pseudo],
    resources: { en: { app: en } },
    defaultNS: "app",
    keySeparator: false,
    nsSeparator: false,
    interpolation: {
      // React escapes what it renders.
      escapeValue: false,
      // Read with each text, as administrators may change it.
      defaultVariables: {
        get site() {
          return currentSite().name;
        },
      },
    },
  });
  await load(language);
  if (language !== "en") await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  document.documentElement.dir = language === pseudo ? "rtl" : "ltr";
}

/** Changes the language now and for later visits. */
export async function setLanguage(language: Language): Promise<void> {
  localStorage.setItem(storageKey, language);
  await load(language);
  document.documentElement.lang = language;
  document.documentElement.dir = "ltr";
  await i18next.changeLanguage(language);
}
