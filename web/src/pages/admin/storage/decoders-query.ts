import { queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";

/** The program that reads uploaded files, its known faults and its sandbox. */
export const decodersQuery = queryOptions({
  queryKey: keyOf("decoders"),
  queryFn: ({ signal }) => ask("transcoder.decoders", { signal }),
});
