import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { emailQuery, factorsQuery } from "#base/api/queries.ts";
import type { User } from "#base/api/types.ts";
import { formatAgo } from "#base/format/format.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { joinFacts, Panel, Row } from "./panel.tsx";

/** The ways to log in to the account. */
export function WaysPart({ me, onPassword }: { me: User; onPassword: () => void }) {
  const { t, i18n } = useTranslation();
  const { data: address } = useQuery(emailQuery);
  const { data: factors } = useQuery(factorsQuery);
  const name = me.username;
  const changedAt = factors?.password_changed_at ?? null;
  const changed =
    changedAt === null
      ? ""
      : t("security.password.changed", { ago: formatAgo(Date.parse(changedAt), Date.now(), i18n.language) });
  return (
    <Panel title={t("security.ways")}>
      <Row
        icon={<KeyRound size={20} aria-hidden />}
        title={t("settings.password")}
        text={joinFacts(
          t(address?.is_verified === true ? "security.password.nameOrEmail" : "security.password.name", { name }),
          changed,
        )}
        end={
          <Button aria-label={t("settings.password.change")} onPress={onPassword}>
            {t("security.password.change")}
          </Button>
        }
      />
    </Panel>
  );
}
