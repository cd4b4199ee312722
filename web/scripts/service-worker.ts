import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Bundle, withImports } from "./bundle.ts";

/** The shell has no texts for administrators, and none of locked things, invitations, wallets and rooms: they need the server. */
const textsOf =
  /\/i18n\/(?:(?:en|zh)\/(?!admin|audit|site|storage|gates|invitations|security|wallets|room)[\w-]+-)?(en|zh)\.ts$/;
const languages = { en: "en", zh: "zh-CN" } as const;
const source = new URL("../worker/sw.js", import.meta.url);

/**
 * The service worker as text. Its shell is what every page begins with: the page itself, its script with what that
 * imports, style, typeface and icon, and the texts of one language. Other files are kept when they are used.
 */
export function serviceWorkerSource(bundle: Bundle): string {
  const shell = [
    ...withImports(bundle, ({ isEntry }) => isEntry),
    ...Object.keys(bundle).filter((name) => /\/app-[^/]*\.css$|inter-latin-wght-normal/.test(name)),
  ];
  const paths = [...shell.toSorted().map((name) => `/${name}`), "/icon.svg", "/manifest.webmanifest"];
  const texts = textFiles(bundle, new Set(shell));
  const workerSource = readFileSync(source, "utf8");
  const version = createHash("sha256")
    .update(JSON.stringify([paths, texts, workerSource]))
    .digest("hex")
    .slice(0, 16);
  return [
    `const version = ${JSON.stringify(version)};`,
    `const shell = ${JSON.stringify(paths)};`,
    `const texts = ${JSON.stringify(texts)};`,
    workerSource,
  ].join("\n");
}

/** The files of texts, by language. */
function textFiles(bundle: Bundle, shell: ReadonlySet<string>): Record<string, string[]> {
  const texts: Record<string, string[]> = { en: [], "zh-CN": [] };
  for (const each of Object.values(bundle)) {
    if (each.type !== "chunk" || shell.has(each.fileName)) continue;
    const [, language] = textsOf.exec(each.facadeModuleId ?? "") ?? [];
    if (language === "en" || language === "zh") texts[languages[language]]?.push(`/${each.fileName}`);
  }
  for (const list of Object.values(texts)) list.sort();
  return texts;
}
