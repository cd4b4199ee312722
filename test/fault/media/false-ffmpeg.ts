import { chmod, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface FalseFfmpeg extends AsyncDisposable {
  /** The value of `KINORA_FFMPEG`. */
  readonly path: string;
  /** From the next program on that is started. */
  become(work: string, look?: string): Promise<void>;
}

/** An FFmpeg that answers questions about itself, and runs these shell scripts instead of any work and any look at a file. */
export async function falseFfmpeg(work: string, look?: string): Promise<FalseFfmpeg> {
  const folder = await mkdtemp(join(tmpdir(), "kinora-fault-"));
  await chmod(folder, 0o755);
  const become: FalseFfmpeg["become"] = async (ffmpeg, ffprobe = 'exec ffprobe "$@"') => {
    for (const [program, script] of Object.entries({ ffmpeg, ffprobe })) {
      const questions = `for word in "$@"; do case $word in -version|-encoders|-filters|-codecs) exec ${program} "$@";; esac; done`;
      // A shell reads on in a script that it runs: it keeps the file it has begun.
      const draft = join(folder, `${program}.draft`);
      await writeFile(draft, `#!/bin/sh\n${questions}\n${script}\n`, { mode: 0o755 });
      await rename(draft, join(folder, program));
    }
  };
  await become(work, look);
  return { path: join(folder, "ffmpeg"), become, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
