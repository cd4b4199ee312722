import { Fragment } from "react";
import type { HighlightRange } from "#base/api/types.ts";
import { classNames } from "#base/ui/class-names.ts";
import { highlightParts, nameHighlights } from "./highlight.ts";

/** A text with the words that a search found in it marked. */
export function MarkedText({ text, ranges }: { text: string; ranges: readonly HighlightRange[] }) {
  let at = 0;
  return highlightParts(text, ranges).map((part) => {
    const key = at;
    at += part.text.length;
    return part.isMatch ? (
      <mark
        key={key}
        className={classNames(
          "rounded-sm text-inherit",
          part.isNear ? "bg-transparent underline decoration-warn decoration-dotted underline-offset-4" : "bg-warn/25",
        )}
      >
        {part.text}
      </mark>
    ) : (
      <Fragment key={key}>{part.text}</Fragment>
    );
  });
}

/** A name of a person or a hashtag that a search found; the server says of names only that they match. */
export const MarkedName = ({ name, q }: { name: string; q: string }) => (
  <MarkedText text={name} ranges={nameHighlights(name, q)} />
);
