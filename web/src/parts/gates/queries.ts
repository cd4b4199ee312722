import { queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";

/** A thing that can have a gate. */
export interface LockableThing {
  readonly kind: "video" | "live" | "playlist";
  readonly id: number;
}

/** The failures by which a thing says that its gate does not open. */
export const lockedCodes: ReadonlySet<string> = new Set(["gate.closed", "gate.chain_unavailable"]);

/** The key of all that is known of a gate. Pure. */
export const gateKey = ({ kind, id }: LockableThing) => keyOf("gate", kind, id);

/** How the viewer stands before the gate of a thing. */
export const gateQuery = ({ kind, id }: LockableThing) =>
  queryOptions({
    queryKey: gateKey({ kind, id }),
    queryFn: ({ signal }) => ask("interaction.gate", { path: { kind, id }, signal }),
  });

/** The people who are invited to a thing of the viewer. */
export const invitedQuery = ({ kind, id }: LockableThing) =>
  queryOptions({
    queryKey: keyOf("gate", kind, id, "invited"),
    queryFn: ({ signal }) => ask("interaction.gateInvited", { path: { kind, id }, query: { page_size: 100 }, signal }),
  });

/** The owner of a thing, by number. */
export const ownerQuery = (id: number) =>
  queryOptions({
    queryKey: keyOf("user", `#${id}`),
    queryFn: ({ signal }) => ask("user.get", { path: { id }, signal }),
  });

/** The chains that tokens can be on. */
export const chainsQuery = queryOptions({
  queryKey: keyOf("chains", "public"),
  queryFn: ({ signal }) => ask("auth.chains", { signal }),
  staleTime: 300_000,
});
