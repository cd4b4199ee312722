import { useQuery } from "@tanstack/react-query";
import { Check } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { factorsQuery } from "#base/api/queries.ts";
import type { User } from "#base/api/types.ts";
import { AlertsPart } from "./alerts-part.tsx";
import { PasswordSheet } from "./password-sheet.tsx";
import { ProvidersPart } from "./providers-part.tsx";
import { SecondStepPart } from "./second-step-part.tsx";
import { SessionsPart } from "./sessions-part.tsx";
import { TokensPart } from "./tokens-part.tsx";
import { WalletsPart } from "./wallets-part.tsx";
import { WaysPart } from "./ways-part.tsx";

/** How the account is signed in to, and by which devices and programs: two columns where there is room. */
export function SecurityPart({ me }: { me: User }) {
  const [passwordReason, setPasswordReason] = useState<"choice" | "stranger" | null>(null);
  const { t } = useTranslation();
  const { data: factors } = useQuery(factorsQuery);
  const isProtected = factors !== undefined && (factors.totp !== null || factors.passkeys.length > 0);
  return (
    <div className="@container">
      {isProtected && (
        <p className="-mt-3 mb-3 flex items-start gap-2 text-sm text-pretty text-soft">
          <Check size={18} aria-hidden className="mt-px shrink-0 text-good" />
          {t("security.protected")}
        </p>
      )}
      <div className="grid items-start gap-x-4 gap-y-5 @2xl:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-5">
          <WaysPart me={me} onPassword={() => setPasswordReason("choice")} />
          <SecondStepPart />
          <WalletsPart />
          <ProvidersPart />
        </div>
        <div className="flex min-w-0 flex-col gap-5">
          <SessionsPart />
          <TokensPart me={me} />
          <AlertsPart onStranger={() => setPasswordReason("stranger")} />
        </div>
      </div>
      {passwordReason !== null && (
        <PasswordSheet isAfterStranger={passwordReason === "stranger"} onClose={() => setPasswordReason(null)} />
      )}
    </div>
  );
}
