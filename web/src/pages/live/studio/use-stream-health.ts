import { useQuery } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";

export const lookMs = 4_000;

/** How the stream of an own room comes in, looked at every few seconds. */
export const useStreamHealth = (liveId: number) =>
  useQuery({
    queryKey: keyOf("live", liveId, "health"),
    queryFn: ({ signal }) => ask("live.health", { path: { id: liveId }, signal }),
    refetchInterval: lookMs,
  });
