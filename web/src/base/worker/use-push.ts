import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "#base/api/query-client.ts";
import { showToast } from "#base/ui/sheets/toasts.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
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
  const text = useErrorText();
  const [isBusy, setBusy] = useState(false);
  const queryKey = ["push", userId];
  const { data } = useQuery({ queryKey, queryFn: () => pushState(userId), staleTime: 0 });
  const change = (work: () => Promise<PushState>) => {
    setBusy(true);
    work()
      .then(
        (state) => queryClient.setQueryData(queryKey, state),
        (thrown: unknown) => showToast(text(thrown)),
      )
      .finally(() => setBusy(false));
  };
  return { state: data, isBusy, turnOn: () => change(() => turnOnPush(userId)), turnOff: () => change(turnOffPush) };
}
