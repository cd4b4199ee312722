import { contentFlagged, flaggedPerson } from "#events/moderation";
import type { Call, Host, Id, Tx } from "#kernel";
import { createFlagCheck } from "#policy/copies/blocklist";
import type { Tables } from "../store.ts";

type Names = readonly (string | undefined)[];

/** Reports names of new accounts that match a term of the blocklist to the moderators. */
export interface NameFlags {
  /** The term that one of the names matches. */
  readonly find: (names: Names, call: Call) => Promise<string | undefined>;
  readonly publish: (tx: Tx<Tables>, userId: Id, names: Names, term: string | undefined) => Promise<void>;
}

export function createNameFlags({ db, emit, now }: Pick<Host<Tables>, "db" | "emit" | "now">): NameFlags {
  return {
    find: createFlagCheck(db),
    async publish(tx, userId, names, term) {
      if (term !== undefined) await emit(tx, contentFlagged, userId, flaggedPerson(userId, names, term, now()));
    },
  };
}
