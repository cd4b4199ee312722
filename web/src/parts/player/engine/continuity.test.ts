import assert from "node:assert/strict";
import { test } from "node:test";
import { keepPlaying } from "./continuity.ts";

/** A media element, as far as it plays. */
class Video extends EventTarget {
  paused = true;
  error: object | null = null;
  async play(): Promise<void> {
    this.paused = false;
    this.dispatchEvent(new Event("play"));
  }
  pause(): void {
    this.paused = true;
    this.dispatchEvent(new Event("pause"));
  }
  /** As browsers do it: without an event. */
  load(): void {
    this.paused = true;
    this.error = null;
    this.dispatchEvent(new Event("emptied"));
    this.dispatchEvent(new Event("loadeddata"));
  }
}

function keptPlaying(signal = new AbortController().signal): Video {
  const video = new Video();
  keepPlaying(video as unknown as HTMLVideoElement, signal); // All of an element that it uses.
  return video;
}

test("a video that plays goes on when it is loaded anew, after a fault too, for which browsers pause it", async () => {
  const video = keptPlaying();
  await video.play();
  video.load();
  assert.equal(video.paused, false);
  video.error = {};
  video.pause();
  video.load();
  assert.equal(video.paused, false);
});

test("a video that the viewer paused, or that never played, stays paused", async () => {
  const video = keptPlaying();
  video.load();
  assert.equal(video.paused, true);
  await video.play();
  video.pause();
  video.load();
  assert.equal(video.paused, true);
});

test("a video whose player is stopped is left alone", async () => {
  const stopping = new AbortController();
  const video = keptPlaying(stopping.signal);
  await video.play();
  stopping.abort();
  video.load();
  assert.equal(video.paused, true);
});
