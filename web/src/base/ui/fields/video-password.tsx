import { useTranslation } from "react-i18next";
import { Field } from "./field.tsx";

interface VideoPasswordProps {
  value: string;
  onChange: (password: string) => void;
  /** Its name; the password of a video when left out. */
  label?: string;
  /** There is one already, which stays when nothing is typed. */
  isKept?: boolean;
  isDisabled?: boolean;
  isMissing: boolean;
}

/** The password that the owner of a video or a live room chooses for those who may watch it. */
export function VideoPassword({
  value,
  onChange,
  label,
  isKept = false,
  isDisabled = false,
  isMissing,
}: VideoPasswordProps) {
  const { t } = useTranslation();
  return (
    <Field
      label={label ?? t("visibility.password.field")}
      type="password"
      value={value}
      onChange={onChange}
      maxLength={128}
      autoComplete="new-password"
      isDisabled={isDisabled}
      hint={isKept ? t("visibility.password.kept") : t("visibility.password.hint")}
      problem={isMissing ? t("visibility.password.short") : null}
    />
  );
}
