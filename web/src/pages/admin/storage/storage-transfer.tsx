import { useQuery } from "@tanstack/react-query";
import { Pause, Play, TriangleAlert, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "#base/api/request/client.ts";
import type { Transfer } from "#base/api/types.ts";
import { formatAgo, formatCount, formatDate, formatSize } from "#base/format/format.ts";
import { textsOf } from "#base/i18n/i18n.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { percentOf } from "./storage-amounts.ts";
import { isActive, transferQuery, transfersChanged } from "./storage-queries.ts";

/** One transfer: what it does, how far it is, what became of it, and what can be done about it. */
export function TransferCard({ transfer }: { transfer: Transfer }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const percent = percentOf(transfer.bytes_done, transfer.bytes_total);
  const createdMs = Date.parse(transfer.created_at);
  const from = transfer.from ?? t("storage.anywhere");
  const what = t(transfer.is_scrub ? "storage.scrub" : `storage.kind.${transfer.kind}`);
  const where = transfer.to === null ? from : `${from} → ${transfer.to}`;
  const counts: [number, string][] = [
    [transfer.objects_waiting, t("storage.waiting", { count: transfer.objects_waiting })],
    [transfer.objects_damaged, t("storage.damaged.count", { count: transfer.objects_damaged })],
    [transfer.objects_repaired, t("storage.repaired", { count: transfer.objects_repaired })],
    [transfer.objects_skipped, t("storage.skipped", { count: transfer.objects_skipped })],
  ];
  return (
    <li className="flex flex-col gap-2 rounded-xl bg-surface p-4">
      <div className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
        <h3 className="min-w-0 font-semibold break-words">
          {what} · {where}
        </h3>
        {transfer.is_automatic && <span className="text-xs text-soft">{t("storage.automatic")}</span>}
        <time
          dateTime={transfer.created_at}
          title={formatDate(createdMs, language)}
          className="text-xs text-soft sm:ms-auto"
        >
          {formatAgo(createdMs, Date.now(), language)}
        </time>
      </div>
      {isActive(transfer) || transfer.status === "paused" ? (
        <div
          role="progressbar"
          aria-label={`${what} ${where}`}
          aria-valuenow={transfer.is_planned ? percent : 0}
          aria-valuemin={0}
          aria-valuemax={100}
          className="h-1.5 overflow-hidden rounded-full bg-raised"
        >
          <div
            className="h-full rounded-full bg-accent-strong transition-[width] motion-reduce:transition-none"
            style={{ width: `${transfer.is_planned ? percent : 0}%` }}
          />
        </div>
      ) : null}
      <p className="tabular text-sm text-soft">
        {t(`storage.status.${transfer.status}`)}
        {" · "}
        {transfer.is_planned
          ? t("storage.progress", {
              done: formatCount(transfer.objects_done, language),
              total: formatCount(transfer.objects_total, language),
              doneSize: formatSize(transfer.bytes_done, language),
              totalSize: formatSize(transfer.bytes_total, language),
            })
          : t("storage.planning")}
        {counts.filter(([count]) => count > 0).map(([, words]) => ` · ${words}`)}
      </p>
      {transfer.reason !== null && (
        <p className="text-sm break-words text-soft">{t("storage.reason", { reason: transfer.reason })}</p>
      )}
      {transfer.objects_failed > 0 && <Failures transfer={transfer} />}
      <Actions transfer={transfer} />
    </li>
  );
}

/** The failures, fetched when they are opened. */
function Failures({ transfer }: { transfer: Transfer }) {
  const { t, i18n } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const { data } = useQuery({ ...transferQuery(transfer.id), enabled: isOpen });
  const texts = textsOf(i18n.language);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="inline-flex min-h-11 cursor-pointer items-center gap-2 text-sm font-medium text-bad">
        <TriangleAlert size={16} aria-hidden />
        {t("storage.failed", { count: transfer.objects_failed })}
      </summary>
      <ul className="flex flex-col gap-2 pt-1 text-xs">
        {data?.failures.map(({ object, size_bytes, error, message }) => (
          <li key={object}>
            <code className="block break-all select-text">{object}</code>
            <span className="text-soft">
              {formatSize(size_bytes, i18n.language)} · {texts[`storage.failure.${error}`] ?? message}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

type Step = "pause" | "resume" | "cancel";

function Actions({ transfer }: { transfer: Transfer }) {
  const { t } = useTranslation();
  const { run, input } = useAction(
    async (action: Step) => {
      await ask(`transfer.${action}`, { path: { id: transfer.id }, body: {} });
      await transfersChanged();
    },
    { failure: "toast" },
  );
  const busy = input?.[0];
  const { status, objects_failed } = transfer;
  const canGoOn = status === "paused" || status === "failed" || (status === "done" && objects_failed > 0);
  const canCancel = isActive(transfer) || status === "paused";
  if (!canGoOn && !canCancel) return null;
  const button = (action: Step, name: string, icon: typeof Pause, look: "plain" | "danger" = "plain") => {
    const Icon = icon;
    return (
      <Button look={look} isBusy={busy === action} onPress={() => void run(action)}>
        {busy !== action && <Icon size={16} aria-hidden />}
        {name}
      </Button>
    );
  };
  return (
    <div className="flex flex-wrap gap-2 pt-1">
      {isActive(transfer) && button("pause", t("storage.pause"), Pause)}
      {canGoOn && button("resume", status === "paused" ? t("storage.resume") : t("storage.again"), Play)}
      {canCancel && button("cancel", t("storage.cancel"), X, "danger")}
    </div>
  );
}
