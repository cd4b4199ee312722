import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { ModerationCase } from "#base/api/types.ts";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import type { Verdict } from "./decide-sheet.tsx";

/** Decides cases, says so, and offers to undo what is not final. */
export function useDecisions(onDecided: (item: ModerationCase) => void) {
  const { t } = useTranslation();
  const textOf = useErrorText();
  const last = useRef<number | null>(null);
  const refresh = () => invalidate(keyOf("moderation"));
  const undo = async (id: number) => {
    last.current = null;
    try {
      await ask("moderation.undo", { path: { id }, body: {} });
    } catch (thrown) {
      showToast(textOf(thrown));
    }
    await refresh();
  };
  const decide = async (item: ModerationCase, verdict: Verdict) => {
    const decided = await ask("moderation.resolve", { path: { id: item.id }, body: verdict });
    last.current = decided.is_final ? null : decided.id;
    onDecided(item);
    await refresh();
    showToast(
      t("cases.decided.toast", { outcome: t(`outcome.${verdict.action}`) }),
      decided.is_final ? undefined : { name: t("cases.undo"), run: () => void undo(decided.id) },
    );
  };
  const decideNow = (item: ModerationCase, verdict: Verdict) =>
    void decide(item, verdict).catch((thrown: unknown) => {
      showToast(textOf(thrown));
      void refresh();
    });
  const undoLast = () => {
    if (last.current === null) return false;
    void undo(last.current);
    return true;
  };
  return { decide, decideNow, undo, undoLast };
}
