import { type Host, joinHandlers } from "#kernel";
import type { RequireUser } from "../access/user-check.ts";
import type { ViewerAccess } from "../access/viewer-access.ts";
import type { Tables } from "../store.ts";
import { createCatalogue } from "./catalogue.ts";
import { createVideoLists } from "./lists.ts";
import { createVideoLookup } from "./lookup.ts";

interface Parts extends ViewerAccess {
  readonly requireUser: RequireUser;
}

/** Videos by id, in lists for viewers, and in batches for other services. */
export const createListHandlers = (host: Host<Tables>, parts: Parts) =>
  joinHandlers(createVideoLookup(host, parts), createVideoLists(host, parts), createCatalogue(host));
