import { Link } from "@tanstack/react-router";
import type { ReactNode, SubmitEvent } from "react";
import { useTranslation } from "react-i18next";
import { useTheme } from "#base/frame/theme.ts";
import { Button } from "#base/ui/buttons/button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { Problem } from "#base/ui/states/states.tsx";
import { Logo } from "#parts/shell/logo.tsx";
import { accentStyle, accentTheme } from "#parts/site/accents.ts";
import type { SiteDraft } from "#parts/site/site-draft.ts";
import { SitePreview } from "#parts/site/site-preview.tsx";
import { LanguageMenu } from "./account-card.tsx";

const stepCount = 4;

interface SetupFrameProps {
  /** The number of the step, from 1 on. */
  step: number;
  title: string;
  text: string;
  /** The look of the site so far; shown beside the step, and on a phone in the step that is about it. */
  look: Pick<SiteDraft, "name" | "icon" | "accent">;
  isAboutLook?: boolean;
  /** The name of the button that ends the step; none where the step has others. */
  submit?: string;
  isBusy?: boolean;
  problem?: string | null;
  onSubmit?: () => void;
  onBack?: () => void;
  onSkip: () => void;
  children: ReactNode;
}

/** A step of the first run: how far it is, what it asks, and a preview of the site beside it. */
export function SetupFrame({ step, title, text, look, isAboutLook = false, children, ...foot }: SetupFrameProps) {
  const { t } = useTranslation();
  const theme = useTheme();
  const colours = accentTheme(look.accent);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (foot.isBusy !== true) foot.onSubmit?.();
  };
  return (
    <div
      data-theme={theme}
      style={colours === null ? {} : accentStyle(colours)}
      className="grid min-h-dvh bg-page text-ink lg:grid-cols-[minmax(0,37.5rem)_minmax(0,1fr)]"
    >
      <div className="mx-auto flex w-full max-w-150 flex-col px-6 pt-[calc(1.5rem+env(safe-area-inset-top))] pb-6 sm:px-16 sm:py-10 lg:px-20">
        <div className="mb-6 flex items-center justify-between gap-3">
          <Link to="/" className="flex min-h-11 min-w-0 items-center rounded-lg">
            <Logo />
            <span className="sr-only">, {t("nav.home")}</span>
          </Link>
          <LanguageMenu />
        </div>
        <div aria-hidden className="grid grid-cols-4 gap-2">
          {Array.from({ length: stepCount }, (_, place) => (
            <span key={place} className={classNames("h-1 rounded-full", place < step ? "bg-ink" : "bg-strong")} />
          ))}
        </div>
        <p className="mt-2 text-xs text-soft">{t("first.step", { step, count: stepCount })}</p>
        <h1 className="mt-6 text-2xl font-semibold">{title}</h1>
        <p className="mt-1 text-base text-pretty text-soft">{text}</p>
        <form onSubmit={submit} noValidate className="mt-7 flex flex-1 flex-col gap-6">
          {children}
          {isAboutLook && (
            <div className="rounded-2xl bg-raised p-4 lg:hidden">
              <SitePreview draft={look} />
            </div>
          )}
          <Foot {...foot} />
        </form>
      </div>
      <aside className="hidden items-center border-s border-line bg-surface p-10 lg:flex xl:p-15">
        <div className="mx-auto w-full max-w-140 rounded-2xl bg-raised p-5">
          <SitePreview draft={look} />
        </div>
      </aside>
    </div>
  );
}

type FootProps = Pick<SetupFrameProps, "submit" | "isBusy" | "problem" | "onBack" | "onSkip">;

/** The ways out of a step. */
function Foot({ submit, isBusy = false, problem, onBack, onSkip }: FootProps) {
  const { t } = useTranslation();
  return (
    <div className="mt-auto flex flex-col gap-3 pt-2">
      {problem != null && <Problem>{problem}</Problem>}
      <div className="flex flex-wrap items-center gap-2">
        {onBack !== undefined && (
          <Button look="ghost" onPress={onBack}>
            {t("first.back")}
          </Button>
        )}
        <Button look="ghost" onPress={onSkip} className="ms-auto">
          {t("first.skip")}
        </Button>
        {submit !== undefined && (
          <Button look="main" type="submit" isBusy={isBusy} className="min-h-12! min-w-32 text-base">
            {submit}
          </Button>
        )}
      </div>
    </div>
  );
}
