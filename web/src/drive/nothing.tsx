import { useTranslation } from "react-i18next";
import { State } from "../ui/states.tsx";
import type { Place } from "./entries.ts";
import { BoxDrawing, GlassDrawing } from "./drawings.tsx";

/** A list without anything in it, and what will be there. */
export function Nothing({ place }: { place: Place["kind"] }) {
  const { t } = useTranslation();
  if (place === "search") {
    return <State drawing={<GlassDrawing />} title={t("drive.notFound.title")} text={t("drive.notFound.text")} />;
  }
  return <State drawing={<BoxDrawing />} title={t("drive.empty.title")} text={t("drive.empty.text")} />;
}
