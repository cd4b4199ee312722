import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../buttons/button.tsx";
import { Field } from "./field.tsx";

/** The server's limit for a new password; the hint says it. */
const newMax = 50;

interface PasswordFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  name?: string;
  /** A password to be: managers offer to make one, and what makes a good one is said. */
  isNew?: boolean;
  problem?: string | null;
  autoFocus?: boolean;
}

/** A password, hidden until one asks to see it. */
export function PasswordField({ isNew = false, name = "password", problem = null, ...props }: PasswordFieldProps) {
  const { t } = useTranslation();
  const [isShown, setShown] = useState(false);
  return (
    <Field
      {...props}
      name={name}
      type={isShown ? "text" : "password"}
      autoComplete={isNew ? "new-password" : "current-password"}
      isRequired
      // A pasted password that was cut without a word would be another one.
      {...(isNew ? { charactersMax: newMax } : { maxLength: 128 })}
      problem={problem}
      hint={isNew ? t("account.password.hint") : undefined}
      end={
        <IconButton
          label={isShown ? t("account.hidePassword") : t("account.showPassword")}
          onPress={() => setShown(!isShown)}
          className="size-10! text-soft hover:text-ink"
        >
          {isShown ? <EyeOff size={20} aria-hidden /> : <Eye size={20} aria-hidden />}
        </IconButton>
      }
    />
  );
}
