import type { Config } from "../../src/kernel/config/load.ts";
import { type Finding, ok, warn } from "../../src/kernel/doctor/finding.ts";
import { systemChildren } from "../../src/media/process/children.ts";
import { allowedAt, attempts } from "../../src/media/process/denials.ts";
import { FfmpegUnusable, resolveFfmpeg } from "../../src/media/process/ffmpeg.ts";
import { knownFaults } from "../../src/media/process/known-faults.ts";
import { chooseSandbox } from "../../src/media/process/sandbox.ts";

/** Known faults of the FFmpeg that would be used, and the sandbox it would run in here, by trial. */
export async function decoders({ media }: Config, searchPath: string): Promise<Finding[]> {
  const ffmpeg = await resolveFfmpeg({ configured: media.ffmpeg, searchPath }).catch((error: unknown) => {
    if (error instanceof FfmpegUnusable) return undefined;
    throw error;
  });
  // Without FFmpeg there is nothing to isolate, yet an operator who installs one wants to know.
  const probe = ffmpeg ? [ffmpeg.path, "-version"] : ["/bin/true"];
  const { level } = await chooseSandbox(systemChildren, probe, media.sandbox);
  const allowed = allowedAt(level).map((attempt) => attempts[attempt]);
  const sandbox =
    allowed.length === 0
      ? ok("sandbox", `${level}: FFmpeg sees its input, its output folder and nothing else`)
      : warn("sandbox", `${level}: an FFmpeg that is taken over can ${allowed.join("; ")}`, strengthen);
  if (!ffmpeg) return [sandbox];
  const { state, says } = knownFaults(ffmpeg.version);
  const name = "FFmpeg's faults";
  const flaws =
    state === "known" ? warn(name, `${ffmpeg.version} ${says}`, update) : ok(name, `${ffmpeg.version}: ${says}`);
  return [flaws, sandbox];
}

const update = "install a newer one; KINORA_FFMPEG names it";
const strengthen =
  process.platform === "linux"
    ? "install bubblewrap, or allow namespaces (sysctl user.max_user_namespaces, a container's own settings)"
    : "run on Linux";
