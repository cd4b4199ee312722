import { choicesKey } from "#base/api/upload-names.ts";
import { visibilities } from "#base/ui/fields/visibilities.ts";
import type { Draft } from "./draft.ts";

/** Choices that are likely the same for the next video. */
export type Choices = Pick<Draft, "visibility" | "categoryId" | "allowComment" | "allowDownload">;

export const firstChoices: Choices = {
  visibility: "public",
  categoryId: null,
  allowComment: true,
  allowDownload: true,
};

/** Stored choices, checked: another version or a curious user may have changed them. Pure. */
export function choicesFrom(stored: unknown): Choices {
  if (typeof stored !== "object" || stored === null) return firstChoices;
  const { visibility, categoryId, allowComment, allowDownload }: Record<string, unknown> = { ...stored };
  return {
    visibility: visibilities.find((option) => option === visibility) ?? "public",
    categoryId:
      typeof categoryId === "number" && Number.isSafeInteger(categoryId) && categoryId > 0 ? categoryId : null,
    allowComment: allowComment !== false,
    allowDownload: allowDownload !== false,
  };
}

export const choicesOf = ({ visibility, categoryId, allowComment, allowDownload }: Choices): Choices => ({
  visibility,
  categoryId,
  allowComment,
  allowDownload,
});

export function lastChoices(): Choices {
  try {
    return choicesFrom(JSON.parse(localStorage.getItem(choicesKey) ?? "null"));
  } catch {
    return firstChoices;
  }
}

export const rememberChoices = (draft: Draft): void =>
  localStorage.setItem(choicesKey, JSON.stringify(choicesOf(draft)));
