import type { Children } from "./children.ts";
import type { Ffmpeg } from "./ffmpeg.ts";
import type { Sandbox } from "./sandbox.ts";

/** What media work needs from its host. */
export interface Tools {
  readonly ffmpeg: Ffmpeg;
  readonly sandbox: Sandbox;
  readonly children: Children;
}
