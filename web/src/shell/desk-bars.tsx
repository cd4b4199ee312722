import { useEffect } from "react";
import { lazyFrame } from "../ui/lazy-part.tsx";
import type { Frame, StartPage } from "./frame.ts";
import { removeEarlyFrame } from "./early-frame.ts";
import { SideBar, SiteItems } from "./side-bar.tsx";
import { TopBar } from "./top-bar.tsx";

const AdminItems = lazyFrame(() => import("../admin/admin-items.tsx"), "AdminItems");

/** The bars above and beside a page, on screens wider than a phone's. */
export function DeskBars({ frame, start }: { frame: Frame; start: StartPage }) {
  useEffect(removeEarlyFrame, []);
  return (
    <>
      <TopBar frame={frame} />
      <SideBar>{frame === "admin" ? <AdminItems /> : <SiteItems start={start} />}</SideBar>
    </>
  );
}
