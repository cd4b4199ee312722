import { useTranslation } from "react-i18next";
import { charactersIn } from "../text/characters.ts";
import { Field } from "./field.tsx";

/** As short as a video's password may be. */
export const videoPasswordMin = 4;

interface VideoPasswordProps {
  value: string;
  onChange: (password: string) => void;
  /** There is one already, which stays when nothing is typed. */
  isKept?: boolean;
  isDisabled?: boolean;
  isMissing: boolean;
}

/** The password that a video's owner chooses for those who may watch it. */
export function VideoPassword({ value, onChange, isKept = false, isDisabled = false, isMissing }: VideoPasswordProps) {
  const { t } = useTranslation();
  return (
    <Field
      label={t("visibility.password.field")}
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

/** Whether what was typed will not do. Pure. */
export const isPasswordMissing = (visibility: string, password: string, isKept: boolean): boolean =>
  visibility === "password" && charactersIn(password) < videoPasswordMin && !(isKept && password === "");
