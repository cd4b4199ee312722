import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type Compatibility, compatibility } from "#media/compatible";
import { encodeArguments } from "#media/encode";
import { quiet } from "#media/lock";
import type { Probe, VideoProbe } from "#media/probe";
import { remuxArguments } from "#media/remux";
import { ladder, quickRung } from "#media/rung";
import { scalerOf } from "#media/scaler";
import { clip, indexFile, probeFile } from "#media/testing";
import type { Tools } from "#media/tools";
import { work } from "#media/work";
import { fetchedFfmpeg } from "../../scripts/bootstrap/ffmpeg.mjs";
import { resolveFfmpeg } from "#media/ffmpeg";
import { ready } from "./outcomes.ts";
import { beepsOf, ffmpeg, flashesOf, tools } from "./tracks.ts";

/** Sound may be this much before its picture before anybody notices (ITU-R BT.1359-1). */
const apartMsMax = 45;

for (const name of ["installed", "fetched"] as const)
  describe(`the ${name} FFmpeg`, () => {
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "kinora-ffmpegs-"));
      current = name === "installed" ? tools : await fetched();
    });
    after(() => rm(folder, { recursive: true }));

    it("encodes every rendition of every clip with the least level that fits it", async () => {
      let compared = 0;
      for (const source of Object.keys(ready).filter((one) => !uncompared.has(one))) {
        const facts = await probeFile(current, clip(source));
        if (!facts.video) continue;
        const probe = { ...facts, video: facts.video };
        const rungs = [...ladder(probe), quickRung(probe)];
        const [ours, own] = [await levelsOf(source, probe, rungs, true), await levelsOf(source, probe, rungs, false)];
        // x264 knows the least level as soon as it knows the true frame rate.
        assert.deepEqual(ours, own, source);
        assert.ok(
          ours.every((level) => level >= 10 && level <= 31),
          `${source}: ${ours.join(" ")}`,
        );
        compared += ours.length;
      }
      assert.ok(compared > 40, `${compared} renditions`);
    });

    for (const lateMs of [30, 94, 500])
      for (const what of ["picture", "sound"] as const)
        for (const codec of ["mpeg4", "libx264"] as const)
          it(`keeps flashes and beeps together: ${codec}, ${what} ${lateMs} ms late`, async () => {
            const path = join(folder, `${codec}-${what}-${lateMs}.mkv`);
            await flashesAndBeeps(path, codec, what, lateMs);
            const facts = await probeFile(current, path);
            const [video, audio] = [join(folder, "video.mp4"), join(folder, "audio.mp4")];
            await make(path, facts, publishing(path, facts, compatibility(facts), { video, audio }));
            const [flashes, beeps] = [await flashesOf(video), await beepsOf(audio)];
            // What is late cannot begin at zero: its first second is not a whole one.
            const last = Math.min(flashes.length, beeps.length) - 1;
            assert.ok(last >= 3, `${flashes.length} flashes and ${beeps.length} beeps`);
            const [flash, beep] = [flashes[flashes.length - 1] ?? 0, beeps[beeps.length - 1] ?? 0];
            const shift = what === "picture" ? flash - beep : beep - flash;
            assert.ok(Math.abs(shift - lateMs) <= apartMsMax, `the ${what} is ${shift} ms late, not ${lateMs}`);
          });
  });

/** One is an hour long; FFmpeg 7 gives the single picture of the other no duration, so that there is no index of it. */
const uncompared: ReadonlySet<string> = new Set(["long-tiny.mkv", "one-frame.mp4"]);

let folder = "";
let current: Tools = tools;

async function fetched(): Promise<Tools> {
  const provided = await fetchedFfmpeg();
  const resolved = await resolveFfmpeg({ configured: provided, searchPath: "" });
  assert.ok(resolved);
  return { ...tools, ffmpeg: { ...resolved, ffprobe: tools.ffmpeg.ffprobe } };
}

type Filmed = Probe & { readonly video: VideoProbe };

/** The levels of renditions by our choice, or by that of x264, from the first pictures. */
async function levelsOf(source: string, probe: Filmed, rungs: ReturnType<typeof ladder>, isOurs: boolean) {
  const outputs = rungs.map((rung, n) => ({ rung, path: join(folder, `${n}.mp4`) }));
  const args = encodeArguments(clip(source), probe, { rungs: outputs, scaler: scalerOf(current.ffmpeg) });
  const free = args.filter((arg, n) => isOurs || (arg !== "-level:v" && args[n - 1] !== "-level:v"));
  await make(clip(source), probe, [...free.slice(0, quiet.length), "-t", "0.2", ...free.slice(quiet.length)]);
  return Promise.all(
    outputs.map(async ({ path }) => {
      const { codec } = await indexFile(path).catch((error: unknown) => {
        throw new Error(`${source} at ${path}`, { cause: error });
      });
      return Number.parseInt(codec.slice(-2), 16);
    }),
  );
}

function publishing(
  path: string,
  facts: Probe,
  plan: Compatibility,
  files: { readonly video: string; readonly audio: string },
): string[] {
  if (plan.video === "copy") return remuxArguments(path, facts, plan, files);
  assert.ok(facts.video);
  const rungs = [{ rung: quickRung({ ...facts, video: facts.video }), path: files.video }];
  return encodeArguments(path, facts, { rungs, audio: files.audio, scaler: scalerOf(current.ffmpeg) });
}

const make = (path: string, { durationMs }: Probe, args: readonly string[]) =>
  work(current, {
    arguments: args,
    reach: { inputs: [path], outputFolder: folder },
    durationMs,
    fileBytesMax: 100 * 1024 ** 2,
    stallMs: 60_000,
  });

/** A film that flashes and beeps at each second, one of them late. */
async function flashesAndBeeps(path: string, codec: string, what: "picture" | "sound", lateMs: number): Promise<void> {
  const late = (one: string): string[] => (one === what ? ["-itsoffset", String(lateMs / 1_000)] : []);
  const picture = "color=black:s=320x180:r=25:d=6,drawbox=t=fill:c=white:enable='lt(mod(t+0.001,1),0.2)'";
  const sound = "aevalsrc='if(lt(mod(t,1),0.2),0.5*sin(2*PI*1000*t),0)':s=48000:d=6";
  const inputs = [...late("picture"), "-f", "lavfi", "-i", picture, ...late("sound"), "-f", "lavfi", "-i", sound];
  await ffmpeg(...inputs, "-c:v", codec, "-g", "25", "-pix_fmt", "yuv420p", "-c:a", "aac", path);
}
