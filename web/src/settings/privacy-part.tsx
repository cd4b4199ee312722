import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { historySettingsQuery, meQuery, queryClient } from "../api/queries.ts";
import type { User } from "../api/types.ts";
import { Toggle } from "../ui/choice.tsx";
import { useErrorText } from "../ui/states.tsx";
import { showToast } from "../ui/toasts.tsx";

const shown = ["show_likes", "show_favorites", "show_following", "show_followers"] as const;

/** What others see of one's lists, and whether one's history is kept. */
export function PrivacyPart({ me }: { me: User }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const history = useQuery(historySettingsQuery);
  const change = (field: (typeof shown)[number], isShown: boolean) => {
    queryClient.setQueryData(meQuery.queryKey, { ...me, [field]: isShown });
    ask("user.update", { path: { id: me.id }, body: { [field]: isShown } }).then(
      (saved) => queryClient.setQueryData(meQuery.queryKey, saved),
      (thrown: unknown) => {
        queryClient.setQueryData(meQuery.queryKey, me);
        showToast(text(thrown));
      },
    );
  };
  const keep = (isKept: boolean) => {
    const before = history.data;
    queryClient.setQueryData(historySettingsQuery.queryKey, { is_kept: isKept });
    ask("interaction.setHistory", { body: { is_kept: isKept } }).catch((thrown: unknown) => {
      queryClient.setQueryData(historySettingsQuery.queryKey, before);
      showToast(text(thrown));
    });
  };
  return (
    <div className="flex flex-col gap-1">
      {shown.map((field) => (
        <Toggle
          key={field}
          label={t(`privacy.${field}`)}
          isOn={me[field] !== false}
          onChange={(isOn) => change(field, isOn)}
        />
      ))}
      <Toggle
        label={t("privacy.history")}
        text={t("privacy.history.text")}
        isOn={history.data?.is_kept !== false}
        onChange={keep}
      />
    </div>
  );
}
