import { localMs } from "#base/format/local-time.ts";
import { isPasswordMissing } from "#base/ui/fields/video-password-rule.ts";
import { isGateWhole } from "#parts/gates/gate-draft.ts";
import type { Upload } from "./upload.ts";

/** Details without which a video cannot be published, in the order of the form. */
export type Missing = "file" | "title" | "password" | "gate" | "time";

/** The missing details; a file that is on its way is not among them, as publishing waits for it. Pure. */
export function missingIn({ status, draft }: Pick<Upload, "status" | "draft">, nowMs: number): readonly Missing[] {
  const { title, visibility, password, gate, when, publishAt } = draft;
  const missing: Missing[] = [];
  if (status === "failed" || status === "lost") missing.push("file");
  if (title.trim() === "") missing.push("title");
  if (isPasswordMissing(visibility, password, false)) missing.push("password");
  if (visibility === "gated" && !isGateWhole(gate, password, false)) missing.push("gate");
  if (when === "later" && (localMs(publishAt) ?? 0) <= nowMs) missing.push("time");
  return missing;
}
