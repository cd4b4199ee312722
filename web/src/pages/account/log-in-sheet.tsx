import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  logInHere,
  logInHereWithCode,
  logInHereWithPasskey,
  logInHereWithSecondPasskey,
  logInHereWithWallet,
} from "#base/api/account.ts";
import { type LogInRequest, settleLogIn } from "#base/api/log-in-request.ts";
import { canUsePasskeys } from "#base/api/passkeys.ts";
import { findVideo, providersQuery } from "#base/api/queries.ts";
import type { WaitingAct } from "#base/api/session/session.ts";
import type { User } from "#base/api/types.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { Button } from "#base/ui/buttons/button.tsx";
import { PasswordField } from "#base/ui/fields/password-field.tsx";
import { Sheet } from "#base/ui/sheets/sheet.tsx";
import { Problem } from "#base/ui/states/states.tsx";
import { nextPath } from "../../../../src/policy/paths/next-path.ts";
import { Credentials } from "./credentials.tsx";
import { ProviderButtons } from "./provider-buttons.tsx";
import { PasskeyButton } from "./proofs/passkey-button.tsx";
import { SecondStep, secondStepTitle } from "./proofs/second-step.tsx";
import { useEntry } from "./use-entry.ts";
import { WalletEntry } from "./wallet-entry.tsx";

/** On a phone the keyboard would cover what waits. */
const hasKeyboard = window.matchMedia("(pointer: fine)").matches;
const linkClass = "inline-flex min-h-11 items-center font-semibold text-link hover:underline";

/** A log-in over the page: what waits for it is done afterwards, and the page stays as it is. */
export function LogInSheet({ request, onClose }: { request: LogInRequest; onClose: () => void }) {
  const { t } = useTranslation();
  const { pathname, href } = useLocation();
  const { data: ways } = useQuery(providersQuery);
  const hasPasskeys = canUsePasskeys && ways?.passkeys !== false;
  const { why, act } = request;
  const hasEnded = why === null;
  const [user, setUser] = useState(request.user);
  const entry = useEntry((username, password) => logInHere({ username, password }), pathname, {
    username: user?.username ?? "",
    second: { byCode: logInHereWithCode, byPasskey: logInHereWithSecondPasskey },
    onEntered: () => settleLogIn(true),
  });
  if (entry.secondStep !== null)
    return (
      <Sheet title={t(secondStepTitle(entry.secondStep))} isOpen onClose={onClose}>
        <SecondStep {...entry.secondStep} isBusy={entry.isBusy} failure={entry.failure} />
      </Sheet>
    );
  return (
    <Sheet title={hasEnded ? t("login.ended") : why} isOpen onClose={onClose}>
      {act !== null && <Waiting act={act} />}
      <p className="mb-4 text-base text-soft">{t(hasEnded ? "login.ended.text" : "login.visitor.text")}</p>
      <form onSubmit={entry.onSubmit} className="flex flex-col gap-4">
        {user === null ? (
          <Credentials {...entry.fields} isNew={false} />
        ) : (
          <>
            <Account
              user={user}
              onOther={() => {
                entry.fields.onUsername("");
                setUser(null);
              }}
            />
            <PasswordField
              label={t("account.password")}
              value={entry.fields.password}
              onChange={entry.fields.onPassword}
              autoFocus={hasKeyboard}
              problem={entry.fields.isMissed && entry.fields.password === "" ? t("account.password.missing") : null}
            />
          </>
        )}
        {entry.problemText !== null && <Problem>{entry.problemText}</Problem>}
        <Button look="main" type="submit" isBusy={entry.isBusy} className="min-h-12 text-base">
          {t("nav.login")}
        </Button>
        {hasPasskeys && <PasskeyButton isBusy={entry.isBusy} onPress={() => entry.enterBy(logInHereWithPasskey)} />}
        <div className="flex flex-wrap gap-2 empty:hidden">
          <WalletEntry isBusy={entry.isBusy} logIn={logInHereWithWallet} enterBy={entry.enterBy} />
          <ProviderButtons next={nextPath(href)} />
        </div>
      </form>
      <div className="mt-2 flex flex-wrap justify-between gap-x-4">
        <Link to="/forgot" onClick={onClose} className={linkClass}>
          {t("account.forgot")}
        </Link>
        {!hasEnded && (
          <Link to="/signup" search={{ next: pathname }} onClick={onClose} className={linkClass}>
            {t("nav.signup")}
          </Link>
        )}
        {hasEnded && (
          <Button look="ghost" className="-me-3 text-soft!" onPress={onClose}>
            {t("login.withoutAccount")}
          </Button>
        )}
      </div>
    </Sheet>
  );
}

const actTexts = {
  "interaction.like": "login.waits.like",
  "interaction.likeComment": "login.waits.like",
  "interaction.favorite": "login.waits.save",
  "interaction.say": "login.waits.comment",
  "relation.follow": "login.waits.follow",
  "live.sendGift": "login.waits.gift",
  upload: "login.waits.upload",
} as const;
const hasText = (operation: string): operation is keyof typeof actTexts => Object.hasOwn(actTexts, operation);

/** The act that is done after the log-in, with its video. */
function Waiting({ act: { operation, id } }: { act: WaitingAct }) {
  const { t } = useTranslation();
  const video = operation.startsWith("interaction.") ? findVideo(Number(id)) : undefined;
  if (!hasText(operation)) return null;
  return (
    <div className="mb-4 flex items-center gap-3 rounded-xl bg-raised p-3">
      {video !== undefined && video.cover_url !== "" && (
        <img src={video.cover_url} alt="" className="h-12 w-9 rounded-md object-cover" />
      )}
      <div className="min-w-0 flex-1">
        {video !== undefined && (
          <p dir="auto" className="truncate font-medium">
            {video.title}
          </p>
        )}
        <p className={video === undefined ? "font-medium" : "text-sm text-soft"}>{t(actTexts[operation])}</p>
      </div>
    </div>
  );
}

/** The user whose session has ended, with the way to another account. */
function Account({ user, onOther }: { user: User; onOther: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="flex items-center gap-3">
      <Avatar user={user} size="comment" />
      <p className="min-w-0 flex-1">
        <bdi className="block truncate text-base font-semibold">{user.nickname || user.username}</bdi>
        <bdi className="block truncate text-sm text-soft">@{user.username}</bdi>
      </p>
      {/* Password managers find the account by it. */}
      <input type="text" name="username" autoComplete="username" value={user.username} readOnly hidden />
      <Button look="ghost" onPress={onOther}>
        {t("login.notYou")}
      </Button>
    </div>
  );
}
