import { readFileSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { serviceWorkerSource } from "./scripts/service-worker.ts";

/** Where the server is, as `npm run dev` says. */
const server = process.env["KINORA_DEV_SERVER"] ?? "http://127.0.0.1:8080";

/** All that the server answers and no page has, by the first part of the path. */
const openApi = JSON.parse(readFileSync(new URL("../api/openapi.json", import.meta.url), "utf8")) as {
  paths: Record<string, unknown>;
}; // Generated, with this shape.
const names = new Set(Object.keys(openApi.paths).map((path) => path.split("/")[1] ?? ""));
const ofServer = new RegExp(`^/(?:${[...names].map((name) => name.replaceAll(".", "\\.")).join("|")})(?:[/?]|$)`);
/** These are pages as well as addresses that programs send to. */
const isPage = ({ method, url = "" }: IncomingMessage): boolean =>
  method === "GET" && /^\/(?:login|upload)\b/.test(url);
const serverWaitMsMax = 10_000;

/** Requests wait while the server reloads, so that a page never shows an error that nobody made. */
function waitForServer(): Plugin {
  const { hostname, port } = new URL(server);
  const isOpen = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect({ host: hostname, port: Number(port) }, () => resolve(true));
      socket.once("error", () => resolve(false)).once("connect", () => socket.end());
    });
  return {
    name: "kinora:wait-for-server",
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        if (!ofServer.test(request.url ?? "") || isPage(request)) return next();
        const wait = async (): Promise<void> => {
          for (const until = Date.now() + serverWaitMsMax; Date.now() < until; ) {
            if (await isOpen()) return next();
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
          response.writeHead(503, { "content-type": "text/plain" });
          response.end("The server did not start: the terminal of npm run dev shows why.\n");
        };
        wait().catch(next);
      });
    },
  };
}

/**
 * Names in the page what is wanted early: the typeface of the first paint, so that text never jumps, and the player's
 * code, which `public/boot.js` asks for on pages that begin with a video.
 */
function earlyFiles(): Plugin {
  return {
    name: "kinora:early-files",
    transformIndexHtml: {
      order: "post",
      handler: (_html, context) => {
        const names = Object.keys(context.bundle ?? {});
        const font = names.find((name) => /inter-latin-wght-normal.*\.woff2$/.test(name));
        const player = names.find((name) => /\/hls-[^/]*\.js$/.test(name));
        if (font === undefined || player === undefined) return [];
        const fontLink = { rel: "preload", as: "font", type: "font/woff2", href: `/${font}`, crossorigin: true };
        return [
          { tag: "link", attrs: fontLink, injectTo: "head" },
          { tag: "meta", attrs: { name: "kinora-player", content: `/${player}` }, injectTo: "head-prepend" },
        ];
      },
    },
  };
}

/** Writes `sw.js`: the shell's file names are known only after they are hashed. */
function serviceWorker(): Plugin {
  return {
    name: "kinora:service-worker",
    apply: "build",
    generateBundle(_options, bundle) {
      const shell = Object.keys(bundle).filter((name) => /\.(?:js|css)$/.test(name) || /inter-latin-wght/.test(name));
      this.emitFile({ type: "asset", fileName: "sw.js", source: serviceWorkerSource(shell) });
    },
  };
}

/** Writes a compressed copy beside each text file, so that the server never compresses while a client waits. */
function compressedCopies(): Plugin {
  return {
    name: "kinora:compressed-copies",
    apply: "build",
    async writeBundle({ dir = "" }) {
      for (const name of await readdir(dir, { recursive: true })) {
        if (!/\.(?:js|css|svg|webmanifest)$/.test(name)) continue;
        const bytes = await readFile(join(dir, name));
        if (bytes.byteLength < 1_024) continue;
        await writeFile(join(dir, `${name}.br`), brotliCompressSync(bytes));
        await writeFile(join(dir, `${name}.gz`), gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

/** Chooses the chunk of a module: all that the first page needs is one file, because many small ones take longer. */
function firstPageChunk(): (id: string, graph: { getModuleInfo: (id: string) => ModuleNode | null }) => string | null {
  let needed: Set<string> | null = null;
  return (id, graph) => {
    if (needed === null) {
      needed = new Set();
      const icons = new Set<string>();
      const waiting = [fileURLToPath(new URL("src/main.tsx", import.meta.url))];
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        if (needed.has(next)) continue;
        needed.add(next);
        if (next.startsWith(sources)) for (const icon of iconsIn(readFileSync(next, "utf8"))) icons.add(icon);
        waiting.push(...(graph.getModuleInfo(next)?.importedIds ?? []));
      }
      // An import of one icon fetches the whole library: the first page needs its own alone.
      for (const each of needed)
        if (iconFile.test(each) && !icons.has(iconFile.exec(each)?.[1] ?? "")) needed.delete(each);
    }
    return needed.has(id) ? "app" : null;
  };
}

const sources = fileURLToPath(new URL("src/", import.meta.url));
const iconFile = /\/lucide-react\/dist\/esm\/icons\/([\w-]+)\.m?js$/;

/** The icons a module imports, as their files are called: `HardDrive` is in `hard-drive`. */
const iconsIn = (code: string): string[] =>
  [...code.matchAll(/import \{([^}]*)\} from "lucide-react"/g)].flatMap(([, names = ""]) =>
    names
      .split(",")
      .map((name) =>
        name
          .trim()
          .replaceAll(/(?<=[a-z\d])(?=[A-Z\d])|(?<=\d)(?=[A-Z])/g, "-")
          .toLowerCase(),
      )
      .filter((name) => name !== ""),
  );

interface ModuleNode {
  importedIds: string[];
}

export default defineConfig({
  plugins: [react(), tailwindcss(), earlyFiles(), serviceWorker(), compressedCopies(), waitForServer()],
  server: {
    host: "127.0.0.1",
    proxy: {
      [ofServer.source]: {
        target: server,
        ws: true,
        bypass: (request) => (isPage(request) ? request.url : undefined),
      },
    },
  },
  // By this name the server knows what may run WebAssembly.
  worker: { format: "es", rolldownOptions: { output: { entryFileNames: "assets/worker-[name]-[hash].js" } } },
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: firstPageChunk() }] } } },
  },
});
