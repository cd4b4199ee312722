import { createElement } from "react";
import { lazyPart } from "#base/ui/loading/lazy-part.tsx";
import { Skeleton } from "#base/ui/states/skeleton.tsx";

const load = () => import("./caption-style-form.tsx");
const options = (waiting: string) =>
  ({ texts: ["library"], waiting: createElement(Skeleton, { className: waiting }) }) as const;

/** Few change how captions look: the form and its texts come when they are asked for. */
export const CaptionStyleForm = lazyPart<"CaptionStyleForm", object>(load, "CaptionStyleForm", options("h-80"));
export const CaptionStyleRow = lazyPart(load, "CaptionStyleRow", options("mt-2 h-11"));
export const CaptionStyleSection = lazyPart<"CaptionStyleSection", object>(
  load,
  "CaptionStyleSection",
  options("mt-4 h-96"),
);
