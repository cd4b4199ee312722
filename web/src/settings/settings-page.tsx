import { useQuery } from "@tanstack/react-query";
import { Flag, LogOut, ShieldCheck } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ask } from "../api/client.ts";
import { instanceQuery, queryClient, useMe } from "../api/queries.ts";
import { type Language, languages, setLanguage } from "../i18n/i18n.ts";
import { useLogOut } from "../shell/nav.tsx";
import { setTheme, type ThemeChoice, useThemeChoice } from "../shell/theme.ts";
import { useTitle } from "../shell/use-title.ts";
import { Button, LinkButton } from "../ui/button.tsx";
import { Choice } from "../ui/choice.tsx";
import { Problem, useErrorText } from "../ui/states.tsx";
import { showToast } from "../ui/toasts.tsx";
import { BlockedPart } from "./blocked-part.tsx";
import { DeletePart } from "./delete-part.tsx";
import { PasswordPart } from "./password-part.tsx";
import { PrivacyPart } from "./privacy-part.tsx";
import { ProfileForm } from "./profile-form.tsx";
import { SessionsPart } from "./sessions-part.tsx";

export function SettingsPage() {
  const { t } = useTranslation();
  const me = useMe();
  useTitle(t("settings.title"));
  return (
    <div className="mx-auto flex max-w-2xl flex-col gap-4 px-4 py-4 sm:px-8 sm:py-10">
      <h1 className="mb-1 text-2xl font-semibold">{t("settings.title")}</h1>
      {me === undefined && <ProfileShape />}
      {me != null && (
        <Part title={t("settings.profile")}>
          <ProfileForm key={me.id} me={me} />
        </Part>
      )}
      <Looks />
      {me?.role === "admin" && (
        <div className="sm:hidden">
          <Part>
            <LinkButton to="/admin" className="w-full">
              <ShieldCheck size={16} aria-hidden />
              {t("nav.admin")}
            </LinkButton>
          </Part>
        </div>
      )}
      {me?.role === "moderator" && (
        <div className="sm:hidden">
          <Part>
            <LinkButton to="/moderation" className="w-full">
              <ShieldCheck size={16} aria-hidden />
              {t("nav.moderation")}
            </LinkButton>
          </Part>
        </div>
      )}
      {me?.role === "admin" && <DemoPart />}
      {me != null && (
        <>
          <Part title={t("privacy.title")}>
            <PrivacyPart me={me} />
          </Part>
          <Part title={t("block.title")}>
            <BlockedPart />
          </Part>
          <Part title={t("settings.password")}>
            <PasswordPart />
          </Part>
          <Part title={t("settings.sessions")}>
            <SessionsPart />
          </Part>
          <Part>
            <LinkButton to="/reports" className="w-full">
              <Flag size={16} aria-hidden />
              {t("settings.reports")}
            </LinkButton>
          </Part>
          <Part title={t("settings.delete")}>
            <DeletePart />
          </Part>
        </>
      )}
      {me != null && <AccountPart name={me.username} />}
    </div>
  );
}

/** The language and the theme, which visitors may choose too. */
function Looks() {
  const { t, i18n } = useTranslation();
  const theme = useThemeChoice();
  const current: Language = i18n.language === "zh-CN" ? "zh-CN" : "en";
  return (
    <>
      <Part>
        <Choice<Language>
          label={t("settings.language")}
          value={current}
          onChange={(language) => void setLanguage(language)}
          options={languages.map(({ code, name }) => ({ value: code, name }))}
        />
      </Part>
      <Part>
        <Choice<ThemeChoice>
          label={t("settings.theme")}
          value={theme}
          onChange={setTheme}
          options={[
            { value: "auto", name: t("settings.theme.auto"), text: t("settings.theme.auto.text") },
            { value: "dark", name: t("settings.theme.dark") },
            { value: "light", name: t("settings.theme.light") },
          ]}
        />
      </Part>
    </>
  );
}

function Part({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className="rounded-2xl bg-surface p-4 sm:p-6">
      {title !== undefined && <h2 className="mb-4 text-base font-semibold">{title}</h2>}
      {children}
    </section>
  );
}

/** Holds the place of the profile while it is on its way, so that what is below does not jump. */
function ProfileShape() {
  return <div aria-hidden className="h-[29rem] animate-pulse rounded-2xl bg-surface motion-reduce:animate-none" />;
}

/** Leaving, for phones: wider screens have the button in the navigation. */
function AccountPart({ name }: { name: string }) {
  const { t } = useTranslation();
  const logOut = useLogOut();
  return (
    <div className="sm:hidden">
      <Part title={t("settings.account")}>
        <p className="mb-3 text-soft">{t("settings.signedInAs", { name })}</p>
        <Button onPress={logOut} className="w-full">
          <LogOut size={16} aria-hidden />
          {t("nav.logout")}
        </Button>
      </Part>
    </div>
  );
}

/** For the administrator, while there is demo content. */
function DemoPart() {
  const { t } = useTranslation();
  const text = useErrorText();
  // Demo content comes some time after it was asked for: what was known a while ago does not count.
  const instance = useQuery({ ...instanceQuery, staleTime: 0 });
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  if (instance.data?.demo !== true) return null;
  const remove = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await ask("auth.removeDemo", { timeoutMs: 60_000 });
      await queryClient.invalidateQueries();
      showToast(t("settings.demo.removed"));
    } catch (thrown) {
      setProblem(text(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Part title={t("settings.demo")}>
      <p className="mb-3 text-soft">{t("settings.demo.text")}</p>
      {problem !== null && <Problem>{problem}</Problem>}
      <Button look="danger" isBusy={isBusy} onPress={() => void remove()}>
        {t("settings.demo.remove")}
      </Button>
    </Part>
  );
}
