import { useTranslation } from "react-i18next";
import type { ModerationCase } from "#base/api/types.ts";
import { formatDate } from "#base/format/format.ts";
import { charactersIn } from "#base/text/characters.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { nameOf } from "./case-text.ts";
import { noteMax } from "./decide-sheet.tsx";

interface DecisionFormProps {
  item: ModerationCase;
  note: string;
  onNote: (note: string) => void;
  onAct: (action: "dismiss" | "remove") => void;
  onMore: () => void;
  /** Leaves it undecided; null where no other case waits. */
  onLater: (() => void) | null;
  onUndo: () => void;
}

/** The note to both sides, and the decision; of a decided case, what was decided. */
export function DecisionForm({ item, note, onNote, onAct, onMore, onLater, onUndo }: DecisionFormProps) {
  const { t } = useTranslation();
  if (item.state === "decided") return <Decided item={item} onUndo={onUndo} />;
  const isTooLong = charactersIn(note) > noteMax;
  return (
    <div className="flex flex-col gap-3">
      <Field label={t("cases.why")} rows={2} value={note} onChange={onNote} charactersMax={noteMax} />
      <div className="grid grid-cols-2 items-center gap-2 lg:flex">
        {item.kind !== "user" && (
          <Button look="main" isDisabled={isTooLong} onPress={() => onAct("remove")}>
            {t("act.remove")}
            <Key name="R" />
          </Button>
        )}
        <Button isDisabled={isTooLong} onPress={() => onAct("dismiss")}>
          {t(item.is_held ? "cases.approve" : "act.dismiss")}
          <Key name="D" />
        </Button>
        <Button onPress={onMore}>
          {t("cases.more")}
          <Key name="M" />
        </Button>
        {onLater !== null && (
          <Button look="ghost" onPress={onLater}>
            {t("cases.later")}
            <Key name="L" />
          </Button>
        )}
        <p className="ms-auto hidden items-center gap-1.5 text-xs text-soft lg:flex">
          <Key name="J" /> <Key name="K" /> {t("cases.keys.go")} <Key name="U" /> {t("cases.undo")}
        </p>
      </div>
    </div>
  );
}

const Key = ({ name }: { name: string }) => (
  <kbd
    aria-hidden
    className="hidden min-w-5 rounded border border-line bg-surface px-1 text-center font-sans text-xs font-medium text-soft lg:inline-block"
  >
    {name}
  </kbd>
);

function Decided({ item, onUndo }: { item: ModerationCase; onUndo: () => void }) {
  const { t, i18n } = useTranslation();
  const by = nameOf(item.moderator);
  const date = (at: string) => formatDate(Date.parse(at), i18n.language);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <p className="min-w-0 flex-1">
        <span className="font-medium">
          {item.action !== null && t(`outcome.${item.action}`)}
          {item.until !== null && ` ${t("outcome.until", { date: date(item.until) })}`}
        </span>
        <span className="block text-sm break-words text-soft">
          {[by, item.decided_at === null ? "" : date(item.decided_at), item.note]
            .filter((text) => text !== "")
            .join(" · ")}
        </span>
      </p>
      {!item.is_final && <Button onPress={onUndo}>{t("cases.undo")}</Button>}
    </div>
  );
}
