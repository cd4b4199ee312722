import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { logOut } from "#base/api/account.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";

/** Ends the session; the user stays signed in, and is informed, where the server did not answer. */
export function useLogOut(): () => void {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return () => {
    const leave = async () => {
      try {
        await logOut();
      } catch {
        showToast(t("account.stillIn"));
        return;
      }
      await navigate({ to: "/" });
      showToast(t("account.bye"));
    };
    void leave();
  };
}
