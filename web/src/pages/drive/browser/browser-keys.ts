import type { KeyboardEvent } from "react";

type Command = "trash" | "rename" | "cut" | "copy" | "paste";

const withControl = new Map<string, Command>([
  ["backspace", "trash"],
  ["x", "cut"],
  ["c", "copy"],
  ["v", "paste"],
]);

/** The command of a key; undefined where it means nothing there. */
export function commandOf({
  key,
  ctrlKey,
  metaKey,
}: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey">): Command | undefined {
  const name = key.toLowerCase();
  if (name === "delete") return "trash";
  if (name === "f2") return "rename";
  return ctrlKey || metaKey ? withControl.get(name) : undefined;
}
