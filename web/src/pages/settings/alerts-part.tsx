import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { alertsQuery } from "#base/api/queries.ts";
import { formatAgo } from "#base/format/format.ts";
import { ErrorState } from "#base/ui/states/states.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { deviceOf } from "./device.ts";
import { Part } from "./part.tsx";

/** Acts on the account that its owner should know of. */
export function AlertsPart() {
  const { t, i18n } = useTranslation();
  const { data, error, refetch } = useQuery(alertsQuery);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-24" />;
  if (data.list.length === 0) return <p className="text-soft">{t("settings.alerts.none")}</p>;
  return (
    <Part>
      <ul className="flex flex-col divide-y divide-line">
        {data.list.map(({ id, kind, agent, at }) => {
          const { name } = deviceOf(agent);
          return (
            <li key={id} className="flex items-baseline gap-3 py-3 first:pt-0 last:pb-0">
              <p className="min-w-0 flex-1">
                <span className="font-medium">{t(`settings.alerts.${kind}`)}</span>
                {name !== "" && <span className="text-soft"> · {name}</span>}
              </p>
              <p className="text-sm whitespace-nowrap text-soft">
                {formatAgo(Date.parse(at), Date.now(), i18n.language)}
              </p>
            </li>
          );
        })}
      </ul>
    </Part>
  );
}
