import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import type { CheckedInvitation } from "#base/api/types.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";

/** The invitation of a link; undefined until it was looked up, and without a link. */
export function useInvitation(code: string | undefined): CheckedInvitation | undefined {
  const { data } = useQuery({
    queryKey: keyOf("invitation", code ?? ""),
    queryFn: ({ signal }) => ask("auth.checkInvitation", { body: { code: code ?? "" }, signal }),
    enabled: code !== undefined,
    retry: false,
  });
  return data;
}

/** The person who invites, with their note; says of an invitation that is over that it is. */
export function InviterCard({ invitation }: { invitation: CheckedInvitation | undefined }) {
  const { t } = useTranslation();
  if (invitation === undefined) return null;
  if (!invitation.valid) return <p className="mb-4 text-soft">{t("account.invitation.over")}</p>;
  const { inviter, note } = invitation;
  if (inviter === null) return null;
  return (
    <div className="mb-4 flex items-center gap-3 rounded-2xl bg-raised p-3.5">
      <Avatar user={inviter} size="rail" />
      <div className="min-w-0">
        <p className="font-semibold">{t("account.invitation.by", { name: inviter.nickname || inviter.username })}</p>
        {note !== "" && <p className="text-sm wrap-anywhere text-soft">{t("account.invitation.note", { note })}</p>}
      </div>
    </div>
  );
}
