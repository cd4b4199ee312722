import { Download, RotateCcw } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { ConfirmSheet } from "#base/ui/sheets/confirm-sheet.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { saveExport } from "./export.ts";
import { dropFeeds, feedSettingsQuery, interestsQuery } from "./your-feed-queries.ts";

type Work = "reset" | "export";

/** Actions on all of it. */
export function Foot() {
  const { t } = useTranslation();
  const [isSure, setSure] = useState(false);
  const { run, input } = useAction((_work: Work, start: () => Promise<void>) => start(), { failure: "toast" });
  const busy = input?.[0];
  const reset = async () => {
    await ask("recommend.reset", { body: {} });
    dropFeeds("for-you");
    await invalidate(feedSettingsQuery.queryKey, interestsQuery.queryKey);
    showToast(t("yourFeed.reset.done"));
  };
  return (
    <footer className="sticky short:static bottom-(--bar) z-10 -mx-4 mt-auto flex flex-col gap-1.5 border-t border-line bg-page px-4 pt-2.5 pb-3 sm:-mx-6 sm:px-6">
      <div className="flex gap-2">
        <Button isBusy={busy === "reset"} className="min-h-11! flex-1" onPress={() => setSure(true)}>
          {busy !== "reset" && <RotateCcw size={16} aria-hidden />}
          {t("yourFeed.reset")}
        </Button>
        <Button
          isBusy={busy === "export"}
          className="min-h-11! flex-1"
          onPress={() => void run("export", () => saveExport(new Date()))}
        >
          {busy !== "export" && <Download size={16} aria-hidden />}
          {t("yourFeed.export")}
        </Button>
      </div>
      <p className="text-center text-xs text-soft">{t("yourFeed.foot")}</p>
      {isSure && (
        <ConfirmSheet
          title={t("yourFeed.reset.title")}
          text={t("yourFeed.reset.text")}
          action={t("yourFeed.reset.confirm")}
          onConfirm={() => void run("reset", reset)}
          onClose={() => setSure(false)}
        />
      )}
    </footer>
  );
}
