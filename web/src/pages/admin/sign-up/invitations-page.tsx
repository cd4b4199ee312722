import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import { Invitations } from "#parts/invitations/invitations.tsx";
import { AdminFrame } from "../frame/admin-frame.tsx";

/** All invitations, with who made them and the accounts that they made. */
export function InvitationsPage() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <AdminFrame title={t("admin.invitations")} forModerators>
      {me != null && <Invitations me={me} />}
    </AdminFrame>
  );
}
