import type { Children } from "./children.ts";
import { FfmpegUnusable, resolveFfmpeg } from "./ffmpeg.ts";
import type { SandboxLevel } from "./denials.ts";
import { knownFaults } from "./known-faults.ts";
import { chooseSandbox } from "./sandbox.ts";
import type { Tools } from "./tools.ts";

type Say = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

interface SupplyParts {
  readonly configured: string | undefined;
  readonly searchPath: string;
  /** The strongest level to try. */
  readonly sandbox: SandboxLevel;
  readonly children: Children;
  readonly log: { readonly info: Say; readonly warn: Say };
}

/** The media tools of this machine: looked for once, and again for as long as there are none. */
export class Supply {
  readonly #parts: SupplyParts;
  #looking: Promise<Tools | undefined> | undefined;
  #loggedReason: string | undefined;

  constructor(parts: SupplyParts) {
    this.#parts = parts;
  }

  tools(): Promise<Tools | undefined> {
    this.#looking ??= this.#look().then((tools) => {
      if (!tools) this.#looking = undefined;
      return tools;
    });
    return this.#looking;
  }

  async #look(): Promise<Tools | undefined> {
    const { configured, searchPath, children, sandbox: strongest, log } = this.#parts;
    try {
      const ffmpeg = await resolveFfmpeg({
        configured,
        searchPath,
      });
      if (!ffmpeg) return this.#without("no FFmpeg 5.1 or newer was found");
      const sandbox = await chooseSandbox(children, [ffmpeg.path, "-version"], strongest);
      log.info("media tools found", { ffmpeg: ffmpeg.path, ffmpegVersion: ffmpeg.version, sandbox: sandbox.level });
      const { state, says } = knownFaults(ffmpeg.version);
      if (state === "known")
        log.warn("FFmpeg has known faults that files of strangers reach: install a newer one and restart", {
          ffmpegVersion: ffmpeg.version,
          says,
        });
      return { ffmpeg, sandbox, children };
    } catch (error) {
      if (error instanceof FfmpegUnusable) return this.#without(error.message);
      throw error;
    }
  }

  /** Logs each reason once, not at every call. */
  #without(why: string): undefined {
    if (this.#loggedReason !== why) this.#parts.log.warn("videos wait until there is an FFmpeg", { why });
    this.#loggedReason = why;
  }
}
