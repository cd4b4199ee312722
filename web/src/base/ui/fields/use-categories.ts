import { queryOptions, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";

const categoriesQuery = queryOptions({
  queryKey: keyOf("categories"),
  queryFn: ({ signal }) => ask("video.categories", { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** The categories of videos, by id, in the viewer's language; undefined while they are unknown. */
export function useCategories(): readonly { readonly id: number; readonly name: string }[] | undefined {
  const { i18n } = useTranslation();
  const { data } = useQuery(categoriesQuery);
  return data?.list.map(({ id, names }) => ({
    id,
    name: i18n.language.startsWith("zh") ? names.zh : names.en,
  }));
}
