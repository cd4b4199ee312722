import type { ReactNode } from "react";

/** A row of a menu. */
export interface MenuAction {
  readonly id: string;
  readonly text: string;
  readonly icon?: ReactNode;
  readonly isDanger?: boolean;
  /** The menu is a choice of one; whether it is this one. */
  readonly isChosen?: boolean;
  readonly run: () => void;
}
