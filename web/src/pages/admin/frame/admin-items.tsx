import { useQuery } from "@tanstack/react-query";
import {
  Activity,
  ArrowLeft,
  Clapperboard,
  Coins,
  Cpu,
  DoorOpen,
  FileText,
  Filter,
  House,
  LayoutGrid,
  Link2,
  Server,
  ShieldCheck,
  Ticket,
  Trash2,
  Users,
  Zap,
} from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { keyOf } from "#base/api/keys.ts";
import { useMe } from "#base/api/queries.ts";
import { loadTexts } from "#base/i18n/i18n.ts";
import { countsQuery } from "#parts/report/queries.ts";
import { Badge } from "#parts/shell/badge.tsx";
import { Item } from "#parts/shell/side-item.tsx";
import { overviewQuery } from "./overview-query.ts";

/** The parts of administration, in the order of the list. Moderators see those that are theirs. */
const parts = [
  { to: "/admin", text: "admin.overview", Icon: LayoutGrid, forModerators: false },
  { to: "/admin/health", text: "admin.health", Icon: Activity, forModerators: false },
  { to: "/admin/runners", text: "admin.runners", Icon: Cpu, forModerators: false },
  { to: "/admin/chains", text: "admin.chains", Icon: Link2, forModerators: false },
  { to: "/admin/site", text: "admin.site", Icon: House, forModerators: false },
  { to: "/admin/sign-up", text: "admin.signUp", Icon: DoorOpen, forModerators: false },
  { to: "/moderation", text: "cases.title", Icon: ShieldCheck, forModerators: true },
  { to: "/admin/accounts", text: "admin.accounts", Icon: Users, forModerators: true },
  { to: "/admin/invitations", text: "admin.invitations", Icon: Ticket, forModerators: true },
  { to: "/admin/videos", text: "admin.videos", Icon: Clapperboard, forModerators: true },
  { to: "/admin/storage", text: "admin.storage", Icon: Server, forModerators: false },
  { to: "/admin/media", text: "admin.media", Icon: Zap, forModerators: false },
  { to: "/admin/payouts", text: "admin.payouts", Icon: Coins, forModerators: false },
  { to: "/admin/words", text: "admin.words", Icon: Filter, forModerators: false },
  { to: "/admin/deletions", text: "admin.deletions", Icon: Trash2, forModerators: false },
  { to: "/admin/audit", text: "admin.audit", Icon: FileText, forModerators: false },
] as const;

/** The paths of the pages of administration. */
export const adminPaths = parts.map(({ to }) => to);

/** The parts that the viewer may see. */
export function useAdminParts() {
  const me = useMe();
  return parts.filter(({ forModerators }) => me?.role === "admin" || forModerators);
}

/** The list of administration, in the place of the navigation, with the way back to it. */
export function AdminItems() {
  const { t } = useTranslation();
  // The frame is there before a page of administration has brought its texts.
  const { isSuccess } = useQuery({
    queryKey: keyOf("texts", "admin"),
    queryFn: async () => {
      await loadTexts("admin");
      return true;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const visibleParts = useAdminParts();
  const marks = useMarks();
  if (!isSuccess) return null;
  return (
    <>
      <Item
        to="/"
        name={t("admin.back")}
        icon={<ArrowLeft size={20} aria-hidden className="rtl:-scale-x-100" />}
        exact
      />
      <hr className="mx-1 my-2 border-line wide:mx-3" />
      {visibleParts.map(({ to, text, Icon }) => (
        <Item
          key={to}
          to={to}
          exact={to === "/admin"}
          name={t(text)}
          icon={<Icon size={20} aria-hidden />}
          end={marks[to]}
        />
      ))}
    </>
  );
}

/** Marks at the ends of the rows: the number of open cases, and a dot if storage needs attention. */
function useMarks(): Readonly<Partial<Record<(typeof parts)[number]["to"], ReactNode>>> {
  const me = useMe();
  const { data } = useQuery({ ...overviewQuery, enabled: me?.role === "admin" });
  const { data: counts } = useQuery({ ...countsQuery, enabled: me?.role === "admin" || me?.role === "moderator" });
  const waitingCases = counts === undefined ? 0 : counts.open + counts.held + counts.appeals;
  const isStorageShort = data?.advice.some(({ code }) => code === "storage.full_soon") === true;
  return {
    "/moderation": <Badge count={waitingCases} className="ms-auto hidden ring-0 wide:block" />,
    ...(isStorageShort && {
      "/admin/storage": <span aria-hidden className="ms-auto hidden size-1.5 rounded-full bg-warn wide:block" />,
    }),
  };
}
