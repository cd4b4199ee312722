import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { suggestionsQuery } from "#base/api/queries.ts";
import { PersonChip } from "./person-chip.tsx";

const countMax = 3;

/** Some users to follow at the end of a feed; empty where there are none. For signed-in users. */
export function SuggestedPeople() {
  const { t } = useTranslation();
  const { data = [] } = useQuery(suggestionsQuery);
  if (data.length === 0) return null;
  return (
    <ul aria-label={t("people.suggested")} className="mb-1 flex w-full flex-wrap justify-center gap-2">
      {data.slice(0, countMax).map((user) => (
        <li key={user.id}>
          <PersonChip user={user} />
        </li>
      ))}
    </ul>
  );
}
