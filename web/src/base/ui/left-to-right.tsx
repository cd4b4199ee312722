import type { ReactNode } from "react";
import { I18nProvider } from "react-aria-components/I18nProvider";

/** A film's time runs to the right in every script, as in other players: sliders over it are never mirrored. */
export const LeftToRight = ({ children }: { children: ReactNode }) => (
  <I18nProvider locale="en">
    <div dir="ltr" className="contents">
      {children}
    </div>
  </I18nProvider>
);
