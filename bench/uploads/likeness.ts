import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";

const hasVmaf = execFileSync("ffmpeg", ["-hide_banner", "-filters"], { encoding: "utf8" }).includes(" libvmaf ");

/**
 * How much a rendition looks like its source, scaled up to its 1080 lines: VMAF (0–100) where this FFmpeg has it, else SSIM
 * of all planes (0–1).
 */
export async function likeness(rendition: string, source: string): Promise<string> {
  const compare = hasVmaf ? "libvmaf" : "ssim";
  const graph = `[0:v]scale=1920:1080:flags=bicubic,settb=AVTB,setpts=PTS-STARTPTS[a];[1:v]settb=AVTB,setpts=PTS-STARTPTS[b];[a][b]${compare}`;
  const args = ["-hide_banner", "-nostdin", "-i", rendition, "-i", source, "-lavfi", graph, "-f", "null", "-"];
  // Waited for without standing still: connections that are kept would end unnoticed.
  const { stderr } = await promisify(execFile)("ffmpeg", args, { maxBuffer: 2 ** 26 });
  const score = stderr.match(hasVmaf ? /VMAF score: ([\d.]+)/ : /SSIM .*All:([\d.]+)/)?.[1];
  if (score === undefined) throw new Error(`nothing to compare in ${rendition}: ${stderr.slice(-500)}`);
  return hasVmaf ? `VMAF ${Number(score).toFixed(1)}` : `SSIM ${Number(score).toFixed(4)}`;
}
