import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Failure } from "#base/api/request/failure.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Problem, useErrorText } from "#base/ui/states/states.tsx";

interface SecondStepProps {
  onCode: (code: string) => void;
  onBack: () => void;
  isBusy: boolean;
  failure: Failure | null;
}

/** The code that an account asks for after its password: of the authenticator app, or one for its loss. */
export function SecondStep({ onCode, onBack, isBusy, failure }: SecondStepProps) {
  const { t } = useTranslation();
  const text = useErrorText();
  const [isRecovery, setRecovery] = useState(false);
  const [code, setCode] = useState("");
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (code.trim() !== "" && !isBusy) onCode(code.trim());
  };
  const triesLeft = failure?.code === "auth.bad_code" ? Number(failure.details["tries_left"]) : null;
  const problem =
    triesLeft === null ? (failure === null ? null : text(failure)) : t("secondStep.wrong", { count: triesLeft });
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <p className="text-base text-soft">{t(isRecovery ? "secondStep.recovery.text" : "secondStep.text")}</p>
      <Field
        key={String(isRecovery)}
        label={t(isRecovery ? "secondStep.recovery" : "secondStep.code")}
        name="code"
        value={code}
        onChange={setCode}
        inputMode={isRecovery ? "text" : "numeric"}
        autoComplete="one-time-code"
        spellCheck="false"
        charactersMax={isRecovery ? 24 : 6}
        autoFocus
      />
      {problem !== null && <Problem>{problem}</Problem>}
      <Button look="main" type="submit" isBusy={isBusy} isDisabled={code.trim() === ""} className="min-h-12 text-base">
        {t("nav.login")}
      </Button>
      <div className="flex flex-wrap justify-between gap-x-4">
        <Button
          look="ghost"
          className="-ms-3"
          onPress={() => {
            setRecovery(!isRecovery);
            setCode("");
          }}
        >
          {t(isRecovery ? "secondStep.useApp" : "secondStep.useRecovery")}
        </Button>
        <Button look="ghost" className="-me-3 text-soft!" onPress={onBack}>
          {t("secondStep.back")}
        </Button>
      </div>
      <p className="text-sm text-pretty text-soft">{t("secondStep.lost")}</p>
    </form>
  );
}
