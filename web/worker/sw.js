/* global version, shell, texts */
// The service worker, as browsers get it. The build puts `version`, `shell` and `texts` before it
// (scripts/service-worker.ts). It keeps what the app needs to open without a network, shows push messages, and takes
// videos that are shared into the app. The API and media always come from the network: a stale answer would be a lie.

const cacheName = `kinora-${version}`;
/** Files that were shared into the app, until the upload page has taken them (src/upload/shared-files.ts). */
const sharedName = "kinora-shared";
const sharePath = "/share-target";
/** Its address names the language whose texts it keeps. */
const language = new URL(self.location.href).searchParams.get("language") ?? "en";
const precached = ["/", ...shell, ...(texts[language] ?? [])];
/** They have no hash in their names, so the network's come first. */
const unhashed = new Set(["/icon.svg", "/manifest.webmanifest"]);
const manifestPath = "/manifest.webmanifest";

const stored = (path) => caches.match(path, { cacheName, ignoreVary: true });

self.addEventListener("install", (event) => {
  event.waitUntil(precache().then(() => self.skipWaiting()));
});

async function precache() {
  const cache = await caches.open(cacheName);
  const known = await Promise.all(
    precached.map((path) => (unhashed.has(path) || path === "/" ? undefined : stored(path))),
  );
  await cache.addAll(precached.filter((_, place) => known[place] === undefined));
}

self.addEventListener("activate", (event) => {
  event.waitUntil(removeOldCaches().then(() => self.clients.claim()));
});

async function removeOldCaches() {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name !== cacheName && name !== sharedName).map((name) => caches.delete(name)),
  );
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST" && pathname === sharePath) event.respondWith(keepShared(request));
  if (request.method !== "GET" || pathname.startsWith("/api/")) return;
  if (request.mode === "navigate") event.respondWith(page(request, pathname));
  else if (pathname.startsWith("/assets/")) event.respondWith(hashed(request, pathname));
  else if (unhashed.has(pathname)) event.respondWith(fresh(request, pathname));
});

/** A page from the network; without one, the shell, which says what it has. */
async function page(request, pathname) {
  try {
    const response = await fetch(request);
    if (pathname === "/" && response.ok) void keepStart(response.clone());
    return response;
  } catch {
    return (await stored("/")) ?? Response.error();
  }
}

/** The start page changes its name and icon with the instance; one of a later release needs files that are not here. */
async function keepStart(response) {
  const html = await response.clone().text();
  if (shell.every((path) => !path.startsWith("/assets/") || html.includes(path))) keep("/", response);
}

/** Files with a hash in their names never change; those beyond the shell are kept when they are used. */
async function hashed(request, pathname) {
  const known = await stored(pathname);
  if (known !== undefined) return known;
  const response = await fetch(request);
  if (response.status === 200) keep(pathname, response.clone());
  return response;
}

/** Nobody waits for it; a browser without room keeps less. */
const keep = (pathname, response) =>
  void caches
    .open(cacheName)
    .then((cache) => cache.put(pathname, response))
    .catch(() => undefined);

async function fresh(request, pathname) {
  try {
    const response = await fetch(request);
    if (response.ok) keep(pathname, response.clone());
    return response;
  } catch {
    return (await stored(pathname)) ?? Response.error();
  }
}

/** Keeps what was shared until the upload page takes it. Nothing is published by this. */
async function keepShared(request) {
  const form = await request.formData();
  const text = (name) => (typeof form.get(name) === "string" ? form.get(name) : "");
  const files = form.getAll("videos").filter((file) => file instanceof File && file.size > 0);
  await caches.delete(sharedName);
  const cache = await caches.open(sharedName);
  const about = { title: text("title"), text: text("text"), isLost: false };
  try {
    for (const [place, file] of files.entries()) {
      const headers = {
        "content-type": file.type || "application/octet-stream",
        "x-name": encodeURIComponent(file.name),
        "x-modified": String(file.lastModified),
      };
      await cache.put(`/shared/${place}`, new Response(file, { headers }));
    }
  } catch {
    // The browser gives a site so much room and no more.
    about.isLost = true;
  }
  await cache.put("/shared/about", Response.json(about));
  return Response.redirect("/upload", 303);
}

