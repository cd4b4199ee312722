import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { reportPlay, type Source } from "./report-play.ts";

describe("the report of a play", () => {
  beforeEach(() => {
    nowMs = 0;
    bodies = [];
    mock.method(performance, "now", () => nowMs);
    const globals = { fetch: server, navigator: { onLine: true }, localStorage: storage, window: page };
    for (const [name, value] of Object.entries(globals))
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  });
  afterEach(() => mock.restoreAll());

  for (const source of ["feed", "following"] as const)
    it(`is sent once with the watched range for a video skipped in the ${source} source`, async () => {
      const { video, stop } = begin(source);
      play(video, 1.25);
      leavePage();
      stop();
      assert.deepEqual(await reports(), [
        { position: 1.25, duration: 60, finished: false, ranges: [[0, 1.25]], source },
      ]);
    });

  it("is not sent for a feed video of which less than 0.2 s played", async () => {
    const { video, stop } = begin("feed");
    play(video, 0.15);
    stop();
    assert.deepEqual(await reports(), []);
  });

  for (const source of ["embed", "other", "explore", "related"] as const)
    it(`is not sent before a view makes it due for the ${source} source`, async () => {
      const { video, stop } = begin(source);
      play(video, 1.25);
      leavePage();
      stop();
      assert.deepEqual(await reports(), []);
    });

  it("includes what played since the last look at a skipped video", async () => {
    const { video, stop } = begin("feed");
    nowMs = 240;
    video.currentTime = 0.24;
    stop();
    assert.deepEqual((await reports()).at(0)?.ranges, [[0, 0.24]]);
  });

  it("has no position ahead of the watched time for a skip after a seek, which would count as a view", async () => {
    const { video, stop } = begin("feed");
    play(video, 0.5);
    video.currentTime = 40;
    video.dispatchEvent(new Event("seeking"));
    play(video, 0.5);
    stop();
    const [report] = await reports();
    assert.equal(report?.position, 1);
    assert.deepEqual(report?.ranges, [
      [0, 0.5],
      [40, 40.5],
    ]);
  });

  it("is sent as before once the video made a view", async () => {
    const { video, stop } = begin("feed");
    play(video, 3);
    play(video, 0.5);
    stop();
    assert.deepEqual(
      (await reports()).map(({ position }) => position),
      [3],
    );
  });

  it("still counts a view after the page with a skipped video came back", async () => {
    const { video, stop } = begin("feed");
    play(video, 1);
    leavePage();
    play(video, 2);
    stop();
    assert.deepEqual(
      (await reports()).map(({ position }) => position),
      [1, 3],
    );
  });
});

interface Report {
  readonly position: number;
  readonly ranges: readonly (readonly number[])[];
}

let nowMs = 0;
let bodies: string[] = [];
const page = new EventTarget();
const leavePage = () => page.dispatchEvent(new Event("pagehide"));
const storage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };

const server = async (_url: string, { body }: { readonly body: string }): Promise<Response> => {
  bodies.push(body);
  return new Response(JSON.stringify({ code: 0, data: {} }));
};

/** The parts of a player that a report looks at. */
class FakeVideo extends EventTarget {
  currentTime = 0;
  duration = 60;
  playbackRate = 1;
  seeking = false;
}

function begin(source: Source) {
  const video = new FakeVideo();
  // It has the fields and events of a player that a report looks at.
  return { video, stop: reportPlay(7, video as unknown as HTMLVideoElement, source) };
}

/** Plays on for some seconds, with a `timeupdate` every quarter of a second. */
function play(video: FakeVideo, seconds: number): void {
  for (let leftS = seconds; leftS > 0; leftS -= 0.25) {
    const stepS = Math.min(0.25, leftS);
    nowMs += stepS * 1000;
    video.currentTime += stepS;
    video.dispatchEvent(new Event("timeupdate"));
  }
}

async function reports(): Promise<Report[]> {
  for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
  return bodies.map((body) => JSON.parse(body) as Report); // Sent by the function under test.
}
