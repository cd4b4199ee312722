import { KeyRound } from "lucide-react";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { keepUnlock } from "../api/unlocks.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { useErrorText } from "../ui/states.tsx";

/** In place of a video that needs its password. */
export function Locked({ videoId, onOpen }: { videoId: number; onOpen: () => Promise<unknown> }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const open = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const { unlock } = await ask("video.unlock", { path: { id: videoId }, body: { password } });
      keepUnlock(videoId, unlock);
      await onOpen();
    } catch (thrown) {
      setProblem(text(thrown));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!isBusy && password !== "") void open();
  };
  return (
    <div className="mx-auto flex min-h-[70dvh] max-w-sm flex-col justify-center px-4 py-10">
      <form onSubmit={submit} className="animate-rise flex flex-col gap-5 rounded-2xl bg-surface p-6">
        <div className="flex flex-col items-center gap-2 text-center">
          <KeyRound size={32} aria-hidden className="text-accent-strong" />
          <h1 className="text-xl font-semibold">{t("watch.password.title")}</h1>
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
