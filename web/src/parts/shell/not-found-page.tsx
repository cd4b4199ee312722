import { useTranslation } from "react-i18next";
import { useTitle } from "#base/frame/use-title.ts";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { FilmDrawing } from "#base/ui/states/illustrations.tsx";
import { State } from "#base/ui/states/states.tsx";

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
