import type { Compatibility } from "#media/renditions/compatible";
import type { Probe } from "#media/source/probe";
import { quickRung, type Rung } from "#media/renditions/rung";
import { uprightFps } from "#media/renditions/picture-filters";
import { isSurround } from "#media/renditions/track-arguments";
import { hasPicture } from "./plan.ts";
import type { Steps } from "./progress.ts";

/** CPU seconds for a million pixels, measured with FFmpeg 5.1 on 1080p: only their ratios matter here. */
const decodeSeconds = 0.0035;
const encodeSeconds = { ultrafast: 0.004, veryfast: 0.0125, faster: 0.016 } as const;
/** For a second of sound. */
const soundSeconds = 0.03;
/** To start a process and to look at packets; to repackage; to find and draw a cover. */
const probeSeconds = 0.1;
const bytesPerSecond = 200e6;
const coverSeconds = 0.4;

function encodeCost({ video, durationMs }: Probe, rungs: readonly Rung[]): number {
  if (video === undefined) return 0;
  const seconds = durationMs / 1_000;
  const decode = seconds * video.fps * ((video.displayWidth * video.displayHeight) / 1e6) * decodeSeconds;
  const frames = seconds * uprightFps(video);
  return rungs.reduce(
    (sum, { width, height, preset }) => sum + frames * ((width * height) / 1e6) * encodeSeconds[preset],
    decode,
  );
}

/** The steps for a source that these renditions follow, each with its share of the time. Pure. */
export function stepsOf(probe: Probe, plan: Compatibility, follow: readonly Rung[]): Steps {
  const sound = plan.audio === "encode" ? (probe.durationMs / 1_000) * soundSeconds : 0;
  const copy = 0.1 + probe.sizeBytes / bytesPerSecond;
  const first =
    plan.video === "encode" && hasPicture(probe)
      ? ({ name: "quick", weight: encodeCost(probe, [quickRung(probe)]) + sound } as const)
      : ({ name: "remux", weight: copy + sound } as const);
  return [
    { name: "probe", weight: probeSeconds },
    first,
    { name: "cover", weight: coverSeconds },
    ...(probe.captions ? [{ name: "captions", weight: copy } as const] : []),
    ...soundsStep(probe),
    ...ladderStep(probe, follow),
  ];
}

/** As {@link stepsOf}, where only renditions are added to what plays already. Pure. */
export const furtherSteps = (probe: Probe, rungs: readonly Rung[]): Steps => [
  { name: "probe", weight: probeSeconds },
  ...soundsStep(probe),
  ...ladderStep(probe, rungs),
];

function soundsStep({ audio, otherAudio = [], durationMs }: Probe): Steps {
  const sounds = otherAudio.length + (isSurround(audio) ? 1 : 0);
  return sounds === 0 ? [] : [{ name: "sounds", weight: (durationMs / 1_000) * soundSeconds * sounds }];
}

const ladderStep = (probe: Probe, rungs: readonly Rung[]): Steps =>
  rungs.length === 0 ? [] : [{ name: "ladder", weight: encodeCost(probe, rungs) }];
