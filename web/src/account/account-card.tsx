import type { ReactNode } from "react";
import { Mark } from "../shell/logo.tsx";

/** One card in the middle of a calm page, for the pages that let people in. */
export function AccountCard({
  title,
  text,
  children,
  foot,
}: {
  title: string;
  text?: string;
  children: ReactNode;
  foot?: ReactNode;
}) {
  return (
    <div className="flex min-h-[calc(100dvh-var(--bar)-5rem)] flex-col items-center px-4 py-6 sm:min-h-dvh sm:justify-center">
      <div className="animate-rise w-full max-w-sm sm:rounded-2xl sm:bg-surface sm:p-8">
        <div className="mb-6">
          <Mark size={40} />
          <h1 className="mt-4 text-2xl font-semibold">{title}</h1>
          {text !== undefined && <p className="mt-1.5 text-base text-pretty text-soft">{text}</p>}
        </div>
        {children}
        {foot !== undefined && <p className="mt-6 flex flex-wrap items-center gap-x-2 text-soft">{foot}</p>}
      </div>
    </div>
  );
}
