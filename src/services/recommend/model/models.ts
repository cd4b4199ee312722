import type { Id } from "#kernel";
import type { ServedModel } from "./served-model.ts";

/** Models that feeds use. */
export interface Models {
  /** The model for a viewer; undefined before there is one. */
  for(userId: Id): ServedModel | undefined;
}
