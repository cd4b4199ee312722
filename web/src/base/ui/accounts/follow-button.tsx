import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { logInFor } from "#base/api/log-in-request.ts";
import { patchAuthor, useMe } from "#base/api/queries.ts";
import { invalidate, markStale } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { Button } from "../buttons/button.tsx";
import { showToast } from "../sheets/toasts.tsx";
import { useErrorText } from "../states/states.tsx";

interface Followed {
  id: number;
  username: string;
  is_followed: boolean;
}

/** Follows or unfollows immediately and corrects it when the server disagrees. A visitor is offered to log in. */
export function useFollow(user: Followed): () => void {
  const { t } = useTranslation();
  const me = useMe();
  const text = useErrorText();
  const [isBusy, setBusy] = useState(false);
  const toggle = async () => {
    if (isBusy || (me === null && !(await logInFor(t("follow.loginFirst"))))) return;
    setBusy(true);
    const willFollow = !user.is_followed;
    patchAuthor(user.id, willFollow);
    const path = { id: user.id };
    try {
      await (willFollow ? ask("relation.follow", { path, body: {} }) : ask("relation.unfollow", { path }));
      // Nobody comes or goes in a list that is looked at; it is another one when it is opened again.
      markStale(keyOf("people"));
      void invalidate(keyOf("followed"));
      markStale(keyOf("feed", "following"));
    } catch (thrown) {
      patchAuthor(user.id, !willFollow);
      showToast(text(thrown));
    } finally {
      setBusy(false);
    }
  };
  return () => void toggle();
}

interface FollowButtonProps {
  user: Followed;
  /** How it looks before one follows: the filled control of the page, or the second strong one. */
  look?: "main" | "inverse" | "plain";
  /** What it says before one follows. */
  label?: string;
  className?: string;
}

/** Nothing for oneself. */
export function FollowButton({ user, look = "main", label, className = "" }: FollowButtonProps) {
  const { t } = useTranslation();
  const me = useMe();
  const follow = useFollow(user);
  if (me?.id === user.id) return null;
  return (
    <Button
      look={user.is_followed ? "plain" : look}
      aria-pressed={user.is_followed}
      // For a viewer the page does not know yet it may be their own.
      className={`${className} ${me === undefined ? "invisible" : ""}`}
      onPress={follow}
    >
      {user.is_followed ? t("follow.following") : (label ?? t("follow.follow"))}
    </Button>
  );
}
