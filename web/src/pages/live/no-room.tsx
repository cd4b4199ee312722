import { useTranslation } from "react-i18next";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { ScreenDrawing } from "#base/ui/states/illustrations.tsx";
import { State } from "#base/ui/states/states.tsx";

/** In place of a room that is not there, or not for the viewer to see. */
export function NoRoom() {
  const { t } = useTranslation();
  return (
    <State drawing={<ScreenDrawing />} title={t("live.missing.title")} text={t("live.missing.text")}>
      <LinkButton look="main" to="/live">
        {t("live.others")}
      </LinkButton>
    </State>
  );
}
