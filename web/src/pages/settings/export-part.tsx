import { useState } from "react";
import { useTranslation } from "react-i18next";
import { formatSize } from "#base/format/format.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Toggle } from "#base/ui/buttons/choice.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { type PreparedExport, useExport } from "./use-export.ts";

/** Downloads everything that the account has, as one archive. */
export function ExportPart() {
  const { t } = useTranslation();
  const [hasOriginals, setOriginals] = useState(false);
  const { download, isBusy, problem, progress, prepared } = useExport();
  return (
    <div className="flex flex-col items-start gap-4">
      <p className="text-pretty text-soft">{t("settings.export.text")}</p>
      <Toggle
        label={t("settings.export.originals")}
        text={t("settings.export.originals.text")}
        isOn={hasOriginals}
        onChange={setOriginals}
      />
      {problem !== null && <Problem>{problem}</Problem>}
      <Button isBusy={isBusy} onPress={() => void (!isBusy && download({ hasOriginals }))}>
        {t("settings.export.download")}
      </Button>
      <ExportState progress={progress} prepared={prepared} />
    </div>
  );
}

/** How far the preparation is, or the archive that is ready. */
export function ExportState({ progress, prepared }: { progress: number | null; prepared: PreparedExport | null }) {
  const { t, i18n } = useTranslation();
  if (prepared !== null)
    return (
      <p className="text-sm text-pretty text-soft" role="status">
        {t("settings.export.ready", {
          size: formatSize(prepared.size, i18n.language),
          time: new Date(prepared.expires_at).toLocaleString(i18n.language, {
            dateStyle: "medium",
            timeStyle: "short",
          }),
        })}{" "}
        <a href={prepared.url} download className="font-semibold text-ink underline">
          {t("settings.export.again")}
        </a>
      </p>
    );
  if (progress === null) return null;
  return (
    <p className="text-sm text-soft" role="status">
      {t("settings.export.preparing", { percent: Math.round(progress * 100) })}
    </p>
  );
}
