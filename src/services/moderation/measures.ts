import type { Kind, Outcome } from "#events/moderation";
import type { z } from "zod";
import type { Act } from "./contract.ts";

/** The outcome of an action in the notice to the affected user. */
export const outcomes: Readonly<Record<Exclude<Act, "dismiss">, z.output<typeof Outcome>>> = {
  remove: "removed",
  warn: "warned",
  mute: "muted",
  suspend: "suspended",
  ban: "banned",
};

/** The effect of an action on the author and on the content. Pure. */
export function consequence(action: Act): { readonly measure?: "mute" | "bar"; readonly removes: boolean } {
  if (action === "mute") return { measure: "mute", removes: false };
  if (action === "suspend" || action === "ban") return { measure: "bar", removes: false };
  return { removes: action === "remove" };
}

/** Why an action cannot be meant for this; undefined where it can. A ban is permanent, whatever end was given. Pure. */
export function misfit(
  action: Act,
  { kind, untilMs, nowMs }: { readonly kind: Kind; readonly untilMs: number | undefined; readonly nowMs: number },
): "not_for_this" | "end_missing" | undefined {
  if (action === "remove" && kind === "user") return "not_for_this";
  if (action === "suspend" && untilMs === undefined) return "end_missing";
  if ((action === "suspend" || action === "mute") && untilMs !== undefined && untilMs <= nowMs) return "end_missing";
  return undefined;
}
