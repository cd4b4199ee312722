import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { logInFor } from "#base/api/log-in-request.ts";
import { patchAuthor, useMe } from "#base/api/queries.ts";
import { invalidate, markStale, queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { Button } from "../buttons/button.tsx";
import { useAction } from "../actions/use-action.ts";

interface Followed {
  id: number;
  username: string;
  is_followed: boolean;
  /** Not of everybody: a list names only who is followed. */
  is_requested?: boolean;
  approves_followers?: boolean;
}

/** True while the viewer waits for the answer of a user who approves followers. */
export function useRequested({ id, is_requested: isRequested = false }: Followed): boolean {
  const { data } = useQuery({ queryKey: keyOf("requested", id), queryFn: () => isRequested, enabled: false });
  return data ?? isRequested;
}

/** Shows everywhere at once whether the viewer follows a user, or waits to. */
function show(user: Followed, state: "none" | "requested" | "followed"): void {
  queryClient.setQueryData(keyOf("requested", user.id), state === "requested");
  patchAuthor(user.id, state === "followed");
}

/** Follows or unfollows immediately and corrects it when the server disagrees. A visitor is offered to log in. */
export function useFollow(user: Followed): () => void {
  const isRequested = useRequested(user);
  const { t } = useTranslation();
  const me = useMe();
  const { run } = useAction(
    async () => {
      if (me === null && !(await logInFor(t("follow.loginFirst")))) return;
      const path = { id: user.id };
      const before = user.is_followed ? "followed" : isRequested ? "requested" : "none";
      const willFollow = before === "none";
      show(user, willFollow ? (user.approves_followers === true ? "requested" : "followed") : "none");
      try {
        if (willFollow) {
          const { requested } = await ask("relation.follow", { path, body: {} });
          show(user, requested ? "requested" : "followed");
        } else await ask("relation.unfollow", { path });
      } catch (thrown) {
        show(user, before);
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
  const isRequested = useRequested(user);
  const isOn = user.is_followed || isRequested;
  if (me?.id === user.id) return null;
  return (
    <Button
      look={isOn ? "plain" : look}
      aria-pressed={isOn}
      // For a viewer the page does not know yet it may be their own.
      className={`${className} ${me === undefined ? "invisible" : ""}`}
      onPress={follow}
    >
      {user.is_followed ? t("follow.following") : isRequested ? t("follow.requested") : (label ?? t("follow.follow"))}
    </Button>
  );
}
