import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { showToast } from "./toasts.tsx";

/** Says why one has to be signed in, with the way there and back to the page `next`. */
export function useOfferLogin(next: string): (why: string) => void {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (why) =>
    showToast(why, { name: t("nav.login"), run: () => void navigate({ to: "/login", search: { next } }) });
}
