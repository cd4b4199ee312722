import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LiveEvent } from "../live/events.ts";
import type { Frame, VideoFrame } from "../frames/frame.ts";
import type { LiveUriTarget } from "../live/live-playlist.ts";
import { Packager } from "../live/packager.ts";
import { RungPackager } from "../live/renditions/rung-packager.ts";
import { pictureFormat, soundFormat, steadyFrames } from "../live/testing.ts";
import { StreamWindow } from "../live/window.ts";
import { changeRules } from "./change-rules.ts";
import { masterRules } from "./master-rules.ts";
import { breachesOf, liveRules, type Rule } from "./media-rules.ts";
import { type ReadPlaylist, readPlaylist } from "./read.ts";

const streams: readonly (readonly [name: string, options: StreamOptions])[] = [
  ...[1, 25, 60].flatMap((framesPerSecond) => [
    [`${framesPerSecond} pictures a second`, { framesPerSecond }] as const,
    [`${framesPerSecond} pictures a second, to go back in`, { framesPerSecond, listedMs: 7_200_000 }] as const,
    [`${framesPerSecond} pictures a second and key frames 7 s apart`, { framesPerSecond, keySeconds: 7 }] as const,
  ]),
  ["a publisher that comes back twice", { restartsAt: [21, 43] }],
  ["a rendition that begins late and loses its place", { rungFromS: 5, rungLostS: [20, 27] }],
  ["sound that is away for a while", { soundLostS: [13, 24] }],
  ["1 picture a second and none for a while", { framesPerSecond: 1, keySeconds: 4, picturesLostS: [23, 27] }],
  ["a rendition that is away when the publisher leaves", { restartsAt: [21], awayMs: 20_000, rungLostS: [17, 30] }],
];

describe("playlists of a live stream", () => {
  for (const [name, options] of streams)
    it(`keep the rules of HTTP Live Streaming: ${name}`, () => {
      const seen = new Map<string, number>();
      const breaches = new Set<string>();
      const isDependent = new Set<string>();
      const count = <Subject>(rules: readonly Rule<Subject>[], subject: Subject): void => {
        for (const breach of breachesOf(rules, subject)) breaches.add(breach);
      };
      const former = new Map<string, { readonly bytes: Buffer; readonly list: ReadPlaylist }>();
      follow(options, (window) => {
        for (const { track, isDvr, key } of window.tracks.flatMap(views)) {
          const bytes = window.mediaPlaylist(track, { isDvr });
          const before = former.get(key);
          if (bytes === undefined || bytes === before?.bytes) continue;
          const after = readPlaylist(String(bytes));
          count(liveRules, after);
          if (after.value("EXT-X-INDEPENDENT-SEGMENTS") === undefined) isDependent.add(track);
          if (before !== undefined) count(changeRules, { before: before.list, after });
          if (before?.list.segments.length !== after.segments.length) {
            count(liveRules, readPlaylist(String(window.mediaPlaylist(track, { isDelta: true, isDvr }))));
            const master = window.masterPlaylist({ isDvr });
            if (master !== undefined) count(masterRules, { list: readPlaylist(String(master)), measured: new Map() });
          }
          former.set(key, { bytes, list: after });
          seen.set(track, (seen.get(track) ?? 0) + 1);
        }
      });
      assert.deepEqual([...breaches].slice(0, 12), []);
      // Groups that are cut between key frames are not independent; sound always is.
      assert.deepEqual([...isDependent].toSorted(), (options.keySeconds ?? 0) > 4 ? ["low", "video"] : []);
      assert.deepEqual([...seen.keys()].toSorted(), ["audio", "low", "video"]);
      assert.ok([...seen.values()].every((playlists) => playlists > 40));
    });
});

const views = (track: string) =>
  [false, true].map((isDvr) => ({ track, isDvr, key: `${track}${isDvr ? " with DVR" : ""}` }));

interface StreamOptions {
  readonly framesPerSecond?: number;
  readonly keySeconds?: number;
  readonly listedMs?: number;
  /** When another publisher comes, `awayMs` after the last frame of the one before. */
  readonly restartsAt?: readonly number[];
  readonly rungFromS?: number;
  readonly rungLostS?: readonly [from: number, to: number];
  readonly awayMs?: number;
  readonly picturesLostS?: readonly [from: number, to: number];
  readonly soundLostS?: readonly [from: number, to: number];
}

const uriOf = ({ kind, track, ...rest }: LiveUriTarget): string => [kind, track, ...Object.values(rest)].join("/");
const timeOf = (frame: Frame): number => (frame.kind === "video" ? frame.dts : frame.pts);

/** A stream of 56 s with a rendition that is half a second late; `look` sees the window behind each frame. */
function follow(options: StreamOptions, look: (window: StreamWindow) => void): void {
  const {
    framesPerSecond = 30,
    keySeconds = 2,
    listedMs = 0,
    restartsAt = [],
    awayMs = 3_000,
    rungFromS = 0,
  } = options;
  const window = new StreamWindow({ uriOf, listedMs });
  const emit = (event: LiveEvent): void => window.apply(event);
  const rung = new RungPackager({ track: "low", maxrateBps: 450_000, emit });
  rung.format({ ...pictureFormat, width: 160, height: 90 });
  const encoded: VideoFrame[] = [];
  const packager = new Packager({
    originMs: 1_800_000_000_000,
    emit: (event) => {
      rung.follow(event);
      emit(event);
    },
    onFrame: (frame) => {
      if (frame.kind === "video") encoded.push(frame);
      if (encoded.length > Math.ceil(framesPerSecond / 2)) take(encoded.shift());
    },
  });
  const take = (frame: VideoFrame | undefined): void => {
    if (frame === undefined || frame.dts < rungFromS * 90_000 || isWithin(frame.dts, options.rungLostS)) return;
    rung.frame({ ...frame, dts: Math.round(frame.dts / 90) * 90, pts: Math.round(frame.pts / 90) * 90 });
  };
  const publish = (): void => {
    packager.format(pictureFormat);
    packager.format(soundFormat);
  };
  publish();
  let lateMs = 0;
  let publisher = 0;
  for (const frame of steadyFrames({ seconds: 56, keySeconds, framesPerSecond })) {
    const now = restartsAt.filter((seconds) => timeOf(frame) >= seconds * 90_000).length;
    if (now > publisher) {
      publisher = now;
      lateMs += awayMs;
      packager.restart();
      publish();
    }
    if (isWithin(timeOf(frame), frame.kind === "audio" ? options.soundLostS : options.picturesLostS)) continue;
    packager.frame(frame, lateMs + timeOf(frame) / 90);
    look(window);
  }
  packager.end();
  look(window);
}

const isWithin = (ticks: number, [from, to]: readonly [number, number] = [0, 0]): boolean =>
  ticks >= from * 90_000 && ticks < to * 90_000;
