import { Link } from "@tanstack/react-router";
import { ChartColumn, Languages, LogOut, Moon, Settings, ShieldCheck, Sun, Wallet } from "lucide-react";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { Dialog, DialogTrigger } from "react-aria-components/Dialog";
import { Popover } from "react-aria-components/Popover";
import { useTranslation } from "react-i18next";
import type { User } from "#base/api/types.ts";
import { setTheme, useTheme } from "#base/frame/theme.ts";
import { languages, setLanguage } from "#base/i18n/i18n.ts";
import { Avatar } from "#base/ui/accounts/avatar.tsx";
import { useLogOut } from "./use-log-out.ts";

const rowClass =
  "flex min-h-10 w-full items-center gap-3 rounded-lg px-3 text-start font-medium whitespace-nowrap hover:bg-raised pointer-coarse:min-h-11";

/** The menu of the viewer, behind their picture. */
export function AccountMenu({ me }: { me: User }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <Button
        aria-label={t("nav.accountOf", { name: me.nickname || me.username })}
        className="grid size-11 place-items-center rounded-full hover:bg-raised"
      >
        <Avatar user={me} />
      </Button>
      <Popover
        placement="bottom end"
        offset={4}
        className="z-50 w-64 rounded-xl border border-line bg-surface text-ink shadow-2xl"
      >
        <Dialog
          aria-label={t("nav.account")}
          className="flex max-h-[80dvh] flex-col overflow-y-auto p-1.5 outline-none"
        >
          <Link
            to="/@{$username}"
            params={{ username: me.username }}
            onClick={close}
            className="flex min-h-14 items-center gap-3 rounded-lg px-3 hover:bg-raised"
          >
            <Avatar user={me} size="comment" />
            <span className="min-w-0">
              <span className="block truncate font-semibold">
                <bdi>{me.nickname || me.username}</bdi>
              </span>
              <span className="block truncate text-xs text-soft">{t("me.viewProfile")}</span>
            </span>
          </Link>
          <hr className="my-1.5 border-line" />
          <Link to="/studio" onClick={close} className={rowClass}>
            <ChartColumn size={18} aria-hidden className="text-soft" />
            {t("nav.studio")}
          </Link>
          <Link to="/me/wallet" onClick={close} className={rowClass}>
            <Wallet size={18} aria-hidden className="text-soft" />
            {t("nav.wallet")}
          </Link>
          <Link to="/settings" onClick={close} className={rowClass}>
            <Settings size={18} aria-hidden className="text-soft" />
            {t("nav.settings")}
          </Link>
          {me.role === "admin" && (
            <Link to="/admin" onClick={close} className={rowClass}>
              <ShieldCheck size={18} aria-hidden className="text-soft" />
              {t("nav.admin")}
            </Link>
          )}
          {me.role === "moderator" && (
            <Link to="/moderation" onClick={close} className={rowClass}>
              <ShieldCheck size={18} aria-hidden className="text-soft" />
              {t("nav.moderation")}
            </Link>
          )}
          <hr className="my-1.5 border-line" />
          <ThemeRow />
          <LanguageRow />
          <hr className="my-1.5 border-line" />
          <LogOutRow />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

/** Changes to the other theme. */
function ThemeRow() {
  const { t } = useTranslation();
  const theme = useTheme();
  const other = theme === "dark" ? "light" : "dark";
  return (
    <button type="button" className={rowClass} onClick={() => setTheme(other)}>
      {theme === "dark" ? (
        <Sun size={18} aria-hidden className="text-soft" />
      ) : (
        <Moon size={18} aria-hidden className="text-soft" />
      )}
      {t(`nav.theme.${other}`)}
    </button>
  );
}

/** The next language, named in itself. */
function LanguageRow() {
  const { i18n } = useTranslation();
  const at = languages.findIndex(({ code }) => code === i18n.language);
  const next = languages[(at + 1) % languages.length] ?? languages[0];
  return (
    <button type="button" className={rowClass} lang={next.code} onClick={() => void setLanguage(next.code)}>
      <Languages size={18} aria-hidden className="text-soft" />
      {next.name}
    </button>
  );
}

function LogOutRow() {
  const { t } = useTranslation();
  const logOut = useLogOut();
  return (
    <button type="button" className={rowClass} onClick={logOut}>
      <LogOut size={18} aria-hidden className="text-soft rtl:-scale-x-100" />
      {t("nav.logout")}
    </button>
  );
}
