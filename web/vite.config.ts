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
import { chunks } from "./scripts/chunks.ts";
import { earlyPage } from "./scripts/early-page.ts";
import { pagePathsFile } from "./scripts/page-paths.ts";
import { serviceWorkerSource } from "./scripts/service-worker.ts";

/** The address of the server, as `npm run dev` says. */
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

/** Writes `sw.js`: the shell's file names are known only after they are hashed. */
function serviceWorker(): Plugin {
  return {
    name: "kinora:service-worker",
    apply: "build",
    generateBundle(_options, bundle) {
      this.emitFile({ type: "asset", fileName: "sw.js", source: serviceWorkerSource(bundle) });
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

/**
 * The player is built from its sources without what no stream of ours has: its own builds have either all of it or no
 * separate sound, which every stream of ours has. The flags are those of its own build script.
 */
const usesOfPlayer = {
  ALT_AUDIO: true,
  SUBTITLES: true,
  MEDIA_CAPABILITIES: true,
  CMCD: false,
  CONTENT_STEERING: false,
  EME_DRM: false,
  IFRAMES: false,
  INTERSTITIALS: false,
  M2TS_ADVANCED_CODECS: false,
  VARIABLE_SUBSTITUTION: false,
};
const playerFlags = {
  ...Object.fromEntries(Object.entries(usesOfPlayer).map(([name, isUsed]) => [`__USE_${name}__`, String(isUsed)])),
  __IN_WORKER__: "false",
  __HLS_WORKER_BUNDLE__: "undefined",
  __VERSION__: JSON.stringify("source"),
};
const playerSource = fileURLToPath(new URL("../node_modules/hls.js/src/exports-default.ts", import.meta.url));

export default defineConfig({
  plugins: [react(), tailwindcss(), earlyPage(), pagePathsFile(), serviceWorker(), compressedCopies(), waitForServer()],
  resolve: { alias: [{ find: /^hls\.js$/, replacement: playerSource }] },
  define: playerFlags,
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
    rolldownOptions: {
      output: {
        codeSplitting: { groups: chunks() },
        chunkFileNames: ({ facadeModuleId, name }) =>
          `assets/${facadeModuleId === playerSource ? "hls" : name}-[hash].js`,
      },
    },
  },
});
