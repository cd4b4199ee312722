import type { Visibility } from "#base/api/types.ts";

export const visibilities = [
  "public",
  "unlisted",
  "followers",
  "password",
  "private",
] as const satisfies readonly Visibility[];
