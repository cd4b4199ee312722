import { ChevronRight, Fingerprint, ListOrdered, Smartphone } from "lucide-react";
import { type ReactNode, type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { canUsePasskeys } from "#base/api/passkeys.ts";
import type { Failure } from "#base/api/request/failure.ts";
import { BareButton } from "#base/ui/buttons/bare-button.tsx";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Problem, useErrorText } from "#base/ui/states/states.tsx";

interface SecondStepProps {
  /** The ways that the account has, as the server names them. */
  methods: readonly string[];
  onCode: (code: string) => void;
  onPasskey: () => void;
  onBack: () => void;
  isBusy: boolean;
  failure: Failure | null;
}
type Way = "app" | "recovery" | "passkey";

const waysOf = (methods: readonly string[]): readonly Way[] => [
  ...(methods.includes("totp") ? (["app"] as const) : []),
  ...(methods.includes("passkey") && canUsePasskeys ? (["passkey"] as const) : []),
  "recovery",
];

/** An account with an app is asked for its code first. */
export const secondStepTitle = ({ methods }: Pick<SecondStepProps, "methods">) =>
  methods.includes("totp") ? "secondStep.title" : "secondStep.passkey.title";

/** The step that an account asks for after its password: a code of its app, a passkey, or a code for their loss. */
export function SecondStep({ methods, onCode, onPasskey, onBack, isBusy, failure }: SecondStepProps) {
  const { t } = useTranslation();
  const text = useErrorText();
  const ways = waysOf(methods);
  const [way, setWay] = useState<Way>(ways[0] ?? "recovery");
  const triesLeft = failure?.code === "auth.bad_code" ? Number(failure.details["tries_left"]) : null;
  const problem =
    triesLeft === null ? (failure === null ? null : text(failure)) : t("secondStep.wrong", { count: triesLeft });
  return (
    <div className="flex flex-col gap-4">
      {way === "passkey" ? (
        <>
          <p className="text-base text-soft">{t("secondStep.passkey.text")}</p>
          {problem !== null && <Problem>{problem}</Problem>}
          <Button look="main" isBusy={isBusy} onPress={onPasskey} className="min-h-12 text-base">
            <Fingerprint size={20} aria-hidden />
            {t("secondStep.usePasskey")}
          </Button>
        </>
      ) : (
        <CodeForm key={way} isRecovery={way === "recovery"} onCode={onCode} isBusy={isBusy} problem={problem} />
      )}
      {ways.length > 1 && (
        <section className="flex flex-col gap-1.5">
          <h2 className="text-sm font-semibold text-soft">{t("secondStep.otherWays")}</h2>
          <div className="flex flex-col divide-y divide-line overflow-hidden rounded-xl bg-raised">
            {ways
              .filter((other) => other !== way)
              .map((other) => (
                <OtherWay key={other} icon={icons[other]} onPress={() => setWay(other)}>
                  {t(names[other])}
                </OtherWay>
              ))}
          </div>
        </section>
      )}
      <Button look="ghost" className="-ms-3 self-start text-soft!" onPress={onBack}>
        {t("secondStep.back")}
      </Button>
      <p className="text-sm text-pretty text-soft">{t("secondStep.lost")}</p>
    </div>
  );
}

const icons: Record<Way, ReactNode> = {
  app: <Smartphone size={20} aria-hidden />,
  passkey: <Fingerprint size={20} aria-hidden />,
  recovery: <ListOrdered size={20} aria-hidden />,
};
const names = {
  app: "secondStep.useApp",
  passkey: "secondStep.usePasskey",
  recovery: "secondStep.useRecovery",
} as const;

function OtherWay({ icon, onPress, children }: { icon: ReactNode; onPress: () => void; children: ReactNode }) {
  return (
    <BareButton
      onPress={onPress}
      className="flex min-h-12 items-center gap-3 px-4 text-start text-base font-medium hover:bg-strong"
    >
      <span className="text-soft">{icon}</span>
      <span className="min-w-0 flex-1">{children}</span>
      <ChevronRight size={18} aria-hidden className="text-soft rtl:rotate-180" />
    </BareButton>
  );
}

interface CodeFormProps extends Pick<SecondStepProps, "onCode" | "isBusy"> {
  isRecovery: boolean;
  problem: string | null;
}

function CodeForm({ isRecovery, onCode, isBusy, problem }: CodeFormProps) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (code.trim() !== "" && !isBusy) onCode(code.trim());
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <p className="text-base text-soft">{t(isRecovery ? "secondStep.recovery.text" : "secondStep.text")}</p>
      <Field
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
    </form>
  );
}
