import { Download, KeyRound } from "lucide-react";
import { type SubmitEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "#base/api/request/client.ts";
import { asFailure, type Failure } from "#base/api/request/failure.ts";
import { formatDate, formatSize } from "#base/format/format.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { ErrorState, State, useErrorText } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { ChainDrawing } from "../entries/drawings.tsx";
import { EntryIcon } from "../entries/entry-icon.tsx";
import { previewOf } from "../entries/preview-kind.ts";
import { Shown } from "../entries/preview.tsx";
import { SharedFolder } from "./shared-folder.tsx";
import { useSharedDownload, type Visit } from "./visit.ts";

/** The page of a visitor with a link, with an account or without. The token stands behind the `#` of the address. */
export function SharedPage() {
  const token = useHash();
  return <Opened key={token} token={token} />;
}

function useHash(): string {
  const [hash, setHash] = useState(() => window.location.hash.slice(1));
  useEffect(() => {
    const look = () => setHash(window.location.hash.slice(1));
    window.addEventListener("hashchange", look);
    return () => window.removeEventListener("hashchange", look);
  }, []);
  return hash;
}

/** A password is asked for, or was wrong: the link itself is good. */
const passwordCodes = new Set(["drive.password_needed", "drive.wrong_password", "drive.too_many_tries"]);

function Opened({ token }: { token: string }) {
  const { t } = useTranslation();
  const [visit, setVisit] = useState<Visit | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useTitle(visit?.entry.name ?? t("shared.title"));
  const open = (password?: string) =>
    ask("drive.openShare", { body: { token, ...(password !== undefined && { password }) } }).then(
      (opened) => {
        setFailure(null);
        setVisit(opened);
      },
      (thrown: unknown) => setFailure(asFailure(thrown)),
    );
  useEffect(() => {
    const opening = ask("drive.openShare", { body: { token } });
    let hasLeft = false;
    opening.then(
      (opened) => hasLeft || setVisit(opened),
      (thrown: unknown) => hasLeft || setFailure(asFailure(thrown)),
    );
    return () => {
      hasLeft = true;
    };
  }, [token]);

  if (visit !== null) {
    return (
      <div className="mx-auto flex max-w-5xl flex-col gap-4 px-4 py-4 sm:px-8 sm:py-8">
        {visit.entry.kind === "folder" ? <SharedFolder visit={visit} /> : <SharedFile visit={visit} />}
        <Ending visit={visit} />
      </div>
    );
  }
  // Padding, not a margin: that would move the whole page down, and up again.
  if (failure === null)
    return (
      <div key="wait" className="px-4 py-10" aria-busy>
        <Skeleton className="mx-auto h-64 max-w-xl" />
      </div>
    );
  if (passwordCodes.has(failure.code)) return <PasswordForm failure={failure} onPassword={open} />;
  if (failure.status === 404 || failure.status === 410 || failure.status === 400) {
    const isUsedUp = failure.code === "drive.used_up";
    return (
      <State
        drawing={<ChainDrawing />}
        title={isUsedUp ? t("shared.usedUp.title") : t("shared.gone.title")}
        text={isUsedUp ? t("shared.usedUp.text") : t("shared.gone.text")}
      />
    );
  }
  return <ErrorState error={failure} onRetry={() => void open()} />;
}

/** Until when what is open here can be had, and how often. */
function Ending({ visit }: { visit: Visit }) {
  const { t, i18n } = useTranslation();
  return (
    <p className="text-center text-xs text-soft">
      {visit.downloads_left !== null && `${t("shared.left", { count: visit.downloads_left })} `}
      {t("shared.until", { date: formatDate(Date.parse(visit.expires_at), i18n.language) })}
    </p>
  );
}

function PasswordForm({ failure, onPassword }: { failure: Failure; onPassword: (password: string) => Promise<void> }) {
  const { t } = useTranslation();
  const text = useErrorText();
  const [password, setPassword] = useState("");
  const { run: open, isBusy } = useAction(() => onPassword(password));
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (password !== "") void open();
  };
  return (
    <div className="mx-auto flex min-h-[70dvh] max-w-sm flex-col justify-center px-4 py-10">
      <form onSubmit={submit} className="animate-rise flex flex-col gap-5 rounded-2xl bg-surface p-6">
        <div className="flex flex-col items-center gap-2 text-center">
          <KeyRound size={32} aria-hidden className="text-accent-strong" />
          <h1 className="text-xl font-semibold">{t("shared.password.title")}</h1>
          <p className="text-soft">{t("shared.password.text")}</p>
        </div>
        <Field
          label={t("account.password")}
          type="password"
          value={password}
          onChange={setPassword}
          maxLength={128}
          autoComplete="off"
          problem={failure.code === "drive.password_needed" ? null : text(failure)}
          autoFocus
        />
        <Button look="main" type="submit" isBusy={isBusy} className="min-h-12 text-base">
          {t("shared.open")}
        </Button>
      </form>
    </div>
  );
}

function SharedFile({ visit }: { visit: Visit }) {
  const { t, i18n } = useTranslation();
  const { entry, ticket } = visit;
  // Looking at a file is downloading it: where that is counted, the visitor decides.
  const [isShown, setShown] = useState(visit.downloads_left === null);
  const download = useSharedDownload(ticket);
  const canShow = previewOf(entry) !== null;
  return (
    <>
      <header className="flex flex-wrap items-center gap-3">
        <EntryIcon entry={entry} size={28} />
        <div className="min-w-0 flex-1 basis-48">
          <h1 className="text-xl font-semibold">{entry.name}</h1>
          <p className="tabular text-soft">{formatSize(entry.size, i18n.language)}</p>
        </div>
        <Button look="main" onPress={() => download(entry.id)}>
          <Download size={18} aria-hidden />
          {t("action.download")}
        </Button>
      </header>
      <div className="flex min-h-[50dvh] items-stretch justify-center overflow-hidden rounded-2xl bg-surface p-2 sm:h-[70dvh]">
        {isShown || !canShow ? (
          <Shown entry={entry} ticket={ticket} onDownload={() => download(entry.id)} />
        ) : (
          <div className="m-auto flex flex-col items-center gap-3 p-6 text-center">
            <p className="text-soft">{t("shared.counted")}</p>
            <Button onPress={() => setShown(true)}>{t("shared.show")}</Button>
          </div>
        )}
      </div>
    </>
  );
}
