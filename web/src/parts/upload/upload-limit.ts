import { instanceQuery } from "#base/api/queries.ts";
import { queryClient } from "#base/api/query-client.ts";

/** The most bytes of a file that this instance takes, as far as the page knows; 0 where it is unknown. */
export const uploadBytesMax = (): number => queryClient.getQueryData(instanceQuery.queryKey)?.upload_bytes_max ?? 0;
