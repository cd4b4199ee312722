import { queryOptions, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { Select } from "./select.tsx";

const categoriesQuery = queryOptions({
  queryKey: ["categories"],
  queryFn: ({ signal }) => ask("video.categories", { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** The categories of videos, by id, in the viewer's language. */
export function useCategories(): readonly { readonly id: number; readonly name: string }[] {
  const { i18n } = useTranslation();
  const { data } = useQuery(categoriesQuery);
  return (data?.list ?? []).map(({ id, names }) => ({
    id,
    name: i18n.language.startsWith("zh") ? names.zh : names.en,
  }));
}

interface CategorySelectProps {
  value: number | null;
  onChange: (id: number | null) => void;
}

/** The choice of a video's category, or of none. */
export function CategorySelect({ value, onChange }: CategorySelectProps) {
  const { t } = useTranslation();
  const options = useCategories().map(({ id, name }) => ({ value: String(id), name }));
  return (
    <Select
      label={t("category.label")}
      value={value === null ? "" : String(value)}
      onChange={(chosen) => onChange(chosen === "" ? null : Number(chosen))}
      options={[{ value: "", name: t("category.none") }, ...options]}
    />
  );
}
