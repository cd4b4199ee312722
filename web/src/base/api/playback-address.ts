import { ask } from "./request/client.ts";
import { asFailure } from "./request/failure.ts";

/** A playback token is good for 4 minutes at least; it is renewed well before, by this device's own count of time. */
const renewEveryMs = 3 * 60_000;
/** A renewal that nobody answered is tried again while the token is still good. */
const renewAgainMs = 15_000;
const token = /([?&]token=)([^&#]*)/;
const video = /\/api\/v1\/streaming\/(\d+)\//;

/** An address without what changes in it while it stays the same stream. Pure. */
export const streamOf = (url: string): string => url.replace(/[?#].*$/, "");

/** The same address with the token of another one; what needs none is left as it is. Pure. */
export function withTokenOf(newer: string, url: string): string {
  const [, , value] = token.exec(newer) ?? [];
  return value === undefined ? url : url.replace(token, (_, name: string) => name + value);
}

/** True if two addresses show the same generation of a video, which the third part of a token names. Pure. */
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

/** Follows the address of one video. A public address has no token, and nothing is asked unless playback fails. */
export function followAddress(url: string): Address {
  let now = url;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const id = Number(video.exec(url)?.[1] ?? 0);
  let isStopped = false;
  const again = (afterMs: number) => {
    clearTimeout(timer);
    if (token.test(now) && !isStopped) timer = setTimeout(() => void renew(), afterMs);
  };
  const renew = async (): Promise<boolean> => {
    try {
      now = (await ask("streaming.address", { path: { id } })).hls_url;
      again(renewEveryMs);
      return true;
    } catch (thrown) {
      // A viewer who lost access need not ask by the clock.
      const isOver = asFailure(thrown).status === 404;
      again(isOver ? renewEveryMs : renewAgainMs);
      return false;
    }
  };
  again(renewEveryMs);
  return {
    get url() {
      return now;
    },
    renew,
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** True if a new address is worth asking for before the first byte: the age of a token is not known here. */
export const hasToken = (url: string): boolean => token.test(url);
