import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ModerationCase } from "#base/api/types.ts";
import { buttonClass } from "#base/ui/buttons/button.tsx";
import { momentOf } from "#parts/report/moment.ts";

/** Leads to what a case is about, in a window of its own; nothing where that has no page. */
export function CaseLink({ item, children }: { item: ModerationCase; children: ReactNode }) {
  const shared = { target: "_blank", "data-look": true, className: buttonClass("ghost"), children };
  const videoId = item.kind === "video" ? item.thing_id : item.video_id;
  const atS = momentOf(item);
  if (videoId !== null)
    return (
      <Link
        to="/watch/$id"
        params={{ id: videoId }}
        search={{
          ...(item.kind === "comment" && { comment: item.thing_id }),
          ...(atS !== null && { t: Math.floor(atS) }),
        }}
        {...shared}
      />
    );
  if (item.kind === "playlist") return <Link to="/playlist/$id" params={{ id: item.thing_id }} {...shared} />;
  if (item.kind === "live") return <Link to="/live/$id" params={{ id: item.thing_id }} {...shared} />;
  if (item.author === null || item.author.username === "") return null;
  return <Link to="/@{$username}" params={{ username: item.author.username }} {...shared} />;
}
