import { useQuery } from "@tanstack/react-query";
import { Meter } from "react-aria-components/Meter";
import { useTranslation } from "react-i18next";
import { formatSize } from "#base/format/format.ts";
import { classNames } from "#base/ui/class-names.ts";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { usageQuery } from "../entries/entries.ts";

/** How much of one's space is in use. */
export function QuotaBar() {
  const { t, i18n } = useTranslation();
  const { data } = useQuery(usageQuery);
  if (data === undefined) return <Skeleton className="h-9 w-full" />;
  const size = (bytes: number) => formatSize(bytes, i18n.language);
  const used = data.used_bytes + data.reserved_bytes;
  if (data.quota_bytes === 0) return <p className="text-xs text-soft">{t("drive.used", { used: size(used) })}</p>;
  const share = Math.min(1, used / data.quota_bytes);
  const words = t("drive.usedOf", { used: size(used), total: size(data.quota_bytes) });
  return (
    <Meter
      aria-label={t("drive.space")}
      value={used}
      maxValue={data.quota_bytes}
      valueLabel={words}
      className="flex w-full flex-col gap-1.5"
    >
      <span className="tabular text-xs text-soft">{words}</span>
      <span className="block h-1.5 overflow-hidden rounded-full bg-raised">
        <span
          className={classNames(
            "block h-full rounded-full",
            share > 0.95 ? "bg-bad" : share > 0.8 ? "bg-warn" : "bg-accent",
          )}
          style={{ width: `${Math.max(1, share * 100)}%` }}
        />
      </span>
    </Meter>
  );
}