self.addEventListener("message", ({ data }) => {
  // What the first page loaded before there was a worker comes from the browser's own cache.
  if (data?.type === "used" && Array.isArray(data.paths)) void keepUsed(data.paths);
});

async function keepUsed(paths) {
  const cache = await caches.open(cacheName);
  for (const path of paths)
    if (typeof path === "string" && path.startsWith("/assets/") && (await stored(path)) === undefined)
      await cache.add(path).catch(() => undefined);
}

self.addEventListener("push", (event) => {
  event.waitUntil(show(event.data));
});

/** A system notification, or a message to the page that the user looks at. */
async function show(data) {
  const { title, body, path, tag } = data.json();
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const looked = windows.find((one) => one.visibilityState === "visible" && one.focused);
  if (looked !== undefined) {
    looked.postMessage({ type: "push", title, path });
    return;
  }
  const icon = await iconOf();
  await self.registration.showNotification(title, {
    body,
    tag,
    renotify: false,
    data: { path },
    ...(icon && { icon }),
  });
  // How many are unread is not known here: a dot.
  await self.navigator.setAppBadge?.().catch(() => undefined);
}

/** The icon of the instance, as the manifest names it. */
async function iconOf() {
  try {
    const response = await fetch(manifestPath).catch(() => stored(manifestPath));
    const { icons } = await response.json();
    const icon = icons.find(({ sizes }) => sizes === "192x192") ?? icons[0];
    return icon?.src;
  } catch {
    return undefined;
  }
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.path));
});

/** A window of the app goes there without losing what is in it; without one, a new window opens. */
async function open(path) {
  const url = new URL(typeof path === "string" ? path : "/", self.location.origin);
  if (url.origin !== self.location.origin) return;
  const windows = await self.clients.matchAll({ type: "window" });
  const window = windows.find((one) => one.visibilityState === "visible") ?? windows[0];
  if (window === undefined) {
    await self.clients.openWindow(url.href);
    return;
  }
  await window.focus().catch(() => undefined);
  if (!(await goesTo(window, url.pathname + url.search))) await window.navigate(url.href);
}

const answerMsMax = 1_000;
/** Whether the page in this window says that it goes there. */
const goesTo = (window, path) =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(true);
    setTimeout(() => resolve(false), answerMsMax);
    window.postMessage({ type: "open", path }, [port2]);
  });

self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(subscribeAgain(event.oldSubscription));
});

async function subscribeAgain(old) {
  const { data } = await (await api("GET", "/push/key")).json();
  const options = { userVisibleOnly: true, applicationServerKey: data.public_key };
  const subscription = await self.registration.pushManager.subscribe(options);
  const { endpoint, keys } = subscription.toJSON();
  await api("POST", "/push/subscriptions", { endpoint, keys });
  if (old && old.endpoint !== endpoint)
    await api("DELETE", `/push/subscriptions?endpoint=${encodeURIComponent(old.endpoint)}`);
}

/** Asks the API as the user of this browser. A session that has run out is renewed, by no two at the same time. */
async function api(method, path, body) {
  const send = (verb, to, content) =>
    fetch(`/api/v1${to}`, {
      method: verb,
      headers: { "content-type": "application/json", "x-kinora-session": "cookie" },
      ...(verb !== "GET" && { body: JSON.stringify(content ?? {}) }),
    });
  const response = await send(method, path, body);
  if (response.status !== 401) return response;
  await self.navigator.locks.request("kinora-session", () => send("POST", "/auth/refresh"));
  return send(method, path, body);
}
