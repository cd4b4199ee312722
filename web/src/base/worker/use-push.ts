import { useQuery } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { queryClient } from "#base/api/query-client.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { type PushState, pushState, turnOffPush, turnOnPush } from "./push.ts";

interface Push {
  /** Undefined until the browser has said it. */
  readonly state: PushState | undefined;
  readonly isBusy: boolean;
  readonly turnOn: () => void;
  readonly turnOff: () => void;
}

/** Push messages of this user in this browser. */
export function usePush(userId: number): Push {
  const queryKey = keyOf("push", userId);
  const { data } = useQuery({ queryKey, queryFn: () => pushState(userId), staleTime: 0 });
  const { run, isBusy } = useAction(
    async (work: () => Promise<PushState>) => queryClient.setQueryData(queryKey, await work()),
    { failure: "toast" },
  );
  return {
    state: data,
    isBusy,
    turnOn: () => void run(() => turnOnPush(userId)),
    turnOff: () => void run(turnOffPush),
  };
}
