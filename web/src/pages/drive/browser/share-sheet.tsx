import { useQuery } from "@tanstack/react-query";
import { Copy, KeyRound, Link2, RefreshCw, Trash2 } from "lucide-react";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "#base/api/request/client.ts";
import type { DriveShare } from "#base/api/types.ts";
import { formatCount, formatDate } from "#base/format/format.ts";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Select } from "#base/ui/fields/select.tsx";
import { copyText } from "#base/ui/sheets/copy-text.ts";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { type Listed, refreshLists, sharesQuery } from "../entries/entries.ts";

const daySeconds = 86_400;
/** How long a link lasts, in days; 0 for ever. */
const lives = [0, 1, 7, 30] as const;

/** The page of a link. Its token stands behind the `#`, where no server and no log sees it. */
const linkOf = (token: string) => new URL(`/s#${token}`, window.location.href).href;

/** Makes links to an entry, and shows those there are. */
export function ShareSheet({ entry, onClose }: { entry: Listed; onClose: () => void }) {
  const { t } = useTranslation();
  const copy = useCopyLink();
  const shares = useQuery(sharesQuery(entry.id));
  /** The link that was made here: its token is given once, and never again. */
  const [newLink, setNewLink] = useState<string | null>(null);

  const {
    run: attempt,
    isBusy,
    problem,
  } = useAction(async (work: () => Promise<string | null>) => {
    try {
      const token = await work();
      setNewLink(token === null ? null : linkOf(token));
      if (token !== null) copy(linkOf(token));
    } finally {
      refreshLists();
      void shares.refetch();
    }
  });
  return (
    <Sheet title={t("share.title", { name: entry.name })} isOpen onClose={onClose} wide>
      <ShareForm entry={entry} isBusy={isBusy} problem={problem} attempt={attempt} />
      {newLink !== null && <NewLink link={newLink} />}
      {(shares.data?.length ?? 0) > 0 && (
        <section className="mt-5" aria-label={t("share.list")}>
          <h3 className="text-sm font-semibold">{t("share.list")}</h3>
          <ul>
            {shares.data?.map((share) => (
              <ShareRow
                key={share.id}
                share={share}
                onRenew={() =>
                  void attempt(async () => (await ask("drive.renewShare", { path: { id: share.id }, body: {} })).token)
                }
                onRevoke={() =>
                  void attempt(async () => {
                    await ask("drive.unshare", { path: { id: share.id } });
                    showToast(t("share.revoked"));
                    return null;
                  })
                }
              />
            ))}
          </ul>
        </section>
      )}
    </Sheet>
  );
}

/** Copies a link and says so; where the browser refuses, the link is there to be selected. */
function useCopyLink() {
  const { t } = useTranslation();
  return (link: string) =>
    void copyText(link).then(
      () => showToast(t("action.copied")),
      () => undefined,
    );
}

interface ShareFormProps {
  entry: Listed;
  isBusy: boolean;
  problem: string | null;
  /** Runs what gives the token of a new link. */
  attempt: (work: () => Promise<string | null>) => Promise<boolean>;
}

/** How long a new link lasts, how often it gives its files, and its password. */
function ShareForm({ entry, isBusy, problem, attempt }: ShareFormProps) {
  const { t } = useTranslation();
  const [days, setDays] = useState(0);
  const [password, setPassword] = useState("");
  const [limit, setLimit] = useState("");
  const make = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const downloads = Number(limit);
    const body = {
      ...(password !== "" && { password }),
      ...(days > 0 && { expires_in: days * daySeconds }),
      ...(Number.isSafeInteger(downloads) && downloads > 0 && { downloads_max: downloads }),
    };
    void attempt(async () => {
      const { token } = await ask("drive.share", { path: { id: entry.id }, body });
      setPassword("");
      return token;
    });
  };
  return (
    <form onSubmit={make} className="flex flex-col gap-4">
      <p className="text-soft">{entry.kind === "folder" ? t("share.folder.text") : t("share.file.text")}</p>
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          label={t("share.life")}
          value={String(days)}
          onChange={(value) => setDays(Number(value))}
          options={lives.map((life) => ({ value: String(life), name: t(`share.life.${life}`) }))}
        />
        <Field
          label={t("share.limit")}
          value={limit}
          onChange={(text) => setLimit(text.replaceAll(/\D/g, "").slice(0, 6))}
          inputMode="numeric"
          placeholder={t("share.limit.none")}
        />
      </div>
      <Field
        label={t("share.password")}
        value={password}
        onChange={setPassword}
        maxLength={128}
        autoComplete="off"
        placeholder={t("share.password.none")}
      />
      {problem !== null && <Problem>{problem}</Problem>}
      <Button look="main" type="submit" isBusy={isBusy}>
        <Link2 size={18} aria-hidden />
        {t("share.make")}
      </Button>
    </form>
  );
}

function NewLink({ link }: { link: string }) {
  const { t } = useTranslation();
  const copy = useCopyLink();
  return (
    <div role="status" className="mt-4 rounded-xl bg-raised p-3">
      <p className="text-xs text-soft">{t("share.made")}</p>
      <div className="mt-1 flex items-center gap-2">
        <code className="min-w-0 flex-1 truncate text-sm select-text" data-link={link}>
          {link}
        </code>
        <Button onPress={() => copy(link)}>
          <Copy size={16} aria-hidden />
          {t("action.copyLink")}
        </Button>
      </div>
    </div>
  );
}

interface ShareRowProps {
  share: DriveShare;
  onRenew: () => void;
  onRevoke: () => void;
}

function ShareRow({ share, onRenew, onRevoke }: ShareRowProps) {
  const { t, i18n } = useTranslation();
  const date = (time: string) => formatDate(Date.parse(time), i18n.language);
  const count = (many: number) => formatCount(many, i18n.language);
  const used =
    share.downloads_max === null
      ? t("share.downloads", { downloads: count(share.downloads) })
      : t("share.downloadsOf", { downloads: count(share.downloads), max: count(share.downloads_max) });
  return (
    <li className="flex items-center gap-2 border-t border-line py-2 first:border-t-0">
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2">
          {date(share.created_at)}
          {share.is_protected && (
            <KeyRound size={14} role="img" aria-label={t("share.protected")} className="text-soft" />
          )}
        </span>
        <span className="block text-xs text-soft">
          {t("share.visits", { visits: count(share.visits) })} · {used} ·{" "}
          {share.expires_at === null ? t("share.endless") : t("share.until", { date: date(share.expires_at) })}
        </span>
      </span>
      <IconButton label={t("share.renew")} onPress={onRenew}>
        <RefreshCw size={18} aria-hidden />
      </IconButton>
      <IconButton label={t("share.revoke")} onPress={onRevoke}>
        <Trash2 size={18} aria-hidden />
      </IconButton>
    </li>
  );
}
