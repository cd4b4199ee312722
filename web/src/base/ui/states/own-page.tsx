import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#base/api/queries.ts";
import type { User } from "#base/api/types.ts";
import { LinkButton } from "../buttons/button.tsx";
import { ShelfDrawing } from "./illustrations.tsx";
import { MeSkeleton } from "./me-skeleton.tsx";
import { State } from "./states.tsx";

interface OwnPageProps {
  title: string;
  /** The address of the page, to come back to. */
  next: string;
  /** The use of signing in here. */
  why: string;
  children: (me: User) => ReactNode;
}

/** A page about the viewer: a visitor is offered the ways in, with the way back. */
export function OwnPage({ title, next, why, children }: OwnPageProps) {
  const { t } = useTranslation();
  const me = useMe();
  if (me === null)
    return (
      <State drawing={<ShelfDrawing />} title={title} text={why}>
        <LinkButton to="/login" search={{ next }}>
          {t("nav.login")}
        </LinkButton>
        <LinkButton look="main" to="/signup" search={{ next }}>
          {t("nav.signup")}
        </LinkButton>
      </State>
    );
  return (
    <div className="mx-auto max-w-6xl px-4 py-4 sm:px-6 sm:py-6">
      <h1 className="mb-5 text-2xl font-semibold">{title}</h1>
      {me === undefined ? <MeSkeleton className="h-60 rounded-xl!" /> : children(me)}
    </div>
  );
}
