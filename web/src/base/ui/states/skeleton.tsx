import { classNames } from "../class-names.ts";

/**
 * The place of something that is on its way, in its size. A component of its own, so that React never makes the content
 * out of this element: browsers count the end of its animation as a jump of what it became.
 */
export const Skeleton = ({ className }: { className: string }) => (
  <div aria-busy className={classNames("skeleton", className)} />
);
