import { ChevronDown } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Attempt } from "#base/api/request/attempt.ts";
import { ask } from "#base/api/request/client.ts";
import type { Store, Transfer } from "#base/api/types.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Choice } from "#base/ui/buttons/choice.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Select } from "#base/ui/fields/select.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { useAction } from "#base/ui/actions/use-action.ts";
import { showToast } from "#base/ui/toasts/toasts.tsx";
import { amountOf } from "./storage-amounts.ts";
import { transfersChanged } from "./storage-queries.ts";

type Kind = Transfer["kind"];
type Space = "all" | "upload" | "media";

const megabyte = 1_000_000;
const daySeconds = 86_400;
const kinds: readonly Kind[] = ["move", "copy", "verify", "repair"];

/** Begins a transfer: what, between which stores, and of which files. */
export function StorageForm({ stores }: { stores: readonly Store[] }) {
  const { t } = useTranslation();
  const names = stores.map(({ name }) => ({ value: name, name }));
  const isAlone = names.length < 2;
  const [kind, setKind] = useState<Kind>(isAlone ? "verify" : "move");
  const [from, setFrom] = useState(names[0]?.value ?? "");
  const [to, setTo] = useState(names[1]?.value ?? "");
  const [choices, setChoices] = useState<Choices>({ space: "all", older: "", larger: "", rate: "" });
  const choose = (change: Partial<Choices>) => setChoices((before) => ({ ...before, ...change }));
  const [attempt] = useState(() => new Attempt<{ kind: Kind; from: string }>());

  const isTwo = kind === "move" || kind === "copy";
  const { space } = choices;
  const amounts = amountsOf(choices);

  const {
    run: begin,
    isBusy,
    problem,
    setProblem,
  } = useAction(async () => {
    if (Object.values(amounts).includes(null)) return;
    setProblem(null);
    if (isTwo && from === to) {
      setProblem(t("storage.sameStore"));
      return;
    }
    const filledAmounts = Object.fromEntries(Object.entries(amounts).filter(([, amount]) => amount != null));
    const body = { kind, from, ...(isTwo && { to }), ...(space !== "all" && { space }), ...filledAmounts };
    await ask(
      "transfer.start",
      attempt.of(JSON.stringify(body), () => body),
    );
    attempt.finish();
    await transfersChanged();
    showToast(t("storage.begun"));
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void begin();
  };

  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Choice<Kind>
        label={t("storage.kind")}
        value={kind}
        onChange={setKind}
        options={kinds
          .filter((option) => !isAlone || option === "verify" || option === "repair")
          .map((option) => ({
            value: option,
            name: t(`storage.kind.${option}`),
            text: t(`storage.kind.${option}.text`),
          }))}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          label={isTwo ? t("storage.from") : t("storage.store")}
          value={from}
          options={names}
          onChange={setFrom}
        />
        {isTwo && <Select label={t("storage.to")} value={to} options={names} onChange={setTo} />}
      </div>
      <MoreChoices {...{ choices, choose, amounts }} />
      {problem !== null && <Problem>{problem}</Problem>}
      <Button type="submit" look="main" isBusy={isBusy} className="sm:self-start">
        {t(`storage.begin.${kind}`)}
      </Button>
    </form>
  );
}

/** The limits of a transfer, as they were typed. */
interface Choices {
  space: Space;
  older: string;
  larger: string;
  rate: string;
}

/** The limits as numbers: absent where nothing was typed, null where it is no number. */
interface Amounts {
  readonly older_than: number | null | undefined;
  readonly larger_than_bytes: number | null | undefined;
  readonly bytes_per_second: number | null | undefined;
}

const amountsOf = ({ older, larger, rate }: Choices): Amounts => ({
  older_than: amountOf(older, daySeconds),
  larger_than_bytes: amountOf(larger, megabyte),
  bytes_per_second: amountOf(rate, megabyte),
});

interface MoreChoicesProps {
  choices: Choices;
  choose: (change: Partial<Choices>) => void;
  amounts: Amounts;
}

/** The choice of files and the speed; folded until it is opened. */
function MoreChoices({ choices, choose, amounts }: MoreChoicesProps) {
  const { t } = useTranslation();
  const wrong = (amount: number | undefined | null) => (amount === null ? t("storage.amount.wrong") : null);
  return (
    <details>
      <summary className="inline-flex min-h-11 cursor-pointer items-center gap-1.5 text-sm font-medium text-soft">
        <ChevronDown size={16} aria-hidden />
        {t("storage.more")}
      </summary>
      <div className="grid gap-4 pt-2 sm:grid-cols-2">
        <Select<Space>
          label={t("storage.space")}
          value={choices.space}
          options={[
            { value: "all", name: t("storage.space.all") },
            { value: "upload", name: t("storage.space.upload") },
            { value: "media", name: t("storage.space.media") },
          ]}
          onChange={(space) => choose({ space })}
        />
        <Field
          label={t("storage.older")}
          inputMode="decimal"
          value={choices.older}
          onChange={(older) => choose({ older })}
          problem={wrong(amounts.older_than)}
        />
        <Field
          label={t("storage.larger")}
          inputMode="decimal"
          value={choices.larger}
          onChange={(larger) => choose({ larger })}
          problem={wrong(amounts.larger_than_bytes)}
        />
        <Field
          label={t("storage.rate")}
          inputMode="decimal"
          value={choices.rate}
          onChange={(rate) => choose({ rate })}
          problem={wrong(amounts.bytes_per_second)}
        />
      </div>
    </details>
  );
}
