import { ask } from "../api/client.ts";

/** A playback token is good for 4 minutes at least; it is renewed well before, by this device's own count of time. */
const renewEveryMs = 3 * 60_000;
const token = /([?&]token=)([^&#]*)/;
const video = /\/api\/v1\/streaming\/(\d+)\//;

/** An address without what changes in it while it stays the same stream. Pure. */
export const streamOf = (url: string): string => url.replace(/[?#].*$/, "");

/** The same address with the token of another one; what needs none is left as it is. Pure. */
export function withTokenOf(newer: string, url: string): string {
  const [, , value] = token.exec(newer) ?? [];
  return value === undefined ? url : url.replace(token, (_, name: string) => name + value);
}

/** Whether two addresses show the same generation of a video: the third part of a token names it. Pure. */
export function isSameGeneration(a: string, b: string): boolean {
  const generation = (url: string) => token.exec(url)?.[2]?.split(".")[2];
  return generation(a) === generation(b);
}

/** Keeps the address of a stream good for as long as it plays. */
export interface Address {
  readonly url: string;
  /** Asks for it anew; false when the viewer may not see it any more, or nobody answers. */
  renew: () => Promise<boolean>;
  stop: () => void;
}

/** Follows the address of one video. What is public has no token, and nothing is asked unless something goes wrong. */
export function followAddress(url: string): Address {
  let now = url;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const id = Number(video.exec(url)?.[1] ?? 0);
  const again = () => {
    clearTimeout(timer);
    if (token.test(now)) timer = setTimeout(() => void renew(), renewEveryMs);
  };
  const renew = async (): Promise<boolean> => {
    try {
      now = (await ask("streaming.address", { path: { id } })).hls_url;
      return true;
    } catch {
      return false;
    } finally {
      again();
    }
  };
  again();
  return {
    get url() {
      return now;
    },
    renew,
    stop: () => clearTimeout(timer),
  };
}

/** Whether it is worth asking for a new address before the first byte: how old a token is nobody can say here. */
export const hasToken = (url: string): boolean => token.test(url);
