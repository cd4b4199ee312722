import { useTranslation } from "react-i18next";
import { setStartChoice, type StartChoice, useStartChoice } from "#base/frame/start-page.ts";
import { setTheme, type ThemeChoice, useThemeChoice } from "#base/frame/theme.ts";
import { type Language, languages, setLanguage } from "#base/i18n/i18n.ts";
import { Choice } from "#base/ui/buttons/choice.tsx";
import { Part } from "./part.tsx";

/** The language, the theme and the page a visit begins with; visitors choose them too. */
export function AppearancePart() {
  const { t, i18n } = useTranslation();
  const theme = useThemeChoice();
  const start = useStartChoice();
  const current: Language = languages.find(({ code }) => code === i18n.language)?.code ?? "en";
  return (
    <div className="flex flex-col gap-4">
      <Part>
        <Choice<ThemeChoice>
          label={t("settings.theme")}
          value={theme}
          onChange={setTheme}
          options={[
            { value: "auto", name: t("settings.theme.auto"), text: t("settings.theme.auto.text") },
            { value: "dark", name: t("settings.theme.dark") },
            { value: "light", name: t("settings.theme.light") },
          ]}
        />
      </Part>
      <Part>
        <Choice<Language>
          label={t("settings.language")}
          value={current}
          onChange={(language) => void setLanguage(language)}
          options={languages.map(({ code, name }) => ({ value: code, name }))}
        />
      </Part>
      <Part>
        <Choice<StartChoice>
          label={t("settings.start")}
          value={start}
          onChange={setStartChoice}
          options={[
            { value: "auto", name: t("settings.start.auto"), text: t("settings.start.auto.text") },
            { value: "feed", name: t("settings.start.feed") },
            { value: "explore", name: t("settings.start.explore") },
          ]}
        />
      </Part>
    </div>
  );
}
