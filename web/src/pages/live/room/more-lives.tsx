import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Live } from "#base/api/types.ts";
import { LiveCover } from "#parts/live/live-card.tsx";
import { liveNowQuery } from "#parts/live/queries.ts";

/** Other rooms that are live. */
export function useOtherLives(liveId: number): readonly Live[] {
  const { data } = useQuery(liveNowQuery);
  return data?.list.filter(({ id }) => id !== liveId) ?? [];
}

/** Other rooms, below one. */
export function MoreLives({ lives }: { lives: readonly Live[] }) {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="more-lives" className="mt-6 min-w-0">
      <h2 id="more-lives" className="mb-2 text-base font-semibold">
        {t("live.more")}
      </h2>
      <ul className="grid gap-x-4 gap-y-2 md:grid-cols-2">
        {lives.map((live) => (
          <li key={live.id}>
            <Link
              to="/live/$id"
              params={{ id: live.id }}
              className="group -mx-2 flex gap-3 rounded-xl p-2 hover:bg-raised"
            >
              <LiveCover live={live} className="w-38 shrink-0 rounded-lg!" />
              <span className="min-w-0">
                <span className="line-clamp-2 font-semibold group-hover:underline">
                  <bdi>{live.title}</bdi>
                </span>
                <span className="block truncate text-xs text-soft">
                  <bdi>{live.owner.nickname || live.owner.username}</bdi>
                </span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
