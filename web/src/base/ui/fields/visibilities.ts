import type { Visibility } from "#base/api/types.ts";

export const visibilities = [
  "public",
  "unlisted",
  "followers",
  "password",
  "gated",
  "private",
] as const satisfies readonly Visibility[];
