const waitMsMax = 8_000;

/**
 * Whether a part of the program can come: the server answers, or the service worker has kept the file. A browser remembers
 * an import that failed, and what it imports, until the page is loaded again; so none begins without a connection.
 * Files are named after their component: `ShareVideo` comes from `share-video`.
 */
export async function isReachable(component: string): Promise<boolean> {
  try {
    // The service worker answers no such request.
    await fetch("/robots.txt", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(waitMsMax) });
    return true;
  } catch {
    return navigator.serviceWorker?.controller == null ? false : isKept(fileOf(component)).catch(() => false);
  }
}

/** The name of a component's file. Pure. */
export const fileOf = (component: string): string =>
  component.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

async function isKept(file: string): Promise<boolean> {
  for (const name of await caches.keys()) {
    const requests = await (await caches.open(name)).keys();
    if (requests.some(({ url }) => new URL(url).pathname.startsWith(`/assets/${file}-`))) return true;
  }
  return false;
}
