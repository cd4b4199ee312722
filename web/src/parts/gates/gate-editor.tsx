import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { Select } from "#base/ui/fields/select.tsx";
import { addTerm, asksPassword, type GateDraft, gateOf, type TermDraft, termKinds } from "./gate-draft.ts";
import { gateRule, gateSentence } from "./gate-rule.ts";
import { chainsQuery } from "./queries.ts";

interface GateEditorProps {
  draft: GateDraft;
  onChange: (draft: GateDraft) => void;
  password: string;
  onPassword: (password: string) => void;
  /** The gate has a password already, which stays when nothing is typed. */
  isPasswordKept: boolean;
  /** The rule was to be saved, and is not whole. */
  isIncomplete: boolean;
}

/** The terms that open a video, with a sentence that reads them back. */
export function GateEditor({ draft, onChange, password, onPassword, isPasswordKept, isIncomplete }: GateEditorProps) {
  const { t, i18n } = useTranslation();
  const chains = useQuery(chainsQuery);
  const chainList = chains.data?.list ?? [];
  const chainName = (id: number) => chainList.find(({ chain_id: chainId }) => chainId === id)?.name ?? String(id);
  const gate = gateOf(draft);
  const sentence = gate && gateSentence(gate, { t, language: i18n.language, chainName });
  const change = (term: TermDraft) =>
    onChange({ ...draft, terms: draft.terms.map((before) => (before.key === term.key ? term : before)) });
  const remove = (key: number) => onChange({ ...draft, terms: draft.terms.filter((term) => term.key !== key) });
  // One password opens it, and a chain must be set up here.
  const offered = termKinds.filter(
    (kind) => !(kind === "password" && asksPassword(draft)) && !(kind === "tokens" && chainList.length === 0),
  );
  return (
    <fieldset className="flex min-w-0 flex-col gap-3 rounded-xl border border-line p-3">
      <legend className="px-1 text-sm font-medium">{t("gate.edit.match")}</legend>
      {draft.terms.length > 1 && (
        <Select
          label={t("gate.edit.match")}
          isCompact
          value={draft.match}
          options={(["any", "all"] as const).map((value) => ({ value, name: t(`gate.edit.${value}`) }))}
          onChange={(match) => onChange({ ...draft, match })}
        />
      )}
      {draft.terms.map((term) => (
        <TermRow
          key={term.key}
          term={term}
          rule={term.group && gateRule(term.group, { t, language: i18n.language, chainName })}
          onRemove={() => remove(term.key)}
        >
          <TermFields term={term} onChange={change} chains={chainList} />
          {term.kind === "password" && (
            <Field
              label={t("gate.edit.passwordField")}
              type="password"
              autoComplete="new-password"
              maxLength={128}
              value={password}
              onChange={onPassword}
              hint={t(isPasswordKept ? "gate.edit.passwordKept" : "gate.edit.passwordHint")}
            />
          )}
        </TermRow>
      ))}
      <div role="group" aria-label={t("gate.edit.add")} className="flex flex-wrap gap-2">
        {offered.map((kind) => (
          <Button key={kind} onPress={() => onChange(addTerm(draft, kind))}>
            <Plus size={16} aria-hidden />
            {t(`gate.edit.${kind}`)}
          </Button>
        ))}
      </div>
      <div aria-live="polite" className="rounded-lg bg-raised px-3 py-2.5">
        <p className="text-xs text-soft">{t("gate.edit.words")}</p>
        <p className="wrap-anywhere">{sentence ?? t("gate.edit.none")}</p>
      </div>
      {isIncomplete && (
        <p role="alert" className="text-sm text-bad">
          {t("gate.edit.incomplete")}
        </p>
      )}
      <Select
        label={t("gate.edit.teaser")}
        value={draft.teaser === "none" ? "none" : "title"}
        options={(["none", "title"] as const).map((value) => ({ value, name: t(`gate.edit.teaser.${value}`) }))}
        onChange={(teaser) => onChange({ ...draft, teaser })}
      />
    </fieldset>
  );
}

