import { type Call, callerOf, type Id } from "#kernel";
import { ConversationNotFound } from "../contract.ts";
import type { Db } from "../store.ts";
import * as conversationStore from "./conversation-store.ts";

/** The caller's side of a conversation. @throws ConversationNotFound where it is not theirs, or empty for them */
export async function ownSide(db: Db, id: Id, call: Call): Promise<conversationStore.Side> {
  const side = await conversationStore.sideOf(db, callerOf(call), id);
  if (!side || side.lastMs <= side.clearedToMs) throw ConversationNotFound({});
  return side;
}
