import { createHash } from "node:crypto";

/**
 * The service worker as text. It keeps the shell (page, scripts, styles, typeface) so that the app opens without a
 * network; the API and media always go to the network, because a stale answer about them would be a lie.
 */
export function serviceWorkerSource(files: readonly string[]): string {
  const paths = ["/", ...files.toSorted().map((name) => `/${name}`), "/boot.js", "/icon.svg", "/manifest.webmanifest"];
  const version = createHash("sha256").update(paths.join("\n")).digest("hex").slice(0, 16);
  return `const cacheName = "kinora-shell-${version}";
const shell = ${JSON.stringify(paths)};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(shell)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname.startsWith("/api/")) return;
    event.respondWith(fetch(request).catch(() => caches.match("/", { cacheName }).then((page) => page ?? Response.error())));
    return;
  }
  if (shell.includes(url.pathname) && url.pathname !== "/") {
    event.respondWith(caches.match(request, { cacheName }).then((hit) => hit ?? fetch(request)));
  }
});
`;
}
