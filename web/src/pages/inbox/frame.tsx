import { PenLine } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Folder } from "#base/api/message-queries.ts";
import { useMe } from "#base/api/queries.ts";
import { useUnread } from "#base/frame/unread.ts";
import { useTitle } from "#base/frame/use-title.ts";
import { Button, IconButton, LinkButton } from "#base/ui/buttons/button.tsx";
import { TabCount, TabLink, TabLinks } from "#base/ui/buttons/tabbed.tsx";
import { classNames } from "#base/ui/class-names.ts";
import { ReelDrawing } from "#base/ui/states/illustrations.tsx";
import { State } from "#base/ui/states/states.tsx";
import { useIsDesk } from "#base/ui/use-media.ts";
import { ConversationList } from "./conversation-list.tsx";
import { Notifications, SettingsLink } from "./notifications.tsx";
import { PeopleSearch, focusPeopleSearch } from "./people-search.tsx";

interface FrameProps {
  part: Folder | "notifications";
  /** The conversation that is open; on a phone it is the whole page. */
  open?: ReactNode;
}

/** The frame of messages, requests and notifications: one of them at a time, and at a desk all side by side. */
export function InboxFrame({ part, open }: FrameProps) {
  const { t } = useTranslation();
  const me = useMe();
  const isDesk = useIsDesk();
  const { notifications } = useUnread(me?.id);
  useTitle(t("inbox.title"));
  if (me === null) {
    return (
      <State drawing={<ReelDrawing />} title={t("inbox.login.title")} text={t("inbox.login.text")}>
        <LinkButton look="main" to="/login" search={{ next: "/inbox" }}>
          {t("nav.login")}
        </LinkButton>
      </State>
    );
  }
  if (isDesk) return <Columns folder={part === "requests" ? "requests" : "inbox"} open={open} />;
  if (open !== undefined)
    return (
      <div className="mx-auto max-w-6xl">
        <h1 className="sr-only">{t("inbox.title")}</h1>
        {open}
      </div>
    );
  return (
    <div className="mx-auto max-w-2xl px-4 py-2 sm:px-6 sm:py-6">
      <div className="mb-1 flex min-h-11 items-center justify-between">
        <h1 className="text-2xl font-semibold">{t("inbox.title")}</h1>
        {part === "notifications" && <SettingsLink />}
      </div>
      <Parts className="mb-3">
        <TabLink to="/inbox/notifications">
          {t("inbox.notifications")}
          <TabCount count={notifications} />
        </TabLink>
      </Parts>
      {part === "notifications" && <Notifications />}
      {part === "requests" && <ConversationList folder="requests" />}
      {part === "inbox" && (
        <PeopleSearch>
          <ConversationList folder="inbox" />
        </PeopleSearch>
      )}
    </div>
  );
}

interface PartsProps {
  className: string;
  /** The messages are listed, whatever else the address says. */
  isMessages?: boolean;
  children?: ReactNode;
}

function Parts({ className, isMessages = false, children }: PartsProps) {
  const { t } = useTranslation();
  const { messages, requests } = useUnread(useMe()?.id);
  return (
    <TabLinks label={t("inbox.parts")} className={className}>
      <TabLink to="/inbox" activeOptions={{ exact: true }} {...(isMessages && { "aria-current": "page" })}>
        {t("inbox.messages")}
        <TabCount count={messages} />
      </TabLink>
      <TabLink to="/inbox/requests">
        {t("inbox.requests")}
        <TabCount count={requests} />
      </TabLink>
      {children}
    </TabLinks>
  );
}

const columnClass = "min-h-0 overflow-y-auto overscroll-contain";

/** Conversations, the open one, and notifications, each of which scrolls by itself. */
function Columns({ folder, open }: { folder: Folder; open: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="-mb-6 grid h-[calc(100dvh-var(--top))] grid-cols-[minmax(0,18rem)_minmax(0,1fr)_minmax(0,20rem)] xl:grid-cols-[minmax(0,19.5rem)_minmax(0,1fr)_minmax(0,22rem)]">
      <h1 className="sr-only">{t("inbox.title")}</h1>
      <section aria-label={t("inbox.messages")} className={classNames(columnClass, "px-3 py-3")}>
        <div className="flex min-h-11 items-center justify-between ps-2">
          <h2 className="text-xl font-semibold">{t("inbox.messages")}</h2>
          <IconButton label={t("inbox.write")} onPress={focusPeopleSearch}>
            <PenLine size={18} aria-hidden />
          </IconButton>
        </div>
        <Parts className="mb-3" isMessages={folder === "inbox"} />
        <PeopleSearch>
          <ConversationList folder={folder} />
        </PeopleSearch>
      </section>
      <div className="min-h-0 min-w-0 border-x border-line">{open ?? <NothingOpen />}</div>
      <section aria-label={t("inbox.notifications")} className={classNames(columnClass, "px-3 py-3")}>
        <Notifications isColumn />
      </section>
    </div>
  );
}

/** The middle while no conversation is open. */
function NothingOpen() {
  const { t } = useTranslation();
  return (
    <State drawing={<ReelDrawing />} title={t("inbox.choose.title")} text={t("inbox.choose.text")}>
      <Button look="inverse" onPress={focusPeopleSearch}>
        {t("inbox.write")}
      </Button>
    </State>
  );
}
