import { useTranslation } from "react-i18next";
import type { Instance } from "#base/api/types.ts";
import { Choice } from "#base/ui/buttons/choice.tsx";

const modes = ["open", "approval", "invitation", "closed"] as const;

interface JoiningChoiceProps {
  value: Instance["registration"];
  onChange: (mode: Instance["registration"]) => void;
}

/** The choice of users who may make an account here. */
export function JoiningChoice({ value, onChange }: JoiningChoiceProps) {
  const { t } = useTranslation();
  return (
    <Choice
      label={t("site.joining")}
      value={value}
      onChange={onChange}
      options={modes.map((mode) => ({
        value: mode,
        name: t(`site.joining.${mode}`),
        text: t(`site.joining.${mode}.text`),
      }))}
    />
  );
}
