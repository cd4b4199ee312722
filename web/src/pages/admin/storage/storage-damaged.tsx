import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { DamagedObject } from "#base/api/types.ts";
import { formatDate, formatSize } from "#base/format/format.ts";

/** Files that no store has whole; for as long as there are any. */
export function DamagedFiles({ objects }: { objects: readonly DamagedObject[] }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  return (
    <div className="rounded-2xl bg-surface p-4 sm:p-6">
      <p className="flex items-start gap-2 text-sm">
        <TriangleAlert size={18} aria-hidden className="mt-0.5 shrink-0 text-bad" />
        <span>{t("storage.damaged.text")}</span>
      </p>
      <ul className="flex flex-col gap-3 pt-4 text-xs">
        {objects.map(({ object, store, size_bytes, found_at, users }) => (
          <li key={`${store}/${object}`}>
            <code className="block break-all select-text">{object}</code>
            <span className="text-soft">
              {[
                store,
                formatSize(size_bytes, language),
                t("storage.damaged.found", { date: formatDate(Date.parse(found_at), language) }),
                users.length > 0 && t("storage.damaged.owners", { names: namesOf(users).join(", ") }),
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A user without a readable profile is a number. */
const namesOf = (users: DamagedObject["users"]) => users.map(({ id, username }) => (username ? `@${username}` : id));
