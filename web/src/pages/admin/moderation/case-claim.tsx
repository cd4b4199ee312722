import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { useMe } from "#base/api/queries.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { asFailure } from "#base/api/request/failure.ts";
import type { ModerationCase } from "#base/api/types.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { nameOf } from "./case-text.ts";

/** The moderator of an open case, and the ways to claim it, to take it over and to release it. */
export function CaseClaim({ item }: { item: ModerationCase }) {
  const { t } = useTranslation();
  const me = useMe();
  const { isBusy, claim, release } = useClaim(item.id);
  if (item.state !== "open") return null;
  if (item.assignee_id === null)
    return (
      <Button isBusy={isBusy} onPress={() => claim(false)}>
        {t("cases.claim")}
      </Button>
    );
  const isMine = item.assignee_id === me?.id;
  const name = nameOf(item.assignee);
  return (
    <span className="flex min-w-0 items-center gap-2 text-sm text-soft">
      {item.assignee !== null && name !== "" && <Avatar user={item.assignee} />}
      <span className="min-w-0 truncate">{isMine ? t("cases.claim.mine") : t("cases.claim.other", { name })}</span>
      {isMine ? (
        <IconButton label={t("cases.release")} onPress={release}>
          <X size={16} aria-hidden />
        </IconButton>
      ) : (
        <Button isBusy={isBusy} onPress={() => claim(true)}>
          {t("cases.claim.takeOver")}
        </Button>
      )}
    </span>
  );
}

function useClaim(id: number) {
  const { t } = useTranslation();
  const textOf = useErrorText();
  const { run, isBusy } = useAction(
    async (act: () => Promise<unknown>) => {
      try {
        await act();
      } finally {
        await invalidate(keyOf("moderation"));
      }
    },
    {
      failure: "toast",
      // Another moderator was quicker, which the case shows once it is loaded again.
      textOf: (thrown) => (asFailure(thrown).code === "moderation.claimed" ? t("cases.claim.taken") : textOf(thrown)),
    },
  );
  return {
    isBusy,
    claim: (takeOver: boolean) =>
      void run(() => ask("moderation.claim", { path: { id }, body: { take_over: takeOver } })),
    release: () => void run(() => ask("moderation.release", { path: { id } })),
  };
}
