import { useState } from "react";
import { useTranslation } from "react-i18next";
import { mustBeFresh } from "#base/api/fresh-sign-in.ts";
import { withinSession } from "#base/api/request/client.ts";
import { formatRemaining } from "#base/format/format.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { saveFrom } from "#pages/drive/entries/save.ts";

export interface PreparedExport {
  readonly url: string;
  readonly size: number;
  readonly expires_at: string;
}

/** A line of the answer: the progress, then the outcome. */
type Line = { readonly done: number; readonly total: number } | PreparedExport | { readonly error: string };

/** The export of everything that the account has, after a fresh sign-in: it is prepared, then downloaded. */
export function useExport() {
  const { t, i18n } = useTranslation();
  const [progress, setProgress] = useState<number | null>(null);
  const [prepared, setPrepared] = useState<PreparedExport | null>(null);
  const {
    run: download,
    isBusy,
    problem,
    setProblem,
  } = useAction(async ({ hasOriginals }: { hasOriginals: boolean }) => {
    setPrepared(null);
    await mustBeFresh();
    const language = i18n.language.startsWith("zh") ? "zh" : "en";
    const answer = await withinSession(() =>
      fetch("/api/v1/users/me/export", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ originals: hasOriginals, language }),
      }),
    );
    const result = answer.ok ? await outcomeOf(answer, setProgress).finally(() => setProgress(null)) : undefined;
    if (result !== undefined) {
      setPrepared(result);
      saveFrom(result.url);
    } else if (answer.status === 429) {
      const waitS = Number(answer.headers.get("retry-after") ?? 60);
      setProblem(t("settings.export.wait", { time: formatRemaining(waitS, i18n.language) }));
    } else setProblem(t("settings.export.failed"));
  });
  return { download, isBusy, problem, progress, prepared };
}

/** The prepared export; undefined where there is none at the end. `report` gets the share that is done, up to 1. */
async function outcomeOf(answer: Response, report: (share: number) => void): Promise<PreparedExport | undefined> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  let outcome: PreparedExport | undefined;
  for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read()) {
    const lines = (text + chunk.value).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines.map((json) => JSON.parse(json) as Line)) {
      // Written by our server.
      if ("done" in line) report(line.done / line.total);
      else if ("url" in line) outcome = line;
    }
  }
  return outcome;
}
