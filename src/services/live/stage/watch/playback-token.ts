import { createHmac } from "node:crypto";
import { type Id, isSignedWith, type RotatingKey } from "#kernel";

/** A viewer who was let in to a room that is not open to all. */
export interface PlaybackGrant {
  readonly liveId: Id;
  /** 0 for one without an account. */
  readonly viewerId: number;
  /** The password was known, which is the one right that is not asked again. */
  readonly isGranted: boolean;
  /** Grows with each change of who may watch; grants of older versions are void. */
  readonly generation: number;
  /** Milliseconds since 1970, to the second. */
  readonly endsAtMs: number;
}

/** Longer than most streams: the right to watch is asked for again every few seconds, by the grant. */
export const playbackLifeMs = 12 * 3_600_000;

const shape = /^([gv])\.([0-9a-z]{1,11})\.([0-9a-z]{1,11})\.([0-9a-z]{1,7})\.([0-9a-z]{1,9})\.([\w-]{43})$/;

/** `<kind>.<room>.<viewer>.<generation>.<end>.<HMAC-SHA-256>`: numbers in base 36, the signature in base64url. */
export function writePlayback(
  key: RotatingKey,
  { liveId, viewerId, isGranted, generation, endsAtMs }: PlaybackGrant,
): string {
  const numbers = [liveId, viewerId, generation, Math.floor(endsAtMs / 1_000)].map((number) => number.toString(36));
  const text = [isGranted ? "g" : "v", ...numbers].join(".");
  return `${text}.${signature(key.current, text)}`;
}

/** The grant of a token, expired or not; undefined where its signature is not valid. */
export function readPlayback(key: RotatingKey, token: string): PlaybackGrant | undefined {
  const [, kind, ...parts] = shape.exec(token) ?? [];
  const signed = parts.pop();
  if (kind === undefined || signed === undefined) return undefined;
  const text = token.slice(0, token.lastIndexOf("."));
  if (!isSignedWith(key, signed, (value) => signature(value, text))) return undefined;
  const [liveId = 0, viewerId = 0, generation = 0, end = 0] = parts.map((part) => Number.parseInt(part, 36));
  return { liveId, viewerId, generation, isGranted: kind === "g", endsAtMs: end * 1_000 };
}

const signature = (secret: string, text: string): string =>
  createHmac("sha256", secret).update(`kinora live playback 1\n${text}`).digest("base64url");
