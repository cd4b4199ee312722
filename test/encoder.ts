import { type ChildProcess, spawn } from "node:child_process";

/** Long after the test that has it, which ends it. */
const endsAfterS = 900;

/** FFmpeg sends a small picture and a tone to an address as a host's software does, with a key frame each second. */
export function publish(to: string): ChildProcess {
  const picture = ["-re", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=15"];
  const sound = ["-re", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"];
  const coded = "-c:v libx264 -preset ultrafast -tune zerolatency -g 15 -pix_fmt yuv420p -c:a aac".split(" ");
  const target = ["-t", String(endsAfterS), "-f", "flv", to];
  return spawn("ffmpeg", ["-v", "error", ...picture, ...sound, ...coded, ...target], { stdio: "ignore" });
}
