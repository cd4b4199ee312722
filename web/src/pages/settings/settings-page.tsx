import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import {
  ArrowLeft,
  Ban,
  Bell,
  ChevronRight,
  CirclePlay,
  CircleUser,
  Database,
  type LucideIcon,
  LockKeyhole,
  Palette,
  ShieldCheck,
  Ticket,
  UserPen,
} from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { instanceQuery, useMe } from "#base/api/queries.ts";
import type { User } from "#base/api/types.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { LinkButton } from "#base/ui/buttons/button.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { lazyPart } from "#base/ui/loading/lazy-part.tsx";
import { MeSkeleton } from "#base/ui/states/me-skeleton.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";
import { NotFoundPage } from "#parts/shell/not-found-page.tsx";
import { AccountPart } from "./account-part.tsx";
import { AppearancePart } from "./appearance-part.tsx";
import { BlockedPart } from "./blocked-part.tsx";
import { DataPart } from "./data-part.tsx";
import { PlaybackPart } from "./playback-part.tsx";
import { PrivacyPart } from "./privacy-part.tsx";
import { ProfileForm } from "./profile-form.tsx";
import type { SectionName } from "./sections.ts";

const NotificationsPart = lazyPart(() => import("./notifications-part.tsx"), "NotificationsPart", {
  texts: ["inbox"],
  waiting: <Skeleton className="h-60 rounded-xl!" />,
});

const SecurityPart = lazyPart(() => import("./security/security-part.tsx"), "SecurityPart", {
  texts: ["security", "wallets"],
  waiting: <Skeleton className="h-60 rounded-xl!" />,
});

const InvitationsPart = lazyPart(() => import("./invitations-part.tsx"), "InvitationsPart", {
  texts: ["invitations"],
  waiting: <Skeleton className="h-60 rounded-xl!" />,
});

interface Section {
  readonly name: SectionName;
  readonly Icon: LucideIcon;
  readonly show: (me: User) => ReactNode;
  /** Only where users invite, and for moderators. */
  readonly isForInviters?: boolean;
  /** Visitors have it too. */
  readonly forAll?: ReactNode;
}

const sections: readonly Section[] = [
  { name: "profile", Icon: UserPen, show: (me: User) => <ProfileForm key={me.id} me={me} /> },
  { name: "account", Icon: CircleUser, show: (me: User) => <AccountPart me={me} /> },
  { name: "appearance", Icon: Palette, show: () => null, forAll: <AppearancePart /> },
  { name: "playback", Icon: CirclePlay, show: () => null, forAll: <PlaybackPart /> },
  { name: "privacy", Icon: LockKeyhole, show: (me: User) => <PrivacyPart me={me} /> },
  { name: "notifications", Icon: Bell, show: (me: User) => <NotificationsPart userId={me.id} /> },
  { name: "blocked", Icon: Ban, show: () => <BlockedPart /> },
  { name: "security", Icon: ShieldCheck, show: (me: User) => <SecurityPart me={me} /> },
  {
    name: "invitations",
    Icon: Ticket,
    show: (me: User) => <InvitationsPart me={me} />,
    isForInviters: true,
  },
  { name: "data", Icon: Database, show: (me: User) => <DataPart me={me} /> },
];

/** The sections that the viewer has. */
function useSections(): readonly Section[] {
  const me = useMe();
  const { data: instance } = useQuery(instanceQuery);
  const isInviter = (me != null && me.role !== "user") || instance?.users_invite === true;
  return sections.filter(
    ({ forAll, isForInviters = false }) => forAll !== undefined || (me !== null && (isInviter || !isForInviters)),
  );
}

/** The sections of the settings: a list on a phone, beside the first of them on a wider screen. */
export function SettingsPage() {
  const { t } = useTranslation();
  useTitle(t("settings.title"));
  const ownSections = useSections();
  const [first] = ownSections;
  return (
    <Frame sections={ownSections} current={undefined}>
      <div className="sm:hidden">
        <SectionList sections={ownSections} current={undefined} />
      </div>
      {first !== undefined && (
        <div className="max-sm:hidden">
          <SectionPart section={first} />
        </div>
      )}
    </Frame>
  );
}

/** One section of the settings. */
export function SettingsSectionPage() {
  const { t } = useTranslation();
  const { section: name } = useParams({ from: "/settings/$section" });
  const ownSections = useSections();
  const section = sections.find((candidate) => candidate.name === name);
  useTitle(section === undefined ? undefined : t(`settings.section.${section.name}`));
  if (section === undefined) return <NotFoundPage />;
  return (
    <Frame sections={ownSections} current={section.name}>
      <SectionPart section={section} />
    </Frame>
  );
}

interface FrameProps {
  sections: readonly Section[];
  current: SectionName | undefined;
  children: ReactNode;
}

function Frame({ sections: listedSections, current, children }: FrameProps) {
  const { t } = useTranslation();
  return (
    <div className="mx-auto max-w-5xl px-4 py-3 sm:px-6 sm:py-6">
      <h1 className={classNames("mb-4 text-2xl font-semibold", current !== undefined && "max-sm:sr-only")}>
        {t("settings.title")}
      </h1>
      <div className="gap-6 sm:grid sm:grid-cols-[13rem_minmax(0,1fr)]">
        <div className="max-sm:hidden">
          <SectionList sections={listedSections} current={current ?? listedSections[0]?.name} />
        </div>
        <div className="min-w-0">{children}</div>
      </div>
    </div>
  );
}

function SectionList({ sections: listedSections, current }: Pick<FrameProps, "sections" | "current">) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t("settings.title")}>
      <ul className="flex flex-col max-sm:divide-y max-sm:divide-line max-sm:overflow-hidden max-sm:rounded-xl max-sm:bg-surface">
        {listedSections.map(({ name, Icon }) => (
          <li key={name}>
            <Link
              to="/settings/$section"
              params={{ section: name }}
              className={classNames(
                "flex min-h-13 items-center gap-3.5 px-4 text-base font-medium hover:bg-raised sm:min-h-10 sm:rounded-lg sm:px-3 sm:text-sm",
                name === current ? "sm:bg-raised sm:font-semibold" : "sm:text-soft",
              )}
            >
              <Icon size={20} aria-hidden />
              <span className="flex-1">{t(`settings.section.${name}`)}</span>
              <ChevronRight size={18} aria-hidden className="text-faint sm:hidden rtl:-scale-x-100" />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function SectionPart({ section }: { section: Section }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <section aria-labelledby="section-title">
      <div className="mb-4 flex items-center gap-1">
        <Link
          to="/settings"
          aria-label={t("settings.back")}
          className="-ms-3 grid size-11 place-items-center rounded-full hover:bg-raised sm:hidden"
        >
          <ArrowLeft size={20} aria-hidden className="rtl:-scale-x-100" />
        </Link>
        <h2 id="section-title" className="text-xl font-semibold sm:text-lg">
          {t(`settings.section.${section.name}`)}
        </h2>
      </div>
      {section.forAll !== undefined ? (
        section.forAll
      ) : me === null ? (
        <LinkButton look="main" to="/login" search={{ next: `/settings/${section.name}` }}>
          {t("nav.login")}
        </LinkButton>
      ) : me === undefined ? (
        <MeSkeleton className="h-80 rounded-xl!" />
      ) : (
        section.show(me)
      )}
    </section>
  );
}
