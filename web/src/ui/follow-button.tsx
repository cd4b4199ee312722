import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { patchAuthor, queryClient, useMe } from "../api/queries.ts";
import { Button } from "./button.tsx";
import { useErrorText } from "./states.tsx";
import { showToast } from "./toasts.tsx";
import { useOfferLogin } from "./use-offer-login.ts";

interface FollowButtonProps {
  user: { id: number; username: string; is_followed: boolean };
  className?: string;
}

/**
 * Follows immediately and corrects it when the server disagrees. Nothing for oneself; a visitor is offered to log in.
 */
export function FollowButton({ user, className = "" }: FollowButtonProps) {
  const { t } = useTranslation();
  const me = useMe();
  const text = useErrorText();
  const offerLogin = useOfferLogin(`/@${user.username}`);
  const [isBusy, setBusy] = useState(false);
  if (me?.id === user.id) return null;
  const toggle = async () => {
    if (me === null) {
      offerLogin(t("follow.loginFirst"));
      return;
    }
    if (isBusy) return;
    setBusy(true);
    const willFollow = !user.is_followed;
    patchAuthor(user.id, willFollow);
    const path = { id: user.id };
    try {
      await (willFollow ? ask("relation.follow", { path, body: {} }) : ask("relation.unfollow", { path }));
      // Nobody comes or goes in a list that is looked at; it is another one when it is opened again.
      void queryClient.invalidateQueries({ queryKey: ["people"], refetchType: "none" });
    } catch (thrown) {
      patchAuthor(user.id, !willFollow);
      showToast(text(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      look={user.is_followed ? "plain" : "main"}
      aria-pressed={user.is_followed}
      // For a viewer the page does not know yet it may be their own.
      className={`${className} ${me === undefined ? "invisible" : ""}`}
      onPress={() => void toggle()}
    >
      {user.is_followed ? t("follow.following") : t("follow.follow")}
    </Button>
  );
}
