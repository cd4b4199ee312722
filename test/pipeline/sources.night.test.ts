import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { media } from "#services/media/contract";
import { MediaFixture } from "#services/transcoder/testing";
import { until } from "../until.ts";
import { films } from "./films.ts";
import { beepsOf, ffmpeg, flashesOf, trackFacts } from "./tracks.ts";

/** Viewers notice only more than this (ITU-R BT.1359-1). */
const apartMsMax = 60;

describe("a film with flashes and beeps every second", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kinora-films-"));
    await fixture.open();
  });
  after(async () => {
    await fixture[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  for (const [name, { file, make, seconds, fps, flashes, beeps, soundSeconds, ...more }] of Object.entries(films))
    it(`keeps flashes in every rendition, and beeps, within 60 ms of their times: ${name}`, async () => {
      const path = join(folder, file);
      await ffmpeg(...make, path);
      const { id } = await fixture.sendBytes(await readFile(path), file, mira);
      await until(async () => (await catalogue.task({ id }, callOf(mira))).status === "completed");
      await fixture.host.drain();
      const { renditions, audio, durationMs } = await catalogue.playable({ id }, callOf());
      assert.ok(Math.abs(durationMs - 1_000 * Math.max(seconds, soundSeconds ?? 0)) <= 200, `${durationMs} ms`);
      assert.ok(renditions.length > 0);
      for (const { profile, video, ...rendition } of renditions) {
        const { facts, path: made, index } = await trackFacts(fixture.blob, video);
        const { pixelFormat, sar, rotation } = facts.video ?? {};
        assert.deepEqual([pixelFormat, sar, rotation], ["yuv420p", 1, 0], profile);
        const shown = (index.samples * index.timescale) / index.durationTicks;
        assert.ok(Math.abs(shown - fps) < 0.5 && Math.abs(rendition.fps - fps) < 0.5, `${profile}: ${shown} a second`);
        if (more.isToneMapped)
          assert.deepEqual(
            [facts.video?.transfer, facts.video?.primaries, facts.video?.matrix],
            ["bt709", "bt709", "bt709"],
          );
        const { pictures, flashes: seen } = await flashesOf(made);
        assert.equal(pictures, index.samples);
        assert.ok(Math.abs(index.durationTicks / index.timescale - seconds) <= 0.2, profile);
        near(seen, flashes, profile);
      }
      const { facts, path: soundPath } = await trackFacts(fixture.blob, audio);
      assert.ok([1, 2].includes(facts.audio?.channels ?? 0));
      near(await beepsOf(soundPath), beeps, "sound");
    });
});

function near(found: readonly number[], expected: readonly number[], what: string): void {
  const said = `${what}: ${found.map(Math.round).join(" ")}, not ${expected.join(" ")}`;
  assert.equal(found.length, expected.length, said);
  for (const [n, one] of found.entries()) assert.ok(Math.abs(one - (expected[n] ?? 0)) <= apartMsMax, said);
}

const mira = 7;
let folder = "";
const fixture = new MediaFixture();
const catalogue = fixture.host.client(media);
