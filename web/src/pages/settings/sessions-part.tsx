import { useQuery } from "@tanstack/react-query";
import { Monitor, Smartphone } from "lucide-react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { sessionsQuery } from "#base/api/queries.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { formatAgo } from "#base/format/format.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { deviceOf } from "./device.ts";
import { Part } from "./part.tsx";

/** The viewer's sessions, and the way to end them. */
export function SessionsPart() {
  const { t, i18n } = useTranslation();
  const { data, error, refetch } = useQuery(sessionsQuery);
  const {
    run: end,
    input,
    problem,
  } = useAction(async (_what: string, work: () => Promise<string>) => {
    try {
      showToast(await work());
    } finally {
      await invalidate(keyOf("sessions"));
    }
  });
  const busy = input?.[0];
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-24" />;

  const endOne = (id: string) =>
    end(id, async () => {
      await ask("auth.endSession", { path: { id } });
      return t("settings.sessions.ended");
    });
  const endOthers = () =>
    end("others", async () => {
      const { count } = await ask("auth.endOthers", {});
      return t("settings.sessions.endedOthers", { count });
    });
  return (
    <div className="flex flex-col gap-4">
      <Part>
        <ul className="flex flex-col divide-y divide-line">
          {data.list.map(({ id, agent, is_current: isHere, is_new_device: isNew, used_at: usedAt }) => {
            const { name, isPhone } = deviceOf(agent);
            return (
              <li key={id} className="flex items-center gap-3 py-3 first:pt-0 last:pb-0">
                {isPhone ? <Smartphone size={22} aria-hidden /> : <Monitor size={22} aria-hidden />}
                <div className="min-w-0 flex-1">
                  <p className="truncate font-medium" title={agent}>
                    {name || t("settings.sessions.unknown")}
                  </p>
                  <p className="text-sm text-soft">
                    {isNew && <span className="text-warn">{t("settings.sessions.new")} · </span>}
                    {isHere
                      ? t("settings.sessions.here")
                      : t("settings.sessions.used", { when: formatAgo(Date.parse(usedAt), Date.now(), i18n.language) })}
                  </p>
                </div>
                {!isHere && (
                  <Button isBusy={busy === id} isDisabled={busy !== undefined} onPress={() => void endOne(id)}>
                    {t("settings.sessions.end")}
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
      </Part>
      {problem !== null && <Problem>{problem}</Problem>}
      {data.list.length > 1 && (
        <Button
          look="danger"
          className="self-start"
          isBusy={busy === "others"}
          isDisabled={busy !== undefined}
          onPress={() => void endOthers()}
        >
          {t("settings.sessions.endOthers")}
        </Button>
      )}
    </div>
  );
}
