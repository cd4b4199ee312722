import { useTranslation } from "react-i18next";
import { State } from "#base/ui/states/states.tsx";
import { BoxDrawing, GlassDrawing } from "../entries/drawings.tsx";
import type { Place } from "../entries/entries.ts";

/** A list without anything in it, and what will be there. */
export function Nothing({ place }: { place: Place["kind"] }) {
  const { t } = useTranslation();
  if (place === "search") {
    return <State drawing={<GlassDrawing />} title={t("drive.notFound.title")} text={t("drive.notFound.text")} />;
  }
  return <State drawing={<BoxDrawing />} title={t("drive.empty.title")} text={t("drive.empty.text")} />;
}
