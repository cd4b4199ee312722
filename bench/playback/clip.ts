import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Makes a compatible MP4 (H.264, AAC, a key frame every two seconds) of about `megabytes` in `folder`. */
export function makeClip(folder: string, megabytes: number, seconds = 60): string {
  const path = join(folder, `clip-${megabytes}.mp4`);
  const kbps = Math.round((megabytes * 8_000) / seconds);
  const encode = `-c:v libx264 -preset ultrafast -b:v ${kbps}k -minrate ${kbps}k -maxrate ${kbps}k -bufsize ${kbps}k -x264-params nal-hrd=cbr -g 60 -pix_fmt yuv420p`;
  execFileSync("ffmpeg", [
    ..."-hide_banner -loglevel error -nostdin -y".split(" "),
    ...`-f lavfi -i testsrc2=s=1280x720:r=30,noise=alls=20:allf=t -f lavfi -i sine=440 -t ${seconds}`.split(" "),
    ...encode.split(" "),
    ..."-c:a aac -movflags +faststart".split(" "),
    path,
  ]);
  return path;
}
