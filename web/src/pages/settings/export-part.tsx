import { useState } from "react";
import { useTranslation } from "react-i18next";
import { mustBeFresh } from "#base/api/fresh-sign-in.ts";
import { withinSession } from "#base/api/request/client.ts";
import { formatRemaining } from "#base/format/format.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Toggle } from "#base/ui/buttons/choice.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { saveFrom } from "#pages/drive/entries/save.ts";

/** Downloads everything that the account has, as one archive. */
export function ExportPart() {
  const { t, i18n } = useTranslation();
  const [hasOriginals, setOriginals] = useState(false);
  const {
    run: download,
    isBusy,
    problem,
    setProblem,
  } = useAction(async () => {
    const language = i18n.language.startsWith("zh") ? "zh" : "en";
    const url = `/api/v1/users/me/export?language=${language}${hasOriginals ? "&originals=1" : ""}`;
    await mustBeFresh();
    // The server is asked first if the download begins: a refusal would take the place of this page.
    const answer = await withinSession(() => fetch(url, { method: "HEAD" }));
    const waitS = Number(answer.headers.get("retry-after") ?? 60);
    if (answer.ok) saveFrom(url);
    else
      setProblem(
        answer.status === 429
          ? t("settings.export.wait", { time: formatRemaining(waitS, i18n.language) })
          : t("settings.export.failed"),
      );
  });
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
      <Button isBusy={isBusy} onPress={() => void (!isBusy && download())}>
        {t("settings.export.download")}
      </Button>
    </div>
  );
}
