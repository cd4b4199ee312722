import type { Operations, Visibility } from "#base/api/types.ts";

type Asked = Operations["video.ofUser"]["query"];
export const states = [
  "published",
  "processing",
  "failed",
  "scheduled",
  "draft",
  "taken_down",
  "needs_action",
] as const satisfies readonly NonNullable<Asked["state"]>[];

/** Filters and order of one's own videos. */
export interface ContentFilter {
  q?: string | undefined;
  state?: (typeof states)[number] | undefined;
  visibility?: Visibility | undefined;
  sort?: "oldest" | undefined;
}
