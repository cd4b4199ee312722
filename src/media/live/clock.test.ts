import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LiveEvent } from "./events.ts";
import { FrozenClock } from "./frozen-clock.ts";
import { type Frame, ticksPerSecond } from "../frames/frame.ts";
import { Packager } from "./packager.ts";
import { movedOn, pictureFormat, soundFormat, steadyFrames } from "./testing.ts";

describe("the clocks of a publisher's tracks", () => {
  test("which are far apart are brought in step by the arrival of their frames, from the first second on", () => {
    for (const apartS of [100, -100, 3_600, -2]) {
      const { packager, spanOf } = packaged(12, ({ frame, atMs }) => ({ frame: soundMoved(frame, apartS), atMs }));
      const [video, audio] = [spanOf("video"), spanOf("audio")];
      assert.ok(Math.abs(video.fromS - audio.fromS) < 0.05, `${apartS}: sound begins at ${audio.fromS} s`);
      assert.ok(Math.abs(video.toS - audio.toS) < 0.1 && video.toS < 12.1, `${apartS}: ${video.toS}, ${audio.toS} s`);
      assert.equal(packager.hasClocksApart, true);
    }
  });

  test("which are a second apart are believed", () => {
    for (const apartS of [1, 0, -1]) {
      const { packager, spanOf } = packaged(12, ({ frame, atMs }) => ({ frame: soundMoved(frame, apartS), atMs }));
      assert.ok(Math.abs(spanOf("audio").toS - spanOf("video").toS - apartS) < 0.1, String(apartS));
      assert.equal(packager.hasClocksApart, false);
    }
  });

  test("are believed where all frames arrive in one burst, as those that a relay has kept", () => {
    const { packager, spanOf } = packaged(12, ({ frame, atMs }) => ({ frame, atMs: Math.max(atMs, 8_000) }));
    assert.equal(packager.hasClocksApart, false);
    assert.ok(Math.abs(spanOf("audio").toS - spanOf("video").toS) < 0.1);
  });

  test("are compared for sound that comes seconds after the pictures have begun", () => {
    const { packager, spanOf } = packaged(12, ({ frame, atMs }) =>
      frame.kind === "audio" && atMs < 5_000 ? undefined : { frame: soundMoved(frame, 100), atMs },
    );
    assert.ok(Math.abs(spanOf("audio").fromS - 5) < 0.1 && Math.abs(spanOf("audio").toS - 12) < 0.1);
    assert.equal(packager.hasClocksApart, true);
  });

  test("are compared again where one of them begins anew", () => {
    const { spanOf, openings } = packaged(16, ({ frame, atMs }) => ({
      frame: atMs < 8_000 ? soundMoved(frame, 100) : soundMoved(frame, -5),
      atMs,
    }));
    assert.equal(openings.filter(({ isDiscontinuous }) => isDiscontinuous).length, 1);
    assert.ok(Math.abs(spanOf("audio").toS - 16) < 0.2 && Math.abs(spanOf("video").toS - 16) < 0.2);
  });

  test("do not stop the stream where they stand still", () => {
    const { packager, spanOf, openings } = packaged(30, ({ frame, atMs }) => ({
      frame: atMs < 5_000 ? frame : at(frame, 5 * ticksPerSecond),
      atMs,
    }));
    assert.ok(spanOf("video").toS > 28 && spanOf("audio").toS > 28, `${spanOf("video").toS}, ${spanOf("audio").toS} s`);
    assert.ok(openings.length >= 12, `${openings.length} segments`);
    assert.ok(packager.clockFrozenMs > 29_000);
  });
});

describe("a frozen clock", () => {
  const lostOf = (frames: readonly (readonly [stamp: number, atMs: number])[]): number => {
    const clock = new FrozenClock();
    return frames.reduce((sum, [stampMs, atMs]) => sum + clock.pass(stampMs * 90, atMs) / 90, 0);
  };
  const steps = (count: number, of: (n: number) => readonly [number, number]) =>
    Array.from({ length: count }, (_, n) => of(n));

  test("has lost what arrived meanwhile, also where frames arrive in pairs, and goes on", () => {
    assert.equal(lostOf(steps(100, () => [0, 0]).map(([stamp], n) => [stamp, n * 40] as const)), 99 * 40);
    assert.equal(lostOf(steps(100, (n) => [0, Math.floor(n / 2) * 80])), 49 * 80);
    const resumed = [
      ...steps(50, (n) => [0, n * 40] as const),
      ...steps(50, (n) => [(n + 1) * 40, (n + 50) * 40] as const),
    ];
    assert.equal(lostOf(resumed), 49 * 40);
  });

  test("is none that goes, hitches, or belongs to a line that stalls or is too slow", () => {
    assert.equal(lostOf(steps(200, (n) => [n * 40, n * 40])), 0);
    assert.equal(lostOf(steps(200, (n) => [Math.max(0, n - 20) * 40, n * 40])), 0, "hitch");
    assert.equal(lostOf(steps(200, (n) => [n * 40, n < 50 ? n * 40 : Math.max(n * 40, 8_000)])), 0, "stall and burst");
    assert.equal(lostOf(steps(200, (n) => [n * 10, n * 40])), 0, "slow line");
  });
});

interface Arrived {
  readonly frame: Frame;
  readonly atMs: number;
}

const timeOf = (frame: Frame): number => (frame.kind === "video" ? frame.dts : frame.pts);
const at = (frame: Frame, ticks: number): Frame => movedOn(frame, ticks - timeOf(frame));
const soundMoved = (frame: Frame, seconds: number): Frame =>
  frame.kind === "audio" ? movedOn(frame, seconds * ticksPerSecond) : frame;

/** A steady stream that arrives at its pace, changed frame by frame. */
function packaged(seconds: number, change: (arrived: Arrived) => Arrived | undefined) {
  const events: LiveEvent[] = [];
  const packager = new Packager({ originMs: 0, emit: (event) => events.push(event) });
  packager.format(pictureFormat);
  packager.format(soundFormat);
  // Times that begin above zero let a clock be behind.
  const base = 4_000 * ticksPerSecond;
  for (const frame of steadyFrames({ seconds })) {
    const arrived = change({ frame, atMs: timeOf(frame) / 90 });
    if (arrived !== undefined) packager.frame(movedOn(arrived.frame, base), arrived.atMs);
  }
  packager.end();
  const spanOf = (track: string): { readonly fromS: number; readonly toS: number } => {
    const parts = events.filter((event) => event.kind === "part").filter((part) => part.track === track);
    const [first, last] = [parts[0], parts.at(-1)];
    const scale = track === "audio" ? 48_000 : ticksPerSecond;
    return {
      fromS: (first?.startTicks ?? Number.NaN) / scale,
      toS: ((last?.startTicks ?? Number.NaN) + (last?.durationTicks ?? 0)) / scale,
    };
  };
  return { packager, spanOf, openings: events.filter((event) => event.kind === "opened") };
}
