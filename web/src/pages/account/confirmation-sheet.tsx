import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { Fingerprint, Globe } from "lucide-react";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ConfirmationRequest, settleConfirmation } from "#base/api/confirmation.ts";
import { canUsePasskeys, askPasskey } from "#base/api/passkeys.ts";
import { factorsQuery, providersQuery, useMe } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import { useAction } from "#base/ui/actions/use-action.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { Field } from "#base/ui/fields/field.tsx";
import { PasswordField } from "#base/ui/fields/password-field.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { WalletChoice } from "#parts/wallets/wallet-choice.tsx";

const proofs = {
  password: PasswordProof,
  passkey: PasskeyProof,
  wallet: WalletProof,
  code: CodeProof,
  provider: ProviderProof,
} as const;
type Way = keyof typeof proofs;

const waysOf = ({ methods }: ConfirmationRequest): readonly Way[] => {
  const holds = {
    password: methods.includes("password"),
    passkey: methods.includes("passkey") && canUsePasskeys,
    wallet: methods.includes("wallet"),
    code: methods.includes("totp"),
    provider: methods.includes("provider"),
  };
  return (Object.keys(proofs) as Way[]).filter((way) => holds[way]); // Its keys are ways.
};

/** Asks the viewer over the page to prove who they are; what waits for it goes on afterwards. */
export function ConfirmationSheet({ request, onClose }: { request: ConfirmationRequest; onClose: () => void }) {
  const { t } = useTranslation();
  const ways = waysOf(request);
  const [way, setWay] = useState<Way>(ways[0] ?? "password");
  const Proof = proofs[way];
  return (
    <Sheet title={t("confirmation.title")} isOpen onClose={onClose}>
      <p className="mb-4 text-base text-soft">{t("confirmation.text")}</p>
      <Proof />
      <div className="mt-2 flex flex-wrap gap-x-2">
        {ways
          .filter((other) => other !== way)
          .map((other) => (
            <Button key={other} look="ghost" className="-ms-3" onPress={() => setWay(other)}>
              {t(`confirmation.use.${other}`)}
            </Button>
          ))}
      </div>
    </Sheet>
  );
}

function WalletProof() {
  const { data } = useQuery(providersQuery);
  return (
    <WalletChoice
      chains={data?.wallets ?? []}
      onSigned={async (signed) => {
        await ask("auth.confirm", { body: { ...signed } });
        settleConfirmation(true);
      }}
    />
  );
}

/** The browser leaves for a provider: what waits is done again by the viewer, who comes back to this page. */
function ProviderProof() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const { data: factors } = useQuery(factorsQuery);
  const { run, isBusy, problem } = useAction(async (id: string) => {
    const { url } = await ask("auth.confirmByProvider", { path: { id }, body: { next: pathname } });
    window.location.assign(url);
  });
  return (
    <div className="flex flex-col gap-4">
      <p className="text-base text-soft">{t("confirmation.provider.text")}</p>
      {problem !== null && <Problem>{problem}</Problem>}
      {(factors?.providers ?? []).map(({ id, name }) => (
        <Button key={id} look="main" isBusy={isBusy} className="min-h-12 text-base" onPress={() => void run(id)}>
          <Globe size={20} aria-hidden />
          <span className="min-w-0 truncate">{t("confirmation.provider", { name })}</span>
        </Button>
      ))}
    </div>
  );
}

function PasskeyProof() {
  const { t } = useTranslation();
  const { run, isBusy, problem } = useAction(async () => {
    await ask("auth.confirm", { body: { passkey: await askPasskey() } });
    settleConfirmation(true);
  });
  return (
    <div className="flex flex-col gap-4">
      {problem !== null && <Problem>{problem}</Problem>}
      <Button look="main" isBusy={isBusy} className="min-h-12 text-base" onPress={() => void run()}>
        <Fingerprint size={20} aria-hidden />
        {t("confirmation.use.passkey")}
      </Button>
    </div>
  );
}

function CodeProof() {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const { run, isBusy, problem } = useAction(async () => {
    await ask("auth.confirm", { body: { code: code.trim() } });
    settleConfirmation(true);
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void run();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field
        label={t("confirmation.code")}
        name="code"
        value={code}
        onChange={setCode}
        autoComplete="one-time-code"
        spellCheck="false"
        charactersMax={24}
        autoFocus
      />
      {problem !== null && <Problem>{problem}</Problem>}
      <Button
        look="main"
        type="submit"
        isBusy={isBusy}
        isDisabled={code.trim().length < 6}
        className="min-h-12 text-base"
      >
        {t("confirmation.action")}
      </Button>
    </form>
  );
}

function PasswordProof() {
  const { t } = useTranslation();
  const me = useMe();
  const [password, setPassword] = useState("");
  const { run, isBusy, problem } = useAction(async () => {
    await ask("auth.confirm", { body: { password } });
    settleConfirmation(true);
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void run();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {/* Password managers find the account by it. */}
      <input type="text" name="username" autoComplete="username" value={me?.username ?? ""} readOnly hidden />
      <PasswordField label={t("account.password")} value={password} onChange={setPassword} autoFocus />
      {problem !== null && <Problem>{problem}</Problem>}
      <Button look="main" type="submit" isBusy={isBusy} isDisabled={password === ""} className="min-h-12 text-base">
        {t("confirmation.action")}
      </Button>
    </form>
  );
}
