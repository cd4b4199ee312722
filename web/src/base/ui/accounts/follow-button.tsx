import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { logInFor } from "#base/api/log-in-request.ts";
import { patchAuthor, useMe } from "#base/api/queries.ts";
import { invalidate, markStale } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { Button } from "../buttons/button.tsx";
import { useAction } from "../actions/use-action.ts";

interface Followed {
  id: number;
  username: string;
  is_followed: boolean;
}

/** Follows or unfollows immediately and corrects it when the server disagrees. A visitor is offered to log in. */
export function useFollow(user: Followed): () => void {
  const { t } = useTranslation();
  const me = useMe();
  const { run } = useAction(
    async () => {
      if (me === null && !(await logInFor(t("follow.loginFirst")))) return;
      const path = { id: user.id };
      const willFollow = !user.is_followed;
      patchAuthor(user.id, willFollow);
      try {
        await (willFollow ? ask("relation.follow", { path, body: {} }) : ask("relation.unfollow", { path }));
      } catch (thrown) {
        patchAuthor(user.id, !willFollow);
        throw thrown;
      }
      // A list that is shown keeps its rows; it is another one when it is opened again.
      markStale(keyOf("people"), keyOf("feed", "following"));
      void invalidate(keyOf("followed"));
    },
    { failure: "toast" },
  );
  return () => void run();
}

interface FollowButtonProps {
  user: Followed;
  /** How it looks before one follows: the filled control of the page, or the second strong one. */
  look?: "main" | "inverse" | "plain";
  /** The label of the button while the user is not followed. */
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
