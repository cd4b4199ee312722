import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../api/queries.ts";
import { useTitle } from "../shell/use-title.ts";
import { classNames } from "../ui/class-names.ts";
import { LinkButton } from "../ui/button.tsx";
import { ReelDrawing } from "../ui/illustrations.tsx";
import { State } from "../ui/states.tsx";

const partClass =
  "flex min-h-11 items-center border-b-2 border-transparent px-3 font-medium whitespace-nowrap text-soft hover:text-ink " +
  "data-[status=active]:border-accent-strong data-[status=active]:text-ink";

interface FrameProps {
  /** The one part, or on a wide screen the left of two. */
  children: ReactNode;
  /** The conversation that is open; on a phone it is the whole page. */
  beside?: ReactNode;
  isOpen?: boolean;
}

/** The frame of messages, requests and notifications. */
export function InboxFrame({ children, beside, isOpen = false }: FrameProps) {
  const { t } = useTranslation();
  const me = useMe();
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
  return (
    <div className={classNames("mx-auto flex", beside === undefined ? "max-w-2xl" : "max-w-6xl")}>
      <div
        className={classNames(
          "min-w-0 flex-1 px-4 py-2 sm:px-6 sm:py-6",
          beside !== undefined &&
            "lg2:min-h-dvh lg2:max-w-88 lg2:flex-none lg2:basis-88 lg2:border-e lg2:border-line lg2:px-3",
          isOpen && "max-lg2:hidden",
        )}
      >
        <h1 className="mb-2 text-2xl font-semibold">{t("inbox.title")}</h1>
        <nav aria-label={t("inbox.parts")} className="mb-3 flex gap-1 overflow-x-auto border-b border-line">
          <Link to="/inbox" activeOptions={{ exact: true }} className={partClass}>
            {t("inbox.messages")}
          </Link>
          <Link to="/inbox/requests" className={partClass}>
            {t("inbox.requests")}
          </Link>
          <Link to="/inbox/notifications" className={partClass}>
            {t("inbox.notifications")}
          </Link>
        </nav>
        {children}
      </div>
      {beside !== undefined && (
        <div className={classNames("min-w-0 flex-1", !isOpen && "max-lg2:hidden")}>{beside}</div>
      )}
    </div>
  );
}
