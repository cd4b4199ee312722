import type { Id } from "#kernel/fields";
import type { Role } from "#kernel/call";
import type { Opening } from "./gate.ts";

/** The user who asks; a stranger where there is no `userId`. */
export interface Actor {
  readonly userId?: Id | undefined;
  readonly role?: Role | undefined;
}
/**
 * `meet`: to see it without having asked for it by its address, in a list, feed or search. `moderate`: to judge it as a
 * moderator, which no user does to their own things.
 */
export type Action = "see" | "meet" | "change" | "delete" | "moderate";
/** The facts of a thing that an access check needs; nothing else about it matters for permissions. */
export interface Resource {
  readonly ownerId: Id;
  readonly visibility: "public" | "unlisted" | "private" | "followers" | "password" | "gated";
  /** Others see it only when it is finished and not taken down. */
  readonly isPublished: boolean;
  /** The actor follows its owner. */
  readonly isFollower?: boolean | undefined;
  /** The actor has shown to know its password. */
  readonly isUnlocked?: boolean | undefined;
  /** The answer of its gate to the actor; `unknown` is closed. */
  readonly gate?: Opening | undefined;
  /** One of actor and owner blocks the other. */
  readonly isBlocked?: boolean | undefined;
}

/** The one place where it is decided who may do what; everything it does not allow is refused (security S2.1). Pure. */
export function can(actor: Actor, action: Action, resource: Resource): boolean {
  const isOwner = actor.userId !== undefined && actor.userId === resource.ownerId;
  if (action === "moderate") return !isOwner && isModerator(actor) && isSeen(actor, resource);
  if (isOwner) return true;
  if (action === "meet") return isSeen(actor, resource) && !resource.isBlocked;
  return action === "see" && isSeen(actor, resource);
}

/** The rule for actors other than the owner. No role sees a private thing. */
function isSeen(actor: Actor, { visibility, isPublished, isFollower, isUnlocked, gate }: Resource): boolean {
  if (!isPublished || visibility === "private") return false;
  if (visibility === "public" || visibility === "unlisted") return true;
  if (isModerator(actor)) return true;
  if (visibility === "followers") return isFollower === true;
  return visibility === "gated" ? gate === "open" : isUnlocked === true;
}

const isModerator = ({ userId, role }: Actor): boolean =>
  userId !== undefined && (role === "moderator" || role === "admin");
