import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { historySettingsQuery, meQuery, searchHistorySettingsQuery } from "#base/api/queries.ts";
import { queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import type { ProfileChange, User } from "#base/api/types.ts";
import { Toggle } from "#base/ui/buttons/choice.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { Part } from "./part.tsx";

const visibilityFields = ["show_likes", "show_favorites", "show_following", "show_followers"] as const;

/** The visibility of one's lists, and the histories of watching and searching. */
export function PrivacyPart({ me }: { me: User }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const watched = useQuery(historySettingsQuery);
  const searched = useQuery(searchHistorySettingsQuery);
  const change = (shown: Partial<User>, body: ProfileChange) => {
    queryClient.setQueryData(meQuery.queryKey, { ...me, ...shown });
    ask("user.update", { path: { id: me.id }, body }).then(
      (saved) => queryClient.setQueryData(meQuery.queryKey, saved),
      (thrown: unknown) => {
        queryClient.setQueryData(meQuery.queryKey, me);
        showToast(text(thrown));
      },
    );
  };
  const keep = (which: "watched" | "searched", isKept: boolean) => {
    const { queryKey } = which === "watched" ? historySettingsQuery : searchHistorySettingsQuery;
    const before = queryClient.getQueryData(queryKey);
    const body = { is_kept: isKept };
    queryClient.setQueryData(queryKey, body);
    const saved = which === "watched" ? ask("interaction.setHistory", { body }) : ask("search.setHistory", { body });
    saved.catch((thrown: unknown) => {
      queryClient.setQueryData(queryKey, before);
      showToast(text(thrown));
    });
  };
  return (
    <Part>
      <div className="flex flex-col gap-1">
        {visibilityFields.map((field) => (
          <Toggle
            key={field}
            label={t(`privacy.${field}`)}
            isOn={me[field] !== false}
            onChange={(isOn) => change({ [field]: isOn }, { [field]: isOn })}
          />
        ))}
        <Toggle
          label={t("privacy.approve_followers")}
          text={t("privacy.approve_followers.text")}
          isOn={me.approves_followers}
          onChange={(isOn) => change({ approves_followers: isOn }, { approve_followers: isOn })}
        />
        {me.approves_followers && (
          <Link to="/follow-requests" className="flex min-h-11 items-center gap-3 rounded-lg py-1.5 hover:bg-raised">
            <span className="min-w-0 flex-1">
              <span className="block font-medium">{t("privacy.requests")}</span>
              <span className="block text-xs text-soft">{t("privacy.requests.text")}</span>
            </span>
            <ChevronRight size={18} aria-hidden className="text-faint rtl:-scale-x-100" />
          </Link>
        )}
        <Toggle
          label={t("privacy.history")}
          text={t("privacy.history.text")}
          isOn={watched.data?.is_kept !== false}
          onChange={(isOn) => keep("watched", isOn)}
        />
        <Toggle
          label={t("privacy.search")}
          text={t("privacy.search.text")}
          isOn={searched.data?.is_kept !== false}
          onChange={(isOn) => keep("searched", isOn)}
        />
        <Link to="/your-feed" className="flex min-h-11 items-center gap-3 rounded-lg py-1.5 hover:bg-raised">
          <span className="min-w-0 flex-1">
            <span className="block font-medium">{t("nav.yourFeed")}</span>
            <span className="block text-xs text-soft">{t("privacy.feed.text")}</span>
          </span>
          <ChevronRight size={18} aria-hidden className="text-faint rtl:-scale-x-100" />
        </Link>
      </div>
    </Part>
  );
}
