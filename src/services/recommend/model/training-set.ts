import type { Id } from "#kernel";

/** A video with fewer viewers would reveal what each of them watched beside it. */
const usersMin = 3;

/** The videos that users watched, as numbers from 0, and the video of each number. */
export interface VideoHistories {
  readonly histories: readonly (readonly number[])[];
  readonly videoIds: Float64Array;
}

/** Histories of the videos that enough users watched; one video says nothing about what goes with it. Pure. */
export function trainingSetOf(watched: readonly (readonly Id[])[]): VideoHistories {
  const users = new Map<Id, number>();
  for (const history of watched) for (const videoId of history) users.set(videoId, (users.get(videoId) ?? 0) + 1);
  const videoIds = [...users].flatMap(([videoId, count]) => (count >= usersMin ? videoId : []));
  const places = new Map(videoIds.map((videoId, place) => [videoId, place]));
  const histories = watched
    .map((history) => history.flatMap((videoId) => places.get(videoId) ?? []))
    .filter(({ length }) => length > 1);
  return { histories, videoIds: Float64Array.from(videoIds) };
}
