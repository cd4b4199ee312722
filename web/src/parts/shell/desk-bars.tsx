import { type ComponentType, useEffect } from "react";
import type { Frame } from "#base/frame/frame.ts";
import type { StartPage } from "#base/frame/start-page.ts";
import { removeEarlyFrame } from "./early-frame.ts";
import { SideBar, SiteItems } from "./side-bar.tsx";
import { TopBar } from "./top-bar.tsx";

/** The bars above and beside a page, on screens wider than a phone's. */
export function DeskBars({ frame, start, AdminItems }: { frame: Frame; start: StartPage; AdminItems: ComponentType }) {
  useEffect(removeEarlyFrame, []);
  return (
    <>
      <TopBar frame={frame} />
      <SideBar>{frame === "admin" ? <AdminItems /> : <SiteItems start={start} />}</SideBar>
    </>
  );
}
