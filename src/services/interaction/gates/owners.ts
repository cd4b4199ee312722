import { asViewer, type Call, callerOf, type Client, type Host, type Id, KinoraError } from "#kernel";
import type { GateKind, GateState } from "#policy/gates/fields";
import { live } from "#services/live/contract";
import { video } from "#services/video/contract";
import type { Tables } from "../store.ts";
import { GateNotFound, NotYourGate } from "./contract.ts";
import type { Thing } from "./gate-store.ts";

type Grant = Parameters<Client<typeof video>["putGrant"]>[0];

/** The services that own the things of each kind, and decide who opens them. */
export interface GateOwners {
  /** The gate of a thing as the caller stands before it. @throws GateNotFound */
  readonly gateOf: (thing: Thing, call: Call, options?: { readonly isAnew: boolean }) => Promise<GateState>;
  /** @throws GateNotFound, and NotYourGate where the caller does not own the thing */
  readonly requireOwn: (thing: Thing, call: Call) => Promise<void>;
  /** Reports a fact to the owner before its event arrives; without effect where the owner is away. */
  readonly notifyOwner: (grant: Grant, call: Call) => Promise<void>;
}

interface Owner {
  gate(input: { id: Id; isAnew: boolean }, call: Call): Promise<GateState>;
  putGrant(grant: Grant, call: Call): Promise<object>;
}

export function createGateOwners({
  client,
  call: newCall,
  log,
}: Pick<Host<Tables>, "client" | "call" | "log">): GateOwners {
  const { playlistGate, putGrant } = client(video);
  const owners: Partial<Record<GateKind, Owner>> = {
    video: client(video),
    live: client(live),
    playlist: { gate: playlistGate, putGrant },
  };

  /** @throws GateNotFound */
  function ownerOf(kind: GateKind): Owner {
    const owner = owners[kind];
    if (!owner) throw GateNotFound({});
    return owner;
  }

  const gateOf: GateOwners["gateOf"] = ({ kind, id }, call, { isAnew } = { isAnew: false }) =>
    ownerOf(kind)
      .gate({ id, isAnew }, newCall(asViewer(call)))
      .catch((error: unknown) => {
        throw error instanceof KinoraError && error.kind === "not_found" ? GateNotFound({}) : error;
      });

  return {
    gateOf,

    async requireOwn(thing, call) {
      const { ownerId } = await gateOf(thing, call);
      if (ownerId !== callerOf(call)) throw NotYourGate({});
    },

    async notifyOwner(grant, { traceId, signal }) {
      await ownerOf(grant.kind)
        .putGrant(grant, newCall({ traceId, signal }))
        .catch((error: unknown) =>
          log.warn("the owner of a gate learns of a grant by its event alone", { err: error }),
        );
    },
  };
}
