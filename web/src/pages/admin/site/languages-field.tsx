import { Check } from "lucide-react";
import { Checkbox } from "react-aria-components/Checkbox";
import { CheckboxGroup } from "react-aria-components/CheckboxGroup";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { useTranslation } from "react-i18next";

const offered = ["en", "zh", "es", "fr", "de", "pt", "it", "ru", "uk", "pl", "tr", "ar", "hi", "ja", "ko", "vi", "id"];

interface LanguagesFieldProps {
  languages: readonly string[];
  onChange: (languages: readonly string[]) => void;
}

/** The languages of the site; those that are set already and not offered stay to be taken away. */
export function LanguagesField({ languages, onChange }: LanguagesFieldProps) {
  const { t, i18n } = useTranslation();
  const names = new Intl.DisplayNames(i18n.language, { type: "language" });
  return (
    <CheckboxGroup value={[...languages]} onChange={onChange} className="flex flex-col gap-1.5">
      <Label className="text-sm font-medium">{t("site.languages")}</Label>
      <div className="flex flex-wrap gap-2">
        {[...new Set([...offered, ...languages])].map((code) => (
          <Checkbox
            key={code}
            value={code}
            className="inline-flex min-h-11 cursor-pointer items-center gap-1.5 rounded-full bg-raised px-3.5 text-sm font-medium data-[focus-visible]:outline-2 data-[selected]:bg-ink data-[selected]:text-page pointer-fine:min-h-9"
          >
            {({ isSelected }) => (
              <>
                {isSelected && <Check size={16} aria-hidden />}
                {names.of(code) ?? code}
              </>
            )}
          </Checkbox>
        ))}
      </div>
      <Text slot="description" className="text-xs text-soft">
        {t("site.languages.hint")}
      </Text>
    </CheckboxGroup>
  );
}
