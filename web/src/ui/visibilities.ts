import type { Visibility } from "../api/types.ts";

export const visibilities = [
  "public",
  "unlisted",
  "followers",
  "password",
  "private",
] as const satisfies readonly Visibility[];
