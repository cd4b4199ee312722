import assert from "node:assert/strict";
import { test } from "node:test";
import type { LiveEvent } from "#media/live/events";
import { Packager } from "#media/live/packager";
import { pictureFormat, soundFormat, steadyFrames } from "#media/live/testing";
import { EventLog } from "./event-log.ts";

test("a follower that comes later begins with the newest 40 s, however short the segments are", async () => {
  for (const keySeconds of [1, 2, 4]) {
    const log = new EventLog();
    const packager = new Packager({ originMs: 0, emit: (event) => log.add(event) });
    packager.format(pictureFormat);
    packager.format(soundFormat);
    for (const frame of steadyFrames({ seconds: 100, keySeconds })) packager.frame(frame, 0);
    packager.end();
    const events: LiveEvent[] = [];
    for await (const { event } of log.follow(new AbortController().signal)) events.push(event);
    assert.equal(events[0]?.kind, "init");
    const opened = events.filter((event) => event.kind === "opened").map(({ startTicks }) => startTicks / 90_000);
    const [first = 0, last = 0] = [opened[0], opened.at(-1)];
    assert.ok(last - first >= 40 && last - first < 40 + keySeconds, `${first} to ${last}`);
  }
});
