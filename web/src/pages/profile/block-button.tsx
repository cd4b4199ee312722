import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { patchAuthor } from "#base/api/queries.ts";
import { queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { useErrorText } from "#base/ui/states/states.tsx";
import { showToast } from "#base/ui/toasts/toasts.tsx";

interface Blockable {
  id: number;
  username: string;
  nickname: string;
}

const refreshAll = () => void queryClient.invalidateQueries();

function useUnblock(user: Blockable): () => void {
  const text = useErrorText();
  return () =>
    void ask("relation.unblock", { path: { id: user.id } }).then(refreshAll, (thrown: unknown) =>
      showToast(text(thrown)),
    );
}

/** Ends a block. */
export function UnblockButton({ user }: { user: Blockable }) {
  const { t } = useTranslation();
  const unblock = useUnblock(user);
  return (
    <Button className="flex-1" onPress={unblock}>
      {t("block.end")}
      <span className="sr-only">: {user.nickname || user.username}</span>
    </Button>
  );
}

/** The way to block a user: its sheet says what that does before it is done; it can be undone immediately. */
export function useBlock(user: Blockable): { block: () => void; sheet: ReactNode } {
  const { t } = useTranslation();
  const text = useErrorText();
  const unblock = useUnblock(user);
  const [isOpen, setOpen] = useState(false);
  const name = user.nickname || user.username;
  const confirm = async () => {
    setOpen(false);
    try {
      await ask("relation.block", { body: { user_id: user.id } });
      patchAuthor(user.id, false);
      refreshAll();
      showToast(t("block.done", { name }), { name: t("action.undo"), run: unblock });
    } catch (thrown) {
      showToast(text(thrown));
    }
  };
  const sheet = (
    <Sheet title={t("block.action", { name })} isOpen={isOpen} onClose={() => setOpen(false)}>
      <p className="mb-4 text-soft">{t("block.text")}</p>
      <Button look="danger" className="w-full" onPress={() => void confirm()}>
        {t("block.confirm")}
      </Button>
    </Sheet>
  );
  return { block: () => setOpen(true), sheet };
}
