import type { Call, Id, KinoraError, RotatingKey, Viewer } from "#kernel";
import { can, type Resource } from "../can.ts";
import type { Opening } from "../gate.ts";
import type { Relationship } from "../relationships.ts";
import { isUnlockedBy } from "../unlock-token.ts";
import { type GateFacts, gateRefusal, type GateStanding } from "./facts.ts";
import { type GateState, treeOf } from "./fields.ts";
import type { Protection } from "./protection.ts";

/** A thing that may have a password and a gate, as its service has it. */
export interface Thing extends Protection {
  readonly id: Id;
  readonly ownerId: Id;
  readonly title: string;
  readonly visibility: Resource["visibility"];
  /** Others see it only when it is finished and not taken down. */
  readonly isPublished: boolean;
  /** Grows with each change of who may see it. */
  readonly generation: number;
}
/** `isGranted`: a token of playback says that the password was known. */
export type ThingViewer = Viewer & { readonly isGranted?: boolean };

/** Access to things by their passwords and gates, for the services that own things of one kind. */
export interface ThingAccess {
  /** True if the viewer has shown to know the password of a thing of another that has one. */
  readonly isUnlocked: (thing: Thing, viewer: ThingViewer) => boolean;
  readonly resource: (thing: Thing, viewer: ThingViewer, facts?: Facts) => Resource;
  /** How the viewer stands before the gates of those things that have one and are not their own, by id. */
  readonly standings: (
    things: readonly Thing[],
    viewer: ThingViewer,
    call: Call,
    isAnew?: boolean,
  ) => Promise<ReadonlyMap<Id, GateStanding>>;
  /** The gate of a thing that has one, for the caller; undefined where nobody but its owner learns of the thing. */
  readonly gateOf: (thing: Thing, call: Call, isAnew: boolean) => Promise<GateState | undefined>;
}
interface Facts {
  readonly relationship?: Relationship | undefined;
  readonly gate?: Opening | undefined;
}

interface Parts {
  readonly facts: GateFacts;
  /** The key that signs unlock tokens. */
  readonly key: RotatingKey;
  readonly now: () => number;
}

export function createThingAccess({ facts, key, now }: Parts): ThingAccess {
  const isUnlocked: ThingAccess["isUnlocked"] = (
    { id, ownerId, passwordHash },
    { userId, unlock, isGranted = false },
  ): boolean =>
    passwordHash !== null &&
    ownerId !== userId &&
    (isGranted ||
      (unlock !== undefined && isUnlockedBy(key, unlock, { id, viewerId: userId ?? 0, passwordHash }, now())));

  const resource: ThingAccess["resource"] = (thing, viewer, { relationship, gate } = {}) => ({
    ownerId: thing.ownerId,
    visibility: thing.visibility,
    isPublished: thing.isPublished,
    isUnlocked: isUnlocked(thing, viewer),
    isFollower: relationship?.isFollower === true,
    gate,
    isBlocked: relationship?.isBlocked === true,
  });

  const standings: ThingAccess["standings"] = (things, viewer, call, isAnew) =>
    facts(
      viewer.userId,
      things.flatMap((thing) => {
        const { id, ownerId, gate } = thing;
        if (gate === null || ownerId === viewer.userId) return [];
        return [{ id, ownerId, gate: treeOf(gate), isUnlocked: isUnlocked(thing, viewer) }];
      }),
      call,
      isAnew,
    );

  return {
    isUnlocked,
    resource,
    standings,

    async gateOf(thing, call, isAnew) {
      if (!thing.isPublished && thing.ownerId !== call.userId) return undefined;
      const standing = (await standings([thing], call, call, isAnew)).get(thing.id);
      const gate = standing?.opening ?? "open";
      const isSeen = can(call, "see", resource(thing, call, { gate }));
      return {
        ...openState(thing),
        title: isSeen || thing.teaser !== "none" ? thing.title : "",
        opening: isSeen ? "open" : gate,
        terms: [...(standing?.terms ?? [])],
        ...(thing.gate && { gate: thing.gate }),
      };
    },
  };
}

/** The gate of a thing without one, for a viewer who may see it. Pure. */
export const openState = ({ id, ownerId, title, generation, teaser }: Thing): GateState => ({
  id,
  ownerId,
  title,
  generation,
  teaser,
  opening: "open",
  terms: [],
});

/** The failure by which a viewer learns what opens a published thing; undefined where its existence is a secret. Pure. */
export function lockOf(
  { isPublished, visibility, gate, teaser }: Thing,
  standing: GateStanding | undefined,
  passwordNeeded: () => KinoraError,
): KinoraError | undefined {
  if (!isPublished) return undefined;
  if (visibility === "password") return passwordNeeded();
  return standing && gate ? gateRefusal(standing, gate, teaser) : undefined;
}
