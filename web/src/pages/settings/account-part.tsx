import { Flag, LogOut } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { User } from "#base/api/types.ts";
import { Button, LinkButton } from "#base/ui/buttons/button.tsx";
import { useLogOut } from "#parts/shell/use-log-out.ts";
import { EmailPart } from "./email-part.tsx";
import { Part } from "./part.tsx";

/** The account itself: its name, its password, what was decided about it, and the way out. */
export function AccountPart({ me }: { me: User }) {
  const { t } = useTranslation();
  const logOut = useLogOut();
  return (
    <div className="flex flex-col gap-4">
      <Part>
        <p className="text-soft">{t("settings.signedInAs", { name: me.username })}</p>
      </Part>
      <Part title={t("email.title")}>
        <EmailPart />
      </Part>
      <Part>
        <div className="flex flex-wrap gap-2">
          <LinkButton to="/reports">
            <Flag size={16} aria-hidden />
            {t("settings.reports")}
          </LinkButton>
          <Button onPress={logOut}>
            <LogOut size={16} aria-hidden className="rtl:-scale-x-100" />
            {t("nav.logout")}
          </Button>
        </div>
      </Part>
    </div>
  );
}
