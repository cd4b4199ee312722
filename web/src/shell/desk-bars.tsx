import { lazy, Suspense } from "react";
import type { Frame, StartPage } from "./frame.ts";
import { SideBar, SiteItems } from "./side-bar.tsx";
import { TopBar } from "./top-bar.tsx";

const AdminItems = lazy(() => import("../admin/admin-items.tsx").then((module) => ({ default: module.AdminItems })));

/** The bars above and beside a page, on screens wider than a phone's. */
export function DeskBars({ frame, start }: { frame: Frame; start: StartPage }) {
  return (
    <>
      <TopBar frame={frame} />
      <SideBar>
        {frame === "admin" ? (
          <Suspense>
            <AdminItems />
          </Suspense>
        ) : (
          <SiteItems start={start} />
        )}
      </SideBar>
    </>
  );
}
