import { Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Switch } from "react-aria-components/Switch";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import type { Runner } from "#base/api/types.ts";
import { formatAgo, formatDate, formatNumber } from "#base/format/format.ts";
import { IconButton } from "#base/ui/buttons/button.tsx";
import { SwitchKnob } from "#base/ui/buttons/switch-knob.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { ConfirmSheet } from "#base/ui/sheets/confirm-sheet.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";

const columns = "lg:grid lg:grid-cols-[minmax(0,1.5fr)_7rem_8rem_minmax(0,1.5fr)_7rem_7rem] lg:items-center lg:gap-x-4";

interface RunnerListProps {
  runners: readonly Runner[];
  nowMs: number;
}

/** The runners: a table where there is room for its columns, else a card for each. */
export function RunnerList({ runners, nowMs }: RunnerListProps) {
  const { t } = useTranslation();
  return (
    <div className="overflow-hidden rounded-xl border border-line bg-surface">
      {/* Each value below has its name; these are for the eyes alone. */}
      <div
        aria-hidden
        className={classNames("hidden border-b border-line px-4 py-2.5 text-xs font-medium text-soft", columns)}
      >
        <span>{t("runners.runner")}</span>
        <span>{t("runners.state")}</span>
        <span>{t("runners.seen")}</span>
        <span>{t("runners.job")}</span>
        <span className="text-end">{t("runners.counts")}</span>
        <span />
      </div>
      <ul aria-label={t("admin.runners")} className="divide-y divide-line">
        {runners.map((runner) => (
          <RunnerRow key={runner.id} runner={runner} nowMs={nowMs} />
        ))}
      </ul>
    </div>
  );
}

function RunnerRow({ runner, nowMs }: { runner: Runner; nowMs: number }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  const { name, version, address, jobs, jobs_done: done, jobs_failed: failed } = runner;
  const seenMs = Date.parse(runner.seen_at);
  return (
    <li className={classNames("px-4 py-3", columns)}>
      <div className="flex items-start justify-between gap-3 lg:contents">
        <p className="min-w-0 text-sm break-words" title={runner.description || undefined}>
          <span className="font-semibold">{name}</span>{" "}
          <span className="text-xs text-soft">{[version, address].filter(Boolean).join(" · ")}</span>
        </p>
        <StateMark runner={runner} />
      </div>
      <dl className="mt-2 grid grid-cols-2 gap-x-4 gap-y-1.5 lg:contents">
        <Value name={t("runners.seen")}>
          <time dateTime={runner.seen_at} title={formatDate(seenMs, language)}>
            {formatAgo(seenMs, nowMs, language)}
          </time>
        </Value>
        <Value name={t("runners.counts")} className="lg:order-1 lg:text-end">
          {formatNumber(done, language)}
          {failed > 0 && <span className="text-warn"> / {formatNumber(failed, language)}</span>}
        </Value>
        <Value name={t("runners.job")} className="col-span-2">
          {jobs.length === 0 ? <span className="text-soft">{t("runners.idle")}</span> : <Jobs jobs={jobs} />}
        </Value>
      </dl>
      <RunnerActions runner={runner} />
    </li>
  );
}

interface ValueProps {
  name: string;
  className?: string;
  children: ReactNode;
}

function Value({ name, className, children }: ValueProps) {
  return (
    <div className={classNames("min-w-0 lg:col-span-1", className)}>
      <dt className="text-xs text-soft lg:sr-only">{name}</dt>
      <dd className="tabular text-sm">{children}</dd>
    </div>
  );
}

function Jobs({ jobs }: Pick<Runner, "jobs">) {
  const { t, i18n } = useTranslation();
  const percent = new Intl.NumberFormat(i18n.language, { style: "percent" });
  return (
    <ul className="flex flex-col gap-1">
      {jobs.map(({ id, kind, progress }) => (
        <li key={id} className="flex items-center gap-2">
          <span className="min-w-0 flex-1">{t(`runners.kind.${kind}`)}</span>
          <span aria-hidden className="h-1 w-16 shrink-0 overflow-hidden rounded-full bg-strong">
            <span className="block h-full bg-good" style={{ width: `${progress}%` }} />
          </span>
          <span className="w-10 shrink-0 text-end text-xs text-soft">{percent.format(progress / 100)}</span>
        </li>
      ))}
    </ul>
  );
}

function StateMark({ runner: { is_enabled: isEnabled, is_present: isPresent } }: { runner: Runner }) {
  const { t } = useTranslation();
  const state = isEnabled ? (isPresent ? "present" : "away") : "off";
  return (
    <p
      className={classNames("flex shrink-0 items-center gap-2 text-sm", state === "away" && "font-semibold text-warn")}
    >
      <span
        aria-hidden
        className={classNames(
          "size-2 rounded-full",
          state === "present" ? "bg-good" : state === "away" ? "bg-warn" : "bg-soft",
        )}
      />
      {t(`runners.state.${state}`)}
    </p>
  );
}

function RunnerActions({ runner: { id, name, is_enabled: isEnabled } }: { runner: Runner }) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const options = { failure: "toast", changes: [keyOf("runners")] } as const;
  const flip = useAction(async (isOn: boolean) => {
    await ask("transcoder.switchRunner", { path: { id }, body: { is_enabled: isOn } });
    showToast(t(isOn ? "runners.switchedOn" : "runners.switchedOff", { name }));
  }, options);
  const remove = useAction(async () => {
    await ask("transcoder.removeRunner", { path: { id } });
    showToast(t("runners.removed", { name }));
  }, options);
  return (
    <div className="mt-1 flex items-center justify-end gap-1 lg:order-2 lg:mt-0">
      <Switch
        isSelected={flip.input?.[0] ?? isEnabled}
        onChange={(isOn) => void flip.run(isOn)}
        aria-label={t("runners.switch", { name })}
        className="group flex min-h-11 cursor-pointer items-center px-1"
      >
        <SwitchKnob className="shrink-0" />
      </Switch>
      <IconButton label={t("runners.remove", { name })} onPress={() => setAsking(true)}>
        <Trash2 size={18} aria-hidden />
      </IconButton>
      {isAsking && (
        <ConfirmSheet
          title={t("runners.remove.ask", { name })}
          text={t("runners.remove.text")}
          action={t("runners.remove.action")}
          onConfirm={() => void remove.run()}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
