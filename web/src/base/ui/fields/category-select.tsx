import { useTranslation } from "react-i18next";
import { Select } from "./select.tsx";
import { useCategories } from "./use-categories.ts";

interface CategorySelectProps {
  value: number | null;
  onChange: (id: number | null) => void;
}

/** The choice of a video's category, or of none. */
export function CategorySelect({ value, onChange }: CategorySelectProps) {
  const { t } = useTranslation();
  const options = (useCategories() ?? []).map(({ id, name }) => ({ value: String(id), name }));
  return (
    <Select
      label={t("category.label")}
      value={value === null ? "" : String(value)}
      onChange={(chosen) => onChange(chosen === "" ? null : Number(chosen))}
      options={[{ value: "", name: t("category.none") }, ...options]}
    />
  );
}
