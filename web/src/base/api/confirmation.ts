import { createDeviceStore, useStore } from "./session/store.ts";

export interface ConfirmationRequest {
  /** The ways in which the viewer can prove who they are, as the server names them. */
  readonly methods: readonly string[];
}

interface Pending {
  readonly request: ConfirmationRequest;
  readonly outcome: PromiseWithResolvers<boolean>;
}

const pending = createDeviceStore<Pending | null>(null);

/** Asks the viewer to prove again who they are, one at a time; settles with whether they did. */
export function requestConfirmation(request: ConfirmationRequest): Promise<boolean> {
  const { outcome = Promise.withResolvers<boolean>() } = pending.get() ?? {};
  pending.set({ request, outcome });
  return outcome.promise;
}

export function settleConfirmation(isConfirmed: boolean): void {
  pending.get()?.outcome.resolve(isConfirmed);
  pending.set(null);
}

export const useConfirmationRequest = (): ConfirmationRequest | null =>
  useStore(pending, (current) => current?.request ?? null);
