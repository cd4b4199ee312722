import type { Id, Tx } from "#kernel";
import type { Db, Tables } from "../../store.ts";
import type { Entry } from "./message-store.ts";

/** A gift whose words stand in the log of a room. */
export interface GiftText {
  readonly id: Id;
  /** The sender; null if the account is deleted. */
  readonly userId: Id | null;
  readonly messageSeq: number | null;
  readonly message: string;
}

/** The words of gifts, which stand among the messages of a room. */
export interface GiftTexts {
  /** The gift that a message of a room is about. */
  ofMessage(db: Db, liveId: Id, seq: number): Promise<GiftText | undefined>;
  /** Changes the words of a gift, and those of its message in the room; yields it as it was before. */
  setMessage(
    tx: Tx<Tables>,
    id: Id,
    change: { readonly message: string; readonly status: "sent" | "deleted" },
  ): Promise<GiftText | undefined>;
  /** The message of a room that says which words a gift has now. */
  notice(gift: GiftText, message: string): Omit<Entry, "atMs">;
}
