import { queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";

/** The transcoders that take jobs over HTTPS. */
export const runnersQuery = queryOptions({
  queryKey: keyOf("runners"),
  queryFn: ({ signal }) => ask("transcoder.runners", { signal }),
});

export const registrationsQuery = queryOptions({
  queryKey: keyOf("runners", "registrations"),
  queryFn: ({ signal }) => ask("transcoder.runnerRegistrations", { signal }),
});
