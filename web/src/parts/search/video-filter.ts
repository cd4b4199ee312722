import type { Operations } from "#base/api/types.ts";

type Query = Operations["search.videos"]["query"];

/** How long ago a video was published at most. */
export const periods = ["day", "week", "month", "year"] as const satisfies readonly NonNullable<Query["period"]>[];
export const lengths = ["short", "medium", "long"] as const;
export const shapes = ["wide", "upright"] as const satisfies readonly NonNullable<Query["shape"]>[];
/** With captions in any language, or in one (its code, without script and region). */
export const captionsPattern = /^(?:any|[a-z]{2,3})$/;
/** The orders beside the best match, which is the first. */
export const orders = ["new", "hot"] as const satisfies readonly NonNullable<Query["sort"]>[];

/** Filters and order of the videos of a search; a field that is absent leaves nothing out. */
export interface VideoFilter {
  readonly period?: (typeof periods)[number] | undefined;
  readonly length?: (typeof lengths)[number] | undefined;
  readonly shape?: (typeof shapes)[number] | undefined;
  readonly captions?: string | undefined;
  readonly sort?: (typeof orders)[number] | undefined;
}

/** Seconds. The server includes both ends and counts milliseconds: each video has one length. */
const bounds: Readonly<Record<(typeof lengths)[number], Pick<Query, "min_duration" | "max_duration">>> = {
  short: { max_duration: 239.999 },
  medium: { min_duration: 240, max_duration: 1_200 },
  long: { min_duration: 1_200.001 },
};

export const isNarrowed = ({ period, length, shape, captions }: VideoFilter): boolean =>
  [period, length, shape, captions].some((value) => value !== undefined);

/** A filter as parameters of the API. Pure. */
export const filterQuery = ({ period, length, shape, captions, sort }: VideoFilter): Query => ({
  ...(period && { period }),
  ...(length && bounds[length]),
  ...(shape && { shape }),
  ...(captions !== undefined && { captions }),
  ...(sort && { sort }),
});
