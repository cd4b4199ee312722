import { Link } from "@tanstack/react-router";
import { Cog, UserX } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSite } from "#base/api/site.ts";
import { formatAgo, formatDate } from "#base/format/format.ts";
import { textsOf } from "#base/i18n/i18n.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import type { AuditEntry } from "./audit-query.ts";

type Account = NonNullable<AuditEntry["actor"]>;

/** One act: by whom, what, about whom or what, and when. */
export function AuditRow({ entry }: { entry: AuditEntry }) {
  const { i18n } = useTranslation();
  const site = useSite();
  const atMs = Date.parse(entry.at);
  // A user's own act, such as a sign-in, has its user as the subject.
  const by = entry.actor ?? entry.subject;
  const isAboutOther = entry.subject === null || entry.subject.id !== by?.id;
  // An act of a newer server is named as the server names it.
  const act = textsOf(i18n.language)[`audit.act.${entry.act}`] ?? entry.act;
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <Picture account={by} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap gap-x-1.5">
          {by === null ? <span className="font-medium">{site.name}</span> : <Name account={by} />}
          {isAboutOther && <Subject entry={entry} />}
        </p>
        <p className="text-sm break-words text-soft">
          <span title={entry.act}>{act}</span>
          {entry.detail !== "" && ` · ${detailOf(entry, textsOf(i18n.language))}`}
        </p>
      </div>
      <time dateTime={entry.at} title={formatDate(atMs, i18n.language)} className="shrink-0 text-sm text-soft">
        {formatAgo(atMs, Date.now(), i18n.language)}
      </time>
    </li>
  );
}

/** The circumstances of an act; those of an unknown kind as the server names them. Pure. */
function detailOf({ act, detail }: AuditEntry, texts: Readonly<Record<string, string>>): string {
  if (act !== "role.changed") return texts[`audit.detail.${detail}`] ?? detail;
  const roles = detail.split(" → ").map((role) => texts[`admin.role.${role}`] ?? role);
  return roles.join(" → ");
}

function Picture({ account }: { account: Account | null }) {
  if (account !== null && account.username !== "") return <Avatar user={account} size="comment" />;
  const Icon = account === null ? Cog : UserX;
  return (
    <span aria-hidden className="grid size-9 shrink-0 place-items-center rounded-full bg-raised text-soft">
      <Icon size={18} strokeWidth={1.75} />
    </span>
  );
}

const linkClass = "font-medium hover:underline";

/** An account by its name, which leads to its page; a deleted one has none. */
function Name({ account }: { account: Account }) {
  const { t } = useTranslation();
  if (account.username === "")
    return (
      <span title={String(account.id)}>
        {account.is_deleted ? t("audit.deleted") : t("audit.thing.user", { id: account.id })}
      </span>
    );
  return (
    <Link to="/@{$username}" params={{ username: account.username }} className={linkClass}>
      <bdi>{account.nickname || account.username}</bdi>
    </Link>
  );
}

/** The account or thing that an act concerns, with a link if it has a page. */
function Subject({ entry }: { entry: AuditEntry }) {
  if (entry.subject === null && entry.subject_kind === null) return null;
  return (
    <span className="inline-flex min-w-0 items-baseline gap-1.5">
      <span aria-hidden className="text-soft rtl:-scale-x-100">
        →
      </span>
      {entry.subject === null ? <Thing entry={entry} /> : <Name account={entry.subject} />}
    </span>
  );
}

function Thing({ entry: { subject_kind: kind, subject_id: id } }: { entry: AuditEntry }): ReactNode {
  const { i18n } = useTranslation();
  if (kind === null || id === null) return null;
  const text = textsOf(i18n.language)[`audit.thing.${kind}`]?.replace("{{id}}", String(id)) ?? `${kind} ${id}`;
  if (kind === "video")
    return (
      <Link to="/watch/$id" params={{ id }} className={linkClass}>
        {text}
      </Link>
    );
  if (kind === "playlist")
    return (
      <Link to="/playlist/$id" params={{ id }} className={linkClass}>
        {text}
      </Link>
    );
  if (kind === "live")
    return (
      <Link to="/live/$id" params={{ id }} className={linkClass}>
        {text}
      </Link>
    );
  return text;
}
