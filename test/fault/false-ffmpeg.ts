import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface FalseFfmpeg extends AsyncDisposable {
  /** What `KINORA_FFMPEG` is set to. */
  readonly path: string;
}

/** An FFmpeg that answers questions about itself, and runs these shell scripts instead of any work and any look at a file. */
export async function falseFfmpeg(work: string, look = 'exec ffprobe "$@"'): Promise<FalseFfmpeg> {
  const folder = await mkdtemp(join(tmpdir(), "kinora-fault-"));
  await chmod(folder, 0o755);
  for (const [program, script] of [
    ["ffmpeg", work],
    ["ffprobe", look],
  ] as const) {
    const questions = `for word in "$@"; do case $word in -version|-encoders|-filters) exec ${program} "$@";; esac; done`;
    await writeFile(join(folder, program), `#!/bin/sh\n${questions}\n${script}\n`, { mode: 0o755 });
  }
  return { path: join(folder, "ffmpeg"), [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
