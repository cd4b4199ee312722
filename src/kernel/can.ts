import type { Id } from "./contract.ts";
import type { Role } from "./call.ts";

/** Whoever asks; nobody is signed in where there is no `userId`. */
export interface Actor {
  readonly userId?: Id | undefined;
  readonly role?: Role | undefined;
}
export type Action = "see" | "change" | "delete";
/** What a decision needs to know of a thing; everything else about it does not matter for who may do what. */
export interface Resource {
  readonly ownerId: Id;
  readonly visibility: "public" | "unlisted" | "private";
  /** Others see it only when it is finished and not taken down. */
  readonly isPublished: boolean;
}

/** The one place where it is decided who may do what; everything it does not allow is refused (security S2.1). Pure. */
export function can(actor: Actor, action: Action, { ownerId, visibility, isPublished }: Resource): boolean {
  if (actor.userId !== undefined && actor.userId === ownerId) return true;
  return action === "see" && isPublished && visibility !== "private";
}
