import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../api/queries.ts";
import { useErrorText } from "../ui/states.tsx";
import { showToast } from "../ui/toasts.tsx";
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
