import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { userQuery } from "#base/api/queries.ts";
import { invalidate, queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { asFailure } from "#base/api/request/failure.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { chipClass } from "#base/ui/buttons/chips.ts";
import { Field } from "#base/ui/fields/field.tsx";
import { tagCharactersMax } from "#base/ui/fields/tags.ts";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { withoutSign } from "./words.ts";
import { dropLists, mutesQuery } from "./your-feed-queries.ts";

const kinds = ["tag", "author"] as const;

/** Mutes a tag, or an account by its username. */
export function MuteSheet({ userId, onClose }: { userId: number; onClose: () => void }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<(typeof kinds)[number]>("tag");
  const [typed, setTyped] = useState("");
  const {
    run: mute,
    isBusy,
    problem,
    setProblem,
  } = useAction(async (): Promise<void> => {
    const name = withoutSign(typed);
    if (name === "") return setProblem(t(`yourFeed.add.${kind}.missing`));
    const subject = kind === "tag" ? name : await accountOf(name);
    if (subject === null) return setProblem(t("yourFeed.add.unknown", { name }));
    if (kind === "author" && subject === String(userId)) return setProblem(t("yourFeed.add.own"));
    await ask("recommend.mute", { body: { kind, name: subject } });
    await invalidate(mutesQuery.queryKey);
    dropLists();
    showToast(t("yourFeed.added", { name: kind === "tag" ? `#${name}` : `@${name}` }));
    onClose();
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void mute();
  };
  return (
    <Sheet title={t("yourFeed.add.title")} isOpen onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <div role="group" aria-label={t("yourFeed.add.kind")} className="flex gap-2">
          {kinds.map((option) => (
            <button
              key={option}
              type="button"
              aria-pressed={option === kind}
              className={chipClass(option === kind)}
              onClick={() => {
                setKind(option);
                setProblem(null);
              }}
            >
              {t(`yourFeed.add.${option}`)}
            </button>
          ))}
        </div>
        <Field
          label={kind === "tag" ? t("yourFeed.add.tag") : t("yourFeed.add.username")}
          value={typed}
          onChange={(next) => {
            setTyped(next);
            setProblem(null);
          }}
          charactersMax={tagCharactersMax + 1}
          placeholder={kind === "tag" ? "#" : "@"}
          problem={problem}
          autoFocus
        />
        <Button look="main" type="submit" isBusy={isBusy}>
          {t("yourFeed.mute")}
        </Button>
      </form>
    </Sheet>
  );
}

/** The number of an account, as the API names it; `null` where there is none of this name. */
async function accountOf(username: string): Promise<string | null> {
  try {
    return String((await queryClient.fetchQuery(userQuery(username))).id);
  } catch (thrown) {
    if (asFailure(thrown).status === 404) return null;
    throw thrown;
  }
}
