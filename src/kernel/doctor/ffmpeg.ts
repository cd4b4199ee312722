import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { type Finding, missing, ok, warn } from "./finding.ts";

const run = promisify(execFile);
const oldest = [5, 1] as const;
const install = process.platform === "darwin" ? "brew install ffmpeg" : "as root: apt-get install ffmpeg";
/** The codecs without which no video becomes playable. */
const encoders = ["libx264", "aac"];

/** The FFmpeg that would be used: the configured one, else the first on `path`. */
export async function ffmpegCheck(configured: string | undefined, path: string): Promise<Finding> {
  const program = configured ?? (await onPath(path));
  if (program === undefined)
    return missing("FFmpeg", "none found; npm start fetches one where it can, else videos stay unprocessed", install);
  try {
    const { stdout } = await run(program, ["-hide_banner", "-version"], { timeout: 10_000 });
    const [, version = "of unknown version", major, minor] = /version n?((\d+)\.(\d+)\S*|\S+)/.exec(stdout) ?? [];
    const isOld =
      major !== undefined && (Number(major) < oldest[0] || (Number(major) === oldest[0] && Number(minor) < oldest[1]));
    if (isOld) return missing("FFmpeg", `${version} (${program}) is older than ${oldest.join(".")}`, install);
    const { stdout: list } = await run(program, ["-hide_banner", "-encoders"], { timeout: 10_000 });
    const absent = encoders.filter((name) => !new RegExp(`^ \\S+ ${name} `, "m").test(list));
    if (absent.length > 0) return warn("FFmpeg", `${version} (${program}) lacks ${absent.join(", ")}`, install);
    return ok("FFmpeg", `${version} (${program})`);
  } catch {
    return missing("FFmpeg", `${program} does not run`, configured === undefined ? install : "correct KINORA_FFMPEG");
  }
}

async function onPath(path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, "ffmpeg");
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return undefined;
}
