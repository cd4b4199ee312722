import { useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { suggestionsQuery } from "#base/api/queries.ts";
import type { Suggestion } from "#base/api/types.ts";
import { FollowButton } from "#base/ui/accounts/follow-button.tsx";
import { PersonLink } from "./person-link.tsx";

/** Users to follow, with the reason; empty where there are none. For signed-in users. */
export function Suggestions({ isWide = false, onLeave }: { isWide?: boolean; onLeave?: () => void }) {
  const { t } = useTranslation();
  const { data = [] } = useQuery(suggestionsQuery);
  if (data.length === 0) return null;
  return (
    <section aria-label={t("people.suggested")} className={isWide ? "" : "mt-5"}>
      <h2 className="mb-1 text-base font-semibold">{t("people.suggested")}</h2>
      <ul className={isWide ? "grid gap-x-8 sm:grid-cols-2" : "flex flex-col divide-y divide-line"}>
        {data.map((suggestion) => (
          <li key={suggestion.id} className="flex min-w-0 items-center gap-3 py-2.5">
            <PersonLink user={suggestion} text={reasonOf(suggestion, t)} {...(onLeave && { onPress: onLeave })} />
            <FollowButton user={suggestion} look="inverse" />
          </li>
        ))}
      </ul>
    </section>
  );
}

function reasonOf({ reason, mutuals: [first], mutual_count: count }: Suggestion, t: TFunction): string {
  if (reason === "similar_to_following") return t("people.similar");
  if (first === undefined) return t("people.popular");
  const name = first.nickname || first.username;
  return count > 1 ? t("people.followedByMany", { name, count: count - 1 }) : t("people.followedBy", { name });
}
