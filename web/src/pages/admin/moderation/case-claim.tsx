import { X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { useMe } from "#base/api/queries.ts";
import { invalidate } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { asFailure } from "#base/api/request/failure.ts";
import type { ModerationCase } from "#base/api/types.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { showToast } from "#base/ui/sheets/toasts.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { nameOf } from "./case-text.ts";

/** Who works on an open case, and the ways to claim it, to take it over and to release it. */
export function CaseClaim({ one }: { one: ModerationCase }) {
  const { t } = useTranslation();
  const me = useMe();
  const { isBusy, claim, release } = useClaim(one.id);
  if (one.state !== "open") return null;
  if (one.assignee_id === null)
    return (
      <Button isBusy={isBusy} onPress={() => claim(false)}>
        {t("cases.claim")}
      </Button>
    );
  const isMine = one.assignee_id === me?.id;
  const name = nameOf(one.assignee);
  return (
    <span className="flex min-w-0 items-center gap-2 text-sm text-soft">
      {one.assignee !== null && name !== "" && <Avatar user={one.assignee} />}
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
  const [isBusy, setBusy] = useState(false);
  const run = async (act: () => Promise<unknown>) => {
    if (isBusy) return;
    setBusy(true);
    try {
      await act();
    } catch (thrown) {
      // Another moderator was quicker, which the case shows once it is loaded again.
      showToast(asFailure(thrown).code === "moderation.claimed" ? t("cases.claim.taken") : textOf(thrown));
    }
    await invalidate(keyOf("moderation"));
    setBusy(false);
  };
  return {
    isBusy,
    claim: (takeOver: boolean) =>
      void run(() => ask("moderation.claim", { path: { id }, body: { take_over: takeOver } })),
    release: () => void run(() => ask("moderation.release", { path: { id } })),
  };
}
