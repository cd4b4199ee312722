import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { alertsQuery, emailQuery, instanceQuery, sessionsQuery } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import { asFailure } from "#base/api/request/failure.ts";
import { formatAgo, formatDate } from "#base/format/format.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { LoadFailed } from "#base/ui/states/load-more.tsx";
import { deviceOf } from "#base/format/device.ts";
import { maskAddress, sessionOfAlert } from "./alerts.ts";
import { joinFacts, Panel, RowsSkeleton } from "./panel.tsx";

/** So many alerts are shown until the viewer asks for more. */
const shownFirst = 5;

/** Acts on the account that its owner should know of. `onStranger`: a log-in that the viewer does not know has ended. */
export function AlertsPart({ onStranger }: { onStranger: () => void }) {
  const { t, i18n } = useTranslation();
  const query = useQuery(alertsQuery);
  const [hasAll, setAll] = useState(false);
  const { data: sessions } = useQuery(sessionsQuery);
  const { run, input } = useAction(
    async (id: string) => {
      await ask("auth.endSession", { path: { id } }).catch((thrown: unknown) => {
        if (asFailure(thrown).code !== "auth.session_not_found") throw thrown;
      });
      onStranger();
    },
    { failure: "toast", changes: [keyOf("sessions")] },
  );
  if (query.isError && query.data === undefined)
    return (
      <Panel title={t("settings.alerts")}>
        <LoadFailed query={query} />
      </Panel>
    );
  return (
    <Panel title={t("settings.alerts")} end={<MailRemark />}>
      {query.data === undefined ? (
        <RowsSkeleton rows={1} />
      ) : query.data.list.length === 0 ? (
        <p className="px-4 py-4 text-sm text-pretty text-soft">{t("settings.alerts.none")}</p>
      ) : (
        <ul className="flex flex-col divide-y divide-line">
          {query.data.list.slice(0, hasAll ? undefined : shownFirst).map((alert) => {
            const { id, kind, agent, name, at } = alert;
            const sessionId = sessionOfAlert(alert, sessions?.list ?? []);
            return (
              <li key={id} className="flex min-h-12 items-center gap-3.5 px-4 py-2">
                <span
                  aria-hidden
                  className={`size-2 shrink-0 rounded-full ${sessionId === undefined ? "bg-strong" : "bg-warn"}`}
                />
                <div className="min-w-0 flex-1">
                  <p className="text-sm font-medium">{t(`settings.alerts.${kind}`)}</p>
                  <p className="text-xs text-soft" title={formatDate(Date.parse(at), i18n.language)}>
                    {joinFacts(name, deviceOf(agent).name, formatAgo(Date.parse(at), Date.now(), i18n.language))}
                  </p>
                </div>
                {sessionId !== undefined && (
                  <Button isBusy={input?.[0] === sessionId} onPress={() => void run(sessionId)}>
                    {t("security.alerts.notMe")}
                  </Button>
                )}
              </li>
            );
          })}
          {!hasAll && query.data.list.length > shownFirst && (
            <li>
              <Button look="ghost" className="w-full rounded-none!" onPress={() => setAll(true)}>
                {t("action.loadMore")}
              </Button>
            </li>
          )}
        </ul>
      )}
    </Panel>
  );
}

/** The address that alerts are mailed to, mostly hidden: the page may be seen over a shoulder. */
function MailRemark() {
  const { t } = useTranslation();
  const { data: address } = useQuery(emailQuery);
  const { data: instance } = useQuery(instanceQuery);
  if (address?.is_verified !== true || instance?.features.includes("mail") !== true) return null;
  return (
    <span className="min-w-0 text-end text-xs wrap-anywhere text-soft">
      {t("security.alerts.mail", { address: maskAddress(address.email) })}
    </span>
  );
}
