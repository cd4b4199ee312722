import { useQuery } from "@tanstack/react-query";
import { meQuery } from "#base/api/queries.ts";
import { Skeleton } from "./skeleton.tsx";
import { ErrorState } from "./states.tsx";

/** A second attempt may pass by; a server that does not answer the third is worth a word. It is asked on. */
const failuresMax = 2;

/** In the place of what is the viewer's, until the server has said who that is: a skeleton, or why it takes so long. */
export function MeSkeleton({ className }: { className: string }) {
  const { failureCount, failureReason, refetch } = useQuery(meQuery);
  return failureCount > failuresMax ? (
    <ErrorState error={failureReason} onRetry={() => void refetch()} />
  ) : (
    <Skeleton className={className} />
  );
}
