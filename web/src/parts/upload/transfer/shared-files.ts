/** The cache in which the service worker keeps files that another app shared into this one (web/worker/sw.js). */
const cacheName = "kinora-shared";

interface Shared {
  readonly files: readonly File[];
  readonly title: string;
  readonly text: string;
  /** The browser had no room for the files. */
  readonly isLost: boolean;
}

/** Takes what was shared, once: of two that ask, the second gets nothing. */
export async function takeShared(): Promise<Shared | null> {
  // Only secure pages have caches.
  if (!("caches" in window) || !(await caches.has(cacheName))) return null;
  const cache = await caches.open(cacheName);
  const about = (await (await cache.match("/shared/about"))?.json()) as Omit<Shared, "files"> | undefined; // The worker's own.
  if (about === undefined) return null;
  const files: File[] = [];
  for (;;) {
    const stored = await cache.match(`/shared/${files.length}`);
    if (stored === undefined) break;
    files.push(await fileOf(stored));
  }
  return (await caches.delete(cacheName)) ? { ...about, files } : null;
}

async function fileOf(stored: Response): Promise<File> {
  const { headers } = stored;
  const name = decodeURIComponent(headers.get("x-name") ?? "");
  const lastModified = Number(headers.get("x-modified") ?? 0);
  return new File([await stored.blob()], name, { type: headers.get("content-type") ?? "", lastModified });
}
