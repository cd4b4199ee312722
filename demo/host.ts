import type { Host } from "../src/kernel/index.ts";
import type { Tables } from "../src/services/demo/store.ts";

export interface Settings {
  readonly ffmpeg?: string | undefined;
  /** How many clips are made. */
  readonly clips?: number | undefined;
}

/** The part of the host that the makers of the demo content use. */
export type DemoHost = Pick<
  Host<Tables, Settings>,
  "db" | "client" | "call" | "blob" | "random" | "environment" | "settings" | "log" | "now"
>;
