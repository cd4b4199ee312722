import { useTranslation } from "react-i18next";
import { AlertsPart } from "./alerts-part.tsx";
import { SessionsPart } from "./sessions-part.tsx";

/** The sessions of the viewer, and the alerts of the account. */
export function SecurityPart() {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-6">
      <section className="flex flex-col gap-3">
        <h3 className="font-semibold">{t("settings.sessions")}</h3>
        <SessionsPart />
      </section>
      <section className="flex flex-col gap-3">
        <h3 className="font-semibold">{t("settings.alerts")}</h3>
        <AlertsPart />
      </section>
    </div>
  );
}
