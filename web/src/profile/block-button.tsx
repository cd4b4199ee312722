import { Ban } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { patchAuthor, queryClient } from "../api/queries.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { useErrorText } from "../ui/states.tsx";
import { showToast } from "../ui/toasts.tsx";

interface BlockButtonProps {
  user: { id: number; username: string; nickname: string; is_blocked: boolean };
}

/** Says what blocking does before it is done; it can be undone immediately, here and in the settings. */
export function BlockButton({ user }: BlockButtonProps) {
  const { t } = useTranslation();
  const text = useErrorText();
  const [isOpen, setOpen] = useState(false);
  const name = user.nickname || user.username;
  const settled = () => void queryClient.invalidateQueries();
  const unblock = () =>
    ask("relation.unblock", { path: { id: user.id } }).then(settled, (thrown: unknown) => showToast(text(thrown)));
  const block = async () => {
    setOpen(false);
    try {
      await ask("relation.block", { body: { user_id: user.id } });
      patchAuthor(user.id, false);
      settled();
      showToast(t("block.done", { name }), { name: t("action.undo"), run: () => void unblock() });
    } catch (thrown) {
      showToast(text(thrown));
    }
  };
  if (user.is_blocked)
    return (
      <Button className="flex-1" onPress={() => void unblock()}>
        {t("block.end")}
        <span className="sr-only">: {name}</span>
      </Button>
    );
  return (
    <>
      <IconButton label={t("block.action", { name })} onPress={() => setOpen(true)}>
        <Ban size={18} aria-hidden />
      </IconButton>
      <Sheet title={t("block.action", { name })} isOpen={isOpen} onClose={() => setOpen(false)}>
        <p className="mb-4 text-soft">{t("block.text")}</p>
        <Button look="danger" className="w-full" onPress={() => void block()}>
          {t("block.confirm")}
        </Button>
      </Sheet>
    </>
  );
}
