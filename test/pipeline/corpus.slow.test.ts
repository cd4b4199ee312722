import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { media } from "#services/media/contract";
import { MediaFixture } from "#services/transcoder/testing";
import { fetchedFfmpeg } from "../../scripts/bootstrap/ffmpeg.mjs";
import { isNightly } from "../depth.ts";
import { until } from "../until.ts";
import { beginOf, picturesOf, secondAt, tonesOf } from "./clock.ts";
import { corpus } from "./corpus.ts";
import { tools, trackFacts } from "./tracks.ts";

/** Each FFmpeg gets every fourth film, and all in the nightly run. */
const films = (ffmpeg: "installed" | "fetched") =>
  Object.entries(corpus).filter((_, n) => isNightly || n % 4 === (ffmpeg === "installed" ? 0 : 2));

/** Viewers do not notice 40 ms (ITU-R BT.1359-1); tones are measured to 20 ms. */
const apartMsMax = 40 + 20;
const mira = 7;

for (const name of ["installed", "fetched"] as const)
  describe(`a film as players show it, with the ${name} FFmpeg`, () => {
    let folder: string;
    let fixture: MediaFixture;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "kinora-corpus-"));
      const ffmpeg = name === "installed" ? tools.ffmpeg.path : await fetchedFfmpeg();
      fixture = new MediaFixture({ transcoder: { ffmpeg } });
      await fixture.open();
    });
    after(async () => {
      await fixture[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    });

    for (const [title, { file, make, shows, sounds = shows, size, crop }] of films(name))
      it(`is published whole and in step: ${title}`, async () => {
        const { id } = await fixture.sendBytes(await make(folder), file, mira);
        const client = fixture.host.client(media);
        await until(async () => !["queued", "running"].includes((await client.task({ id }, callOf(mira))).status), {
          waitMs: 120_000,
        });
        await fixture.host.drain();
        const item = await client.get({ id }, callOf(mira));
        const task = await client.task({ id }, callOf(mira));
        assert.deepEqual([item.status, task.status], ["ready", "completed"], JSON.stringify([item, task]));
        assert.equal(`${item.width}x${item.height}`, size);
        const { renditions, audio, cover } = await client.playable({ id }, callOf());
        assert.ok(cover);
        assert.ok(renditions.length > 0 && renditions.every(({ profile }) => profile !== "first"));
        const { path: soundPath } = await trackFacts(fixture.blob, audio);
        const tones = await tonesOf(soundPath);
        for (const [n, second] of sounds.entries())
          assert.equal(secondAt(tones, n * 1_000 + 500), second, `the sound in second ${n}`);
        for (const { video, profile } of renditions) {
          const { path, index, facts } = await trackFacts(fixture.blob, video);
          const { matrix, primaries, transfer } = facts.video ?? {};
          assert.ok(matrix && primaries && transfer, `${profile}: ${matrix} ${primaries} ${transfer}`);
          assert.ok(index.keyframeBytes.every((bytes) => bytes > 0) && index.segmentTicks.every((ticks) => ticks > 0));
          const pictures = await picturesOf(path, crop);
          for (const [n, second] of shows.entries())
            assert.equal(secondAt(pictures, n * 1_000 + 500), second, `${profile}: the picture in second ${n}`);
          const lastsMs = (index.durationTicks / index.timescale) * 1_000;
          assert.ok(Math.abs(lastsMs - shows.length * 1_000) <= 100, `${profile}: ${lastsMs} ms`);
          for (const second of sounds === shows ? sounds.slice(1) : []) {
            const [begins, sounding] = [beginOf(pictures, second) ?? Number.NaN, beginOf(tones, second) ?? Number.NaN];
            assert.ok(Math.abs(begins - sounding) <= apartMsMax, `second ${second}: ${begins} and ${sounding} ms`);
          }
        }
        assert.ok(Math.abs(item.durationMs - shows.length * 1_000) <= 100, `${item.durationMs} ms`);
      });
  });
