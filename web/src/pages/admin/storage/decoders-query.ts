import { queryOptions } from "@tanstack/react-query";
import { ask } from "#base/api/request/client.ts";

/** What reads uploaded files, its known faults and its sandbox. */
export const decodersQuery = queryOptions({
  queryKey: ["decoders"],
  queryFn: ({ signal }) => ask("transcoder.decoders", { signal }),
});
