import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import type { Invitation, User, UserBrief } from "#base/api/types.ts";
import { formatShortDay } from "#base/format/format.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { ConfirmSheet } from "#base/ui/sheets/confirm-sheet.tsx";
import { ShelfDrawing } from "#base/ui/states/illustrations.tsx";
import { LoadFailed, LoadMore } from "#base/ui/states/load-more.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { State } from "#base/ui/states/states.tsx";
import { NewInvitation } from "./new-invitation.tsx";
import { invitationsQuery } from "./invitations-query.ts";

type Opened = { readonly kind: "new" } | { readonly kind: "end"; readonly id: number };

/** Invitations to sign up, and the way to make one. */
export function Invitations({ me }: { me: User }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(invitationsQuery);
  const [opened, setOpened] = useState<Opened | null>(null);
  const { run: end } = useAction((id: number) => ask("auth.endInvitation", { path: { id } }), {
    failure: "toast",
    changes: [keyOf("invitations")],
  });
  const items = query.data?.pages.flatMap(({ list }) => list) ?? [];
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-0 flex-1 basis-60 text-sm text-pretty text-soft">{t("invitations.text")}</p>
        <Button look="main" onPress={() => setOpened({ kind: "new" })}>
          <Plus size={18} aria-hidden />
          {t("invitations.new")}
        </Button>
      </div>
      {query.data === undefined ? (
        query.isError ? (
          <LoadFailed query={query} />
        ) : (
          <Skeleton className="h-20 w-full rounded-xl" />
        )
      ) : items.length === 0 ? (
        <State isPart drawing={<ShelfDrawing />} title={t("invitations.none")} text={t("invitations.none.text")} />
      ) : (
        <ul className="flex flex-col gap-2">
          {items.map((invitation) => (
            <InvitationRow
              key={invitation.id}
              invitation={invitation}
              me={me}
              onEnd={() => setOpened({ kind: "end", id: invitation.id })}
            />
          ))}
        </ul>
      )}
      <LoadMore query={query} />
      {opened?.kind === "new" && <NewInvitation me={me} onClose={() => setOpened(null)} />}
      {opened?.kind === "end" && (
        <ConfirmSheet
          title={t("invitations.end.title")}
          text={t("invitations.end.text")}
          action={t("invitations.end")}
          onConfirm={() => void end(opened.id)}
          onClose={() => setOpened(null)}
        />
      )}
    </div>
  );
}

interface InvitationRowProps {
  invitation: Invitation;
  me: User;
  onEnd: () => void;
}

function InvitationRow({ invitation, me, onEnd }: InvitationRowProps) {
  const { t, i18n } = useTranslation();
  const { user, note, email, uses, used, accounts, skips_approval: skipsApproval } = invitation;
  const nowMs = Date.now();
  const endMs = Date.parse(invitation.expires_at);
  const isOpen = endMs > nowMs && used < uses;
  const day = formatShortDay(endMs, nowMs, i18n.language);
  const facts = [
    t("invitations.used", { used, count: uses }),
    used >= uses ? t("invitations.spent") : t(isOpen ? "invitations.until" : "invitations.over", { day }),
    ...(email === "" ? [] : [t("invitations.for", { email })]),
    ...(skipsApproval ? [t("invitations.skips")] : []),
  ];
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl bg-surface p-4">
      <div className="min-w-44 flex-1">
        <p className="font-medium wrap-anywhere">{note === "" ? t("invitations.unnamed") : note}</p>
        <p className="text-sm text-pretty wrap-anywhere text-soft">{facts.join(" · ")}</p>
        {user?.id !== me.id && <Persons text={t("invitations.by")} persons={user === null ? [] : [user]} />}
        {accounts.length > 0 && <Persons text={t("invitations.joined")} persons={accounts} />}
      </div>
      {isOpen && (
        <Button
          onPress={onEnd}
          aria-label={`${t("invitations.end")}: ${note === "" ? t("invitations.unnamed") : note}`}
        >
          {t("invitations.end")}
        </Button>
      )}
    </li>
  );
}

function Persons({ text, persons }: { text: string; persons: readonly UserBrief[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <p className="text-sm wrap-anywhere text-soft">
      {text}{" "}
      {persons.length === 0
        ? t("invitations.gone")
        : persons.map(({ id, username }, place) => (
            <span key={id}>
              {place > 0 && t("invitations.comma")}
              <Link to="/@{$username}" params={{ username }} className="text-ink hover:underline">
                <bdi>@{username}</bdi>
              </Link>
            </span>
          ))}
    </p>
  );
}
