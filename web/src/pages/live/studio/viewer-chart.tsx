import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import type { Live } from "#base/api/types.ts";
import { formatNumber } from "#base/format/format.ts";
import { LineChart } from "#base/ui/charts/line-chart.tsx";

const minuteMs = 60_000;

/** How many watched at each minute; nothing in the first two. */
export function ViewerChart({ live }: { live: Live }) {
  const { t, i18n } = useTranslation();
  const { data } = useQuery({
    queryKey: keyOf("live", live.id, "viewers"),
    queryFn: ({ signal }) => ask("live.viewers", { path: { id: live.id }, signal }),
    refetchInterval: live.status === "ended" ? false : minuteMs,
  });
  const list = data?.list ?? [];
  if (list.length < 2) return null;
  const time = new Intl.DateTimeFormat(i18n.language, { hour: "2-digit", minute: "2-digit" });
  const timeAt = (place: number) => time.format(Date.parse(list[place]?.at ?? ""));
  return (
    <div className="mt-4 border-t border-line pt-3">
      <LineChart
        label={t("live.figure.viewers")}
        current={list.map(({ viewers }) => viewers)}
        format={(count) => formatNumber(Math.round(count), i18n.language)}
        nameOf={timeAt}
        className="h-36"
      />
      <div aria-hidden className="tabular me-14 mt-3 flex justify-between text-xs text-soft">
        <span>{timeAt(0)}</span>
        <span>{timeAt(list.length - 1)}</span>
      </div>
    </div>
  );
}
