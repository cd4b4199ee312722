import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { emailQuery } from "#base/api/queries.ts";
import type { User } from "#base/api/types.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Panel, Row } from "./panel.tsx";

/** The ways to log in to the account. */
export function WaysPart({ me, onPassword }: { me: User; onPassword: () => void }) {
  const { t } = useTranslation();
  const { data: address } = useQuery(emailQuery);
  const name = me.username;
  return (
    <Panel title={t("security.ways")}>
      <Row
        icon={<KeyRound size={20} aria-hidden />}
        title={t("settings.password")}
        text={t(address?.is_verified === true ? "security.password.nameOrEmail" : "security.password.name", { name })}
        end={
          <Button aria-label={t("settings.password.change")} onPress={onPassword}>
            {t("security.password.change")}
          </Button>
        }
      />
    </Panel>
  );
}
