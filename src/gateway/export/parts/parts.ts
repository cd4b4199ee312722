import { accountParts } from "./account-parts.ts";
import { contentParts } from "./content-parts.ts";
import { liveParts } from "./live-parts.ts";
import type { ExportPart } from "./part.ts";
import { socialParts } from "./social-parts.ts";

/** Everything that is exported, in the order of the archive. */
export const exportParts: readonly ExportPart[] = [...accountParts, ...contentParts, ...socialParts, ...liveParts];
