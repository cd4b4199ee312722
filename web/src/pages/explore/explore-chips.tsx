import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { chipClass } from "#base/ui/buttons/chips.ts";
import { classNames } from "#base/ui/class-names.ts";
import { useCategories } from "#base/ui/fields/use-categories.ts";
import { hotTagsQuery } from "#parts/search/queries.ts";
import type { ExploreSort } from "./queries.ts";

const tagsMax = 8;

/** The categories and the trending tags in one line that scrolls, and the order at its end. */
export function ExploreChips({ category, sort }: { category: number | undefined; sort: ExploreSort }) {
  const { t } = useTranslation();
  const categories = useCategories() ?? [];
  const { data: tags } = useQuery(hotTagsQuery);
  const order = sort === "trending" ? {} : { sort };
  return (
    <div className="flex items-center gap-3">
      <nav
        aria-label={t("explore.topics")}
        className="-mx-4 flex min-w-0 flex-1 gap-2 overflow-x-auto px-4 [scrollbar-width:none] sm:mx-0 sm:mask-r-from-[calc(100%-3rem)] sm:rtl:mask-r-from-100% sm:rtl:mask-l-from-[calc(100%-3rem)] sm:px-0"
      >
        <Link
          to="/explore"
          search={order}
          className={chipClass(category === undefined)}
          aria-current={category === undefined ? "page" : undefined}
        >
          {t("explore.all")}
        </Link>
        {categories.map(({ id, name }) => (
          <Link
            key={id}
            to="/category/$id"
            params={{ id }}
            search={order}
            className={chipClass(id === category)}
            aria-current={id === category ? "page" : undefined}
          >
            {name}
          </Link>
        ))}
        {tags?.list.slice(0, tagsMax).map(({ id, name }) => (
          <Link key={id} to="/tag/$name" params={{ name }} className={chipClass(false)}>
            #{name}
          </Link>
        ))}
        <span aria-hidden className="w-4 shrink-0" />
      </nav>
      <div className="hidden shrink-0 rounded-lg bg-raised p-0.5 sm:flex">
        {(["trending", "latest"] as const).map((sorting) => {
          const look = {
            search: sorting === "latest" ? { sort: sorting } : {},
            replace: true,
            "aria-current": sorting === sort ? ("true" as const) : undefined,
            className: classNames(
              "grid min-h-10 place-items-center rounded-md px-3 font-medium pointer-fine:min-h-7",
              sorting === sort ? "bg-strong" : "text-soft hover:text-ink",
            ),
            children: t(`explore.sort.${sorting}`),
          };
          return category === undefined ? (
            <Link key={sorting} to="/explore" {...look} />
          ) : (
            <Link key={sorting} to="/category/$id" params={{ id: category }} {...look} />
          );
        })}
      </div>
    </div>
  );
}