interface TermRowProps {
  term: TermDraft;
  /** A group in words. */
  rule: string | undefined;
  onRemove: () => void;
  children: ReactNode;
}

function TermRow({ term, rule = "", onRemove, children }: TermRowProps) {
  const { t } = useTranslation();
  const { kind } = term;
  const name = kind === "group" ? t("gate.edit.nested") : t(`gate.edit.${kind}`);
  const text =
    kind === "followers" || kind === "invited" || kind === "tokens" ? t(`gate.edit.${kind}.text` as const) : rule;
  return (
    <div role="group" aria-label={name} className="flex flex-col gap-2 rounded-lg border border-line bg-raised/40 p-3">
      <div className="flex items-center gap-2">
        <div className="min-w-0 flex-1">
          <p className="font-medium">{name}</p>
          {text !== "" && <p className="text-xs text-soft">{text}</p>}
        </div>
        <IconButton label={t("gate.edit.remove", { name })} onPress={onRemove}>
          <X size={18} aria-hidden />
        </IconButton>
      </div>
      {children}
    </div>
  );
}

interface TermFieldsProps {
  term: TermDraft;
  onChange: (term: TermDraft) => void;
  chains: readonly { readonly chain_id: number; readonly name: string; readonly namespace: string }[];
}

function TermFields({ term, onChange, chains }: TermFieldsProps): ReactNode {
  const { t } = useTranslation();
  const number = (field: "days" | "price" | "hours" | "level", label: string) => (
    <Field
      label={label}
      inputMode="numeric"
      maxLength={7}
      value={term[field]}
      onChange={(typed) => onChange({ ...term, [field]: typed })}
    />
  );
  switch (term.kind) {
    case "followers":
      return number("days", t("gate.edit.days"));
    case "coins":
      return (
        <div className="grid gap-2 sm:grid-cols-2">
          {number("price", t("gate.edit.price"))}
          {number("hours", t("gate.edit.hours"))}
        </div>
      );
    case "tier":
      return number("level", t("gate.edit.level"));
    case "tokens":
      return <TokenFields {...{ term, onChange, chains }} />;
    default:
      return null;
  }
}

const standards = { eip155: ["erc721", "erc1155", "erc20"], solana: ["spl"] } as const;
const standardNames = { erc721: "ERC-721", erc1155: "ERC-1155", erc20: "ERC-20", spl: "SPL" } as const;

function TokenFields({ term, onChange, chains }: TermFieldsProps) {
  const { t } = useTranslation();
  const chain = chains.find(({ chain_id: chainId }) => String(chainId) === term.chainId) ?? chains[0];
  const kinds = chain?.namespace === "solana" ? standards.solana : standards.eip155;
  const choose = (chainId: string) => {
    const chosen = chains.find((candidate) => String(candidate.chain_id) === chainId);
    const [standard] = chosen?.namespace === "solana" ? standards.solana : standards.eip155;
    onChange({ ...term, chainId, standard });
  };
  return (
    <div className="grid gap-2 sm:grid-cols-2">
      <Select
        label={t("gate.edit.chain")}
        value={term.chainId}
        options={chains.map(({ chain_id: chainId, name }) => ({ value: String(chainId), name }))}
        onChange={choose}
      />
      <Select
        label={t("gate.edit.standard")}
        value={term.standard}
        options={kinds.map((value) => ({ value, name: standardNames[value] }))}
        onChange={(standard) => onChange({ ...term, standard })}
      />
      <div className="sm:col-span-2">
        <Field
          label={t("gate.edit.contract")}
          maxLength={64}
          value={term.contract}
          onChange={(contract) => onChange({ ...term, contract })}
        />
      </div>
      <Field
        label={t("gate.edit.tokenId")}
        inputMode="numeric"
        maxLength={78}
        value={term.tokenId}
        onChange={(tokenId) => onChange({ ...term, tokenId })}
      />
      <Field
        label={t("gate.edit.min")}
        inputMode="numeric"
        maxLength={78}
        value={term.min}
        onChange={(min) => onChange({ ...term, min })}
      />
    </div>
  );
}
