import type { HeldRow } from "./moderation-store.ts";
import type { HeldMessage } from "../../contract.ts";
import type { Said } from "../log/presenter.ts";

export function presentHeld({ payload, ...row }: HeldRow): HeldMessage {
  const { message, nickname, avatar } = JSON.parse(payload) as Said; // As it was written.
  return { ...row, nickname, avatar, content: message };
}
