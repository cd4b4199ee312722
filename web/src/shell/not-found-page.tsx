import { useTranslation } from "react-i18next";
import { LinkButton } from "../ui/button.tsx";
import { FilmDrawing } from "../ui/illustrations.tsx";
import { State } from "../ui/states.tsx";
import { useTitle } from "./use-title.ts";

export function NotFoundPage() {
  const { t } = useTranslation();
  useTitle(t("missing.title"));
  return (
    <State drawing={<FilmDrawing />} title={t("missing.title")} text={t("missing.text")}>
      <LinkButton look="main" to="/">
        {t("missing.action")}
      </LinkButton>
    </State>
  );
}
