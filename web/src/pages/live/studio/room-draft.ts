import type { Live, Operations, Visibility } from "#base/api/types.ts";
import { localMs, localText } from "#base/format/local-time.ts";
import { charactersIn } from "#base/text/characters.ts";
import {
  draftOf as gateDraftOf,
  emptyGate,
  gateChange,
  type GateDraft,
  hasTerm,
  isGateWhole,
} from "#parts/gates/gate-draft.ts";
import { isPasswordMissing } from "#base/ui/fields/video-password-rule.ts";

export const titleMax = 100;

/** The description of a room, as the form has it. */
export interface RoomDraft {
  readonly title: string;
  readonly description: string;
  /** A path of this instance; empty for none. */
  readonly cover: string;
  readonly categoryId: number | null;
  readonly visibility: Visibility;
  /** Empty where one that there is stays. */
  readonly password: string;
  /** The rule of a locked room. */
  readonly gate: GateDraft;
  readonly keepsRecording: boolean;
  readonly notifiesFollowers: boolean;
  readonly isScheduled: boolean;
  /** As {@link localText} says it. */
  readonly scheduledAt: string;
}

export const emptyDraft: RoomDraft = {
  title: "",
  description: "",
  cover: "",
  categoryId: null,
  visibility: "public",
  password: "",
  gate: emptyGate,
  keepsRecording: true,
  notifiesFollowers: true,
  isScheduled: false,
  scheduledAt: "",
};

/** The form of a room that there is. Pure. */
export const draftOf = (live: Live): RoomDraft => ({
  ...emptyDraft,
  title: live.title,
  description: live.description,
  cover: live.cover,
  categoryId: live.category_id,
  visibility: live.visibility,
  gate: live.gate ? gateDraftOf(live.gate, live.teaser ?? "none") : emptyGate,
  keepsRecording: live.keeps_recording,
  isScheduled: live.scheduled_at !== null,
  scheduledAt: live.scheduled_at === null ? "" : localText(Date.parse(live.scheduled_at)),
});

/** True if the room has a password, by itself or as a term of its gate. Pure. */
export const hasPasswordOf = ({ visibility, gate }: Live): boolean =>
  visibility === "password" || (gate !== undefined && hasTerm(gate, "password"));

export type RoomMissing = "title" | "password" | "gate" | "time";

/** Fields that are missing or wrong, in the order of the form; `hasPassword` if the room has one already. Pure. */
export function missingInRoom(draft: RoomDraft, hasPassword: boolean, nowMs: number): readonly RoomMissing[] {
  const title = draft.title.trim();
  const missing: RoomMissing[] = [];
  if (title === "" || charactersIn(title) > titleMax) missing.push("title");
  if (isPasswordMissing(draft.visibility, draft.password, hasPassword)) missing.push("password");
  if (draft.visibility === "gated" && !isGateWhole(draft.gate, draft.password, hasPassword)) missing.push("gate");
  if (draft.isScheduled && (localMs(draft.scheduledAt) ?? 0) <= nowMs) missing.push("time");
  return missing;
}

/** The request of a draft. Pure. */
export function bodyOf(draft: RoomDraft): Operations["live.create"]["body"] {
  const scheduledMs = draft.isScheduled ? localMs(draft.scheduledAt) : null;
  return {
    title: draft.title.trim(),
    description: draft.description.trim(),
    cover: draft.cover,
    visibility: draft.visibility,
    ...(draft.visibility === "gated" && gateChange(draft.gate, draft.password)),
    keeps_recording: draft.keepsRecording,
    notifies_followers: draft.notifiesFollowers,
    category_id: draft.categoryId,
    ...(draft.visibility === "password" && draft.password !== "" && { password: draft.password }),
    scheduled_at: scheduledMs === null ? null : new Date(scheduledMs).toISOString(),
  };
}
