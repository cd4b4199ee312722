import { useState } from "react";
import type { User } from "#base/api/types.ts";
import { AlertsPart } from "./alerts-part.tsx";
import { PasswordSheet } from "./password-sheet.tsx";
import { SecondStepPart } from "./second-step-part.tsx";
import { SessionsPart } from "./sessions-part.tsx";
import { TokensPart } from "./tokens-part.tsx";
import { WalletsPart } from "./wallets-part.tsx";
import { WaysPart } from "./ways-part.tsx";

/** How the account is signed in to, and by which devices and programs: two columns where there is room. */
export function SecurityPart({ me }: { me: User }) {
  const [passwordReason, setPasswordReason] = useState<"choice" | "stranger" | null>(null);
  return (
    <div className="@container">
      <div className="grid items-start gap-x-4 gap-y-5 @2xl:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-5">
          <WaysPart me={me} onPassword={() => setPasswordReason("choice")} />
          <SecondStepPart />
          <WalletsPart />
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
