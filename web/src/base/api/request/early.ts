declare global {
  /** Answers by their address, of what `early/boot.js` asked for before the app was there. */
  var kinoraEarly: Map<string, Promise<Response>> | undefined;
}

/** As `fetch`, save that what was asked for early is answered by that, once. Nothing was asked for with an unlock. */
export function fetchEarly(url: string, init: RequestInit): Promise<Response> {
  const isSame = init.method === "GET" && !new Headers(init.headers).has("x-kinora-unlock");
  const early = isSame ? globalThis.kinoraEarly?.get(url) : undefined;
  globalThis.kinoraEarly?.delete(url);
  return early === undefined ? fetch(url, init) : early.catch(() => fetch(url, init));
}
