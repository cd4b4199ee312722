import type { Children } from "./children.ts";
import type { Ffmpeg } from "./ffmpeg.ts";
import type { Sandbox } from "./sandbox.ts";

/** The host's parts that media work needs. */
export interface Tools {
  readonly ffmpeg: Ffmpeg;
  readonly sandbox: Sandbox;
  readonly children: Children;
}
