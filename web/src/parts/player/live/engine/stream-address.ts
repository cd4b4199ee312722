import { ask } from "#base/api/request/client.ts";

const token = /\/lives\/\d+\/t\/[^/]+\//;

/** The same address with the token of another one; one without a token is left as it is. Pure. */
export function withTokenOf(newer: string, url: string): string {
  const [part] = token.exec(newer) ?? [];
  return part === undefined ? url : url.replace(token, () => part);
}

/** The playlist of the same rendition that goes back as far as it is kept. Pure. */
export const withDvr = (url: string): string => url.replace(/\/(\w+)\.m3u8(?=$|\?)/, "/$1-dvr.m3u8");

/** An address is asked for anew so long before it ends. */
const earlyMs = 60_000;
const renewMsMin = 10_000;

/** How long until an address that ends then is asked for anew, in milliseconds. Pure. */
export const renewAfterMs = (expiresMs: number, nowMs: number): number =>
  Math.max(renewMsMin, Math.min(expiresMs - nowMs - earlyMs, 3_600_000));

/** Keeps the address of a live stream good for as long as it plays. */
export interface StreamAddress {
  readonly url: string;
  /** Asks for it anew. Rejects with a `Failure`. */
  readonly renew: () => Promise<string>;
  readonly stop: () => void;
}

export function followStream(liveId: number): StreamAddress {
  let url = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  const renew = async () => {
    clearTimeout(timer);
    const { hls_url, expires_at } = await ask("live.playbackAddress", { path: { id: liveId } });
    url = hls_url;
    if (expires_at !== null && !isStopped)
      timer = setTimeout(() => void renew().catch(() => undefined), renewAfterMs(Date.parse(expires_at), Date.now()));
    return url;
  };
  return {
    get url() {
      return url;
    },
    renew,
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
