import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import { piecesOf } from "./rich.ts";

/** Words in which hashtags and names lead to their pages; everything else stays text. */
export function RichText({ text, linkClass }: { text: string; linkClass?: string }) {
  // Distinguished from the text around them not by colour alone (WCAG 1.4.1).
  const className = linkClass ?? "font-medium text-accent-strong hover:underline";
  let at = 0;
  return piecesOf(text).map((piece) => {
    const key = at;
    at += piece.text.length;
    if (piece.kind === "text") return <Fragment key={key}>{piece.text}</Fragment>;
    if (piece.kind === "tag") {
      return (
        <Link key={key} to="/tag/$name" params={{ name: piece.name }} className={className}>
          {piece.text}
        </Link>
      );
    }
    return (
      <Link key={key} to="/@{$username}" params={{ username: piece.name }} className={className}>
        {piece.text}
      </Link>
    );
  });
}
