import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Failure } from "#base/api/request/failure.ts";
import { classNames } from "#base/ui/class-names.ts";
import { Field } from "#base/ui/fields/field.tsx";
import { PasswordField } from "#base/ui/fields/password-field.tsx";
import { passwordStrength, type Strength } from "./password-strength.ts";
import { useFreeName } from "./use-free-name.ts";

interface CredentialsProps {
  /** The form was sent without these: what is missing is said beside the field. */
  isMissed: boolean;
  /** Content between the two fields. */
  children?: ReactNode;
  username: string;
  password: string;
  onUsername: (username: string) => void;
  onPassword: (password: string) => void;
  /** A new account: hints and strength are shown, and password managers offer to make one. */
  isNew: boolean;
  failure: Failure | null;
  problemText: string | null;
}

const strengthLook: Record<Strength, string> = {
  none: "w-0",
  short: "w-1/6 bg-bad",
  weak: "w-1/3 bg-bad",
  fair: "w-2/3 bg-warn",
  strong: "w-full bg-good",
};

/** The field that a failure is about. */
const fieldOf = (failure: Failure | null): "username" | "password" | null => {
  if (failure === null) return null;
  if (failure.code === "auth.name_taken") return "username";
  if (failure.code === "auth.weak_password") return "password";
  const [named] = failure.fields;
  return named?.field === "username" || named?.field === "password" ? named.field : null;
};

export const isAboutField = (failure: Failure | null): boolean => fieldOf(failure) !== null;

export function Credentials({
  username,
  password,
  onUsername,
  onPassword,
  isNew,
  failure,
  problemText,
  isMissed,
  children,
}: CredentialsProps) {
  const { t } = useTranslation();
  const strength = passwordStrength(password, username);
  const isFree = useFreeName(isNew ? username : "");
  const field = fieldOf(failure);
  // The server's own sentence about a field is there in English alone.
  const requirement = t(field === "password" ? "account.password.invalid" : "error.auth.bad_name");
  const problem = failure?.code === "kernel.invalid_input" && field !== null ? requirement : problemText;
  return (
    <>
      <Field
        label={t("account.username")}
        name="username"
        value={username}
        onChange={onUsername}
        autoComplete="username"
        spellCheck="false"
        isRequired
        minLength={isNew ? 3 : 1}
        charactersMax={isNew ? 50 : 128}
        problem={
          field === "username"
            ? problem
            : isMissed && username.trim() === ""
              ? t("account.username.missing")
              : isFree === false
                ? t("account.username.taken")
                : null
        }
        hint={
          !isNew
            ? undefined
            : isFree === true
              ? t("account.username.free", { address: `${window.location.host}/@${username.trim()}` })
              : t("account.username.hint")
        }
        end={isFree === true && <Check size={18} aria-hidden className="me-3 text-good" />}
      />
      {children}
      <div>
        <PasswordField
          label={t("account.password")}
          value={password}
          onChange={onPassword}
          isNew={isNew}
          problem={field === "password" ? problem : isMissed && password === "" ? t("account.password.missing") : null}
        />
        {isNew && (
          <div className={classNames("mt-2.5 flex items-center gap-3", strength === "none" && "invisible")}>
            <div className="h-1 flex-1 overflow-hidden rounded-full bg-raised">
              <div className={`h-full rounded-full transition-all duration-200 ${strengthLook[strength]}`} />
            </div>
            <span role="status" className="min-w-24 text-end text-xs text-soft">
              {t(`strength.${strength}`)}
            </span>
          </div>
        )}
      </div>
    </>
  );
}
