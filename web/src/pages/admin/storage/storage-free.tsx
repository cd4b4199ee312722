import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "#base/api/request/client.ts";
import type { SpaceRelease } from "#base/api/types.ts";
import { formatAgo, formatSize } from "#base/format/format.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { ConfirmSheet } from "#base/ui/sheets/confirm-sheet.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { freedSpaceQuery } from "./storage-queries.ts";

/** When deleted content gives its space back, and a button that does not wait for it. */
export function FreeSpace() {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const latest = useQuery(freedSpaceQuery).data?.latest ?? null;
  const free = useAction(() => ask("transfer.freeSpace", { body: {} }), { changes: [freedSpaceQuery.queryKey] });
  return (
    <div className="flex flex-col gap-3 rounded-2xl bg-surface p-4 sm:p-6">
      <p className="text-sm text-soft">{t("storage.free.text")}</p>
      {free.problem !== null && <Problem>{free.problem}</Problem>}
      {latest !== null && <Outcome release={latest} />}
      <Button
        className="sm:self-start"
        isBusy={free.isBusy || latest?.status === "running"}
        onPress={() => setAsking(true)}
      >
        {t("storage.free.now")}
      </Button>
      {isAsking && (
        <ConfirmSheet
          title={t("storage.free.ask")}
          text={t("storage.free.ask.text")}
          action={t("storage.free.now")}
          onConfirm={() => void free.run()}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

function Outcome({ release: { status, objects, bytes, reason, created_at } }: { release: SpaceRelease }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  return (
    <p role="status" className="tabular text-sm">
      {t(`storage.free.${status}`, { count: objects, size: formatSize(bytes, language), reason: reason ?? "" })}
      <span className="text-soft"> · {formatAgo(Date.parse(created_at), Date.now(), language)}</span>
    </p>
  );
}
