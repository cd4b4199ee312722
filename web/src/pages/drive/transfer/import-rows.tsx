import { useQuery } from "@tanstack/react-query";
import { Globe, TriangleAlert, X } from "lucide-react";
import { useState } from "react";
import { ProgressBar } from "react-aria-components/ProgressBar";
import { useTranslation } from "react-i18next";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { Failure } from "#base/api/request/failure.ts";
import type { Import } from "#base/api/types.ts";
import { formatSize } from "#base/format/format.ts";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { dismissedImports, dismissImport, importsQuery, isMoving, worthShowing } from "./imports.ts";

/** The server's running imports, and those that failed. */
export function ImportRows() {
  const { t } = useTranslation();
  const text = useErrorText();
  const [dismissed, setDismissed] = useState(dismissedImports);
  const { data = [], dataUpdatedAt } = useQuery(importsQuery);
  const visibleImports = worthShowing(data, dismissed, dataUpdatedAt);
  if (visibleImports.length === 0) return null;
  const cancel = async (id: number) => {
    try {
      await ask("upload.cancelImport", { path: { id } });
    } catch (thrown) {
      showToast(text(thrown), undefined, 8_000);
    }
    await invalidate(importsQuery.queryKey);
  };
  return (
    <ul aria-label={t("import.list")} className="my-2 flex flex-col rounded-xl bg-surface p-2">
      {visibleImports.map((row) => (
        <li key={row.id} data-status={row.status} className="flex items-center gap-3 py-1 ps-2">
          {isMoving(row) ? (
            <Globe size={18} aria-hidden className="shrink-0 text-soft" />
          ) : (
            <TriangleAlert size={18} aria-hidden className="shrink-0 text-bad" />
          )}
          <div className="min-w-0 flex-1">
            <p className="truncate text-sm font-medium" title={row.url}>
              {row.name || row.url}
            </p>
            {isMoving(row) ? <Going one={row} /> : <Why one={row} />}
          </div>
          <IconButton
            label={t(isMoving(row) ? "import.cancel" : "import.dismiss", { name: row.name || row.url })}
            onPress={() => (isMoving(row) ? void cancel(row.id) : setDismissed(dismissImport(row.id)))}
          >
            <X size={16} aria-hidden />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}

function Going({ one: { name, url, status, received, size } }: { one: Import }) {
  const { t, i18n } = useTranslation();
  const amount = (bytes: number) => formatSize(bytes, i18n.language);
  const done =
    status === "queued"
      ? t("import.waits")
      : size === null
        ? t("import.received", { done: amount(received) })
        : t("upload.done", { done: amount(received), total: amount(size) });
  return (
    <ProgressBar
      aria-label={name || url}
      isIndeterminate={size === null}
      value={received}
      maxValue={Math.max(1, size ?? 1)}
    >
      {({ percentage = 0 }) => (
        <>
          <p className="tabular truncate text-xs text-soft">{done}</p>
          {size !== null && (
            <div className="mt-1 h-1 overflow-hidden rounded-full bg-raised">
              <div className="h-full rounded-full bg-accent" style={{ width: `${percentage}%` }} />
            </div>
          )}
        </>
      )}
    </ProgressBar>
  );
}

function Why({ one: { reason } }: { one: Import }) {
  const text = useErrorText();
  if (reason === null) return null;
  return (
    <p role="alert" className="text-xs text-soft">
      {text(new Failure(0, reason.error, reason.message))}
    </p>
  );
}
