import { QueryClient, type QueryKey } from "@tanstack/react-query";
import { Failure } from "./request/failure.ts";

/** Without a network another attempt fails as well; the next one is when there is one again. */
export const isOffline = (error: unknown) => error instanceof Failure && error.code === "network.offline";
/** A failure that another attempt may mend: no answer, or a fault of the server. */
const mayPass = (error: Error) =>
  error instanceof Failure && (error.status === 0 || error.status >= 500) && !isOffline(error);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) => failures < 2 && mayPass(error),
      retryDelay: (attempt) => Math.min(1000 * 2 ** attempt, 8000),
      refetchOnWindowFocus: false,
      refetchOnReconnect: true,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

/** Asks again for queries that are shown, now, and for others when they are shown again. */
export async function invalidate(...keys: readonly QueryKey[]): Promise<void> {
  await Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}

/** Asks again for queries when they are opened the next time; what is shown stays as it is. */
export function markStale(...keys: readonly QueryKey[]): void {
  for (const queryKey of keys) void queryClient.invalidateQueries({ queryKey, refetchType: "none" });
}
