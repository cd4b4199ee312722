import { queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { withinSession } from "#base/api/request/client.ts";
import { exchange } from "#base/api/request/exchange.ts";

/** One small picture in a sheet of many, and from when it stands for the film. */
export interface Tile {
  fromS: number;
  url: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Reads a storyboard (WebVTT with media fragments); what is not one of its cues is passed over. Pure. */
export function tilesIn(text: string, base: string): Tile[] {
  return text.split("\n\n").flatMap((cue) => {
    const match = /^(\d+):(\d\d):(\d\d\.\d{3}) --> .*\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)/.exec(cue);
    if (match === null) return [];
    const [hours = 0, minutes = 0, seconds = 0] = match.slice(1, 4).map(Number);
    const [x = 0, y = 0, width = 0, height = 0] = match.slice(5, 9).map(Number);
    const url = new URL(match[4] ?? "", new URL(base, "http://here")).href.replace("http://here", "");
    return [{ fromS: hours * 3_600 + minutes * 60 + seconds, url, x, y, width, height }];
  });
}

/** The picture for a moment. Pure. */
export const tileAt = (tiles: readonly Tile[], timeS: number): Tile | null =>
  tiles.findLast(({ fromS }) => fromS <= timeS) ?? tiles[0] ?? null;

/** The pictures of a video, by the address of its playlist; none where it has none, or none yet. */
async function storyboardOf(hlsUrl: string): Promise<Tile[]> {
  const url = hlsUrl.replace("/master.m3u8", "/storyboard.vtt");
  const { status, text } = await withinSession(() => exchange("GET", url, {}));
  return status === 200 ? tilesIn(text, url) : [];
}

/** A film that was just uploaded may have none yet. */
export const storyboardQuery = (hlsUrl: string) =>
  queryOptions({
    queryKey: keyOf("storyboard", hlsUrl),
    queryFn: () => storyboardOf(hlsUrl),
    enabled: hlsUrl !== "",
    staleTime: (query) => (query.state.data?.length ? Number.POSITIVE_INFINITY : 10_000),
  });
