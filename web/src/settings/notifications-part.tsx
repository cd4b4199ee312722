import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { notificationSettingsQuery } from "../inbox/queries.ts";
import { Toggle } from "../ui/choice.tsx";
import { ErrorState, useErrorText } from "../ui/states.tsx";
import { showToast } from "../ui/toasts.tsx";
import { Part } from "./part.tsx";

const kinds = ["like", "comment", "reply", "mention", "comment_like", "follow", "published"] as const;

/** What the viewer is notified about. */
export function NotificationsPart() {
  const { t } = useTranslation();
  const text = useErrorText();
  const query = useQuery(notificationSettingsQuery);
  if (query.data === undefined) {
    return query.isError ? (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <div aria-busy className="skeleton h-60" />
    );
  }
  const settings = query.data;
  const change = (kind: (typeof kinds)[number], isOn: boolean) => {
    const key = notificationSettingsQuery.queryKey;
    queryClient.setQueryData(key, { ...settings, [kind]: isOn });
    ask("message.setSettings", { body: { [kind]: isOn } }).catch((thrown: unknown) => {
      queryClient.setQueryData(key, settings);
      showToast(text(thrown));
    });
  };
  return (
    <Part>
      <div className="flex flex-col gap-1">
        {kinds.map((kind) => (
          <Toggle
            key={kind}
            label={t(`notice.set.${kind}`)}
            isOn={settings[kind]}
            onChange={(isOn) => change(kind, isOn)}
          />
        ))}
      </div>
    </Part>
  );
}
