import type { Call, Id, Tx } from "#kernel";
import type { Tables } from "../../store.ts";

/** The check of texts that the owner of a room shows in it. */
export interface TextFlags {
  /**
   * The texts that the owner of a room shows in it: titles and descriptions of rooms, products and clips. The rules of a
   * room are those of its owner and bind viewers alone; those of the instance bind the owner too.
   * @returns why a moderator should look at them. @throws Muted, WordsRefused
   */
  reasonToFlag(texts: readonly (string | undefined)[], call: Call): Promise<string | undefined>;
  /** Asks moderators to look at the author of texts that stay visible. */
  flag(tx: Tx<Tables>, ownerId: Id, texts: readonly string[], reason: string | undefined): Promise<void>;
}
