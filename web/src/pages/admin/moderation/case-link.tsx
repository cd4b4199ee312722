import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ModerationCase } from "#base/api/types.ts";
import { buttonClass } from "#base/ui/buttons/button.tsx";
import { momentOf } from "#parts/report/moment.ts";

/** Leads to what a case is about, in a window of its own; nothing where that has no page. */
export function CaseLink({ one, children }: { one: ModerationCase; children: ReactNode }) {
  const shared = { target: "_blank", "data-look": true, className: buttonClass("ghost"), children };
  const videoId = one.kind === "video" ? one.thing_id : one.video_id;
  const atS = momentOf(one);
  if (videoId !== null)
    return (
      <Link
        to="/watch/$id"
        params={{ id: videoId }}
        search={{
          ...(one.kind === "comment" && { comment: one.thing_id }),
          ...(atS !== null && { t: Math.floor(atS) }),
        }}
        {...shared}
      />
    );
  if (one.kind === "playlist") return <Link to="/playlist/$id" params={{ id: one.thing_id }} {...shared} />;
  if (one.kind === "live") return <Link to="/live/$id" params={{ id: one.thing_id }} {...shared} />;
  if (one.author === null || one.author.username === "") return null;
  return <Link to="/@{$username}" params={{ username: one.author.username }} {...shared} />;
}
