import { readFile } from "node:fs/promises";
import { minify, type Plugin } from "vite";
import { type Bundle, withImports } from "./bundle.ts";

const early = (name: string) => readFile(new URL(`../early/${name}`, import.meta.url), "utf8");
const linkedScript = /<script type="module"[^>]*src="(\/assets\/index-[^"]*)"><\/script>/;
/** A slow line is shared equally by what is fetched: one large script beside the first cover, the others after it. */
const laterPreload = /<link rel="modulepreload"[^>]*href="\/assets\/(?!react-)[^"]*">\s*/g;
const linkedStyle = /<link rel="stylesheet"[^>]*href="(\/assets\/app-[^"]*)">/;

/**
 * Puts into the page what its first paint needs, so that nothing is waited for: `early/page.css` and `early/boot.js`, which
 * the server permits by their hashes. A linked style sheet and the app would hold up that paint: `boot.js` finds their names
 * in the page, and those of the scripts that pages begin with. The typeface is linked, so that text never jumps.
 */
export function earlyPage(): Plugin {
  return {
    name: "kinora:early-page",
    transformIndexHtml: {
      order: "post",
      async handler(html, { bundle = {} }) {
        const { code } = await minify("boot.js", await early("boot.js"));
        const css = (await early("page.css")).replaceAll(/\/\*[^]*?\*\//g, "").replaceAll(/\s+/g, " ");
        const app = [...withImports(bundle, ({ isEntry, fileName }) => isEntry && html.includes(fileName))].map(
          (name) => `/${name}`,
        );
        const [, style] = linkedStyle.exec(html) ?? [];
        const files = JSON.stringify({ app, style, ...scripts(bundle, html) });
        const font = Object.keys(bundle).find((name) => /inter-latin-wght-normal.*\.woff2$/.test(name));
        const fontLink = { rel: "preload", as: "font", type: "font/woff2", href: `/${font}`, crossorigin: true };
        return {
          html: html.replace(linkedScript, "").replace(linkedStyle, "").replaceAll(laterPreload, ""),
          tags: [
            { tag: "meta", attrs: { name: "kinora-files", content: files }, injectTo: "head-prepend" },
            { tag: "style", children: css, injectTo: "head" },
            { tag: "script", children: code, injectTo: "head" },
            ...(font === undefined ? [] : [{ tag: "link", attrs: fontLink, injectTo: "head" as const }]),
          ],
        };
      },
    },
  };
}

/** The scripts of each kind of page beside those that every page links. */
function scripts(bundle: Bundle, html: string): Record<"feed" | "explore" | "watch" | "room", string[]> {
  const of = (isRoot: (name: string, source: string) => boolean) =>
    [...withImports(bundle, ({ fileName, facadeModuleId }) => isRoot(fileName, facadeModuleId ?? ""))]
      .map((name) => `/${name}`)
      .filter((path) => !html.includes(path));
  // English is there in every language.
  const roomTexts = of((_name, source) => /\/i18n\/en\/(?:live|room)-en\.ts$/.test(source));
  const player = of((name) => /\/hls-[^/]*\.js$/.test(name));
  return {
    feed: player,
    explore: of((_name, source) => source.endsWith("/explore/explore-page.tsx")),
    watch: [...of((_name, source) => source.endsWith("/watch/watch-page.tsx")), ...player],
    room: [...of((_name, source) => source.endsWith("/live/room/room-page.tsx")), ...roomTexts, ...player],
  };
}
