import { KeyRound } from "lucide-react";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";

interface LockedProps {
  title: string;
  /** Given the password that was typed; what it throws is shown beside the field. */
  onOpen: (password: string) => Promise<unknown>;
}

/** In place of a video or a live room that needs its password. */
export function Locked({ title, onOpen }: LockedProps) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const {
    run: open,
    isBusy,
    problem,
  } = useAction(async () => {
    await onOpen(password);
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (password !== "") void open();
  };
  return (
    <div className="mx-auto flex min-h-[70dvh] max-w-sm flex-col justify-center px-4 py-10">
      <form onSubmit={submit} className="animate-rise flex flex-col gap-5 rounded-2xl bg-surface p-6">
        <div className="flex flex-col items-center gap-2 text-center">
          <KeyRound size={32} aria-hidden className="text-accent-strong" />
          <h1 className="text-xl font-semibold">{title}</h1>
          <p className="text-soft">{t("watch.password.text")}</p>
        </div>
        <Field
          label={t("account.password")}
          type="password"
          value={password}
          onChange={setPassword}
          maxLength={128}
          autoComplete="off"
          problem={problem}
          autoFocus
        />
        <Button look="main" type="submit" isBusy={isBusy} className="min-h-12 text-base">
          {t("watch.password.open")}
        </Button>
      </form>
    </div>
  );
}
