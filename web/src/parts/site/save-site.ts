import { keyOf } from "#base/api/keys.ts";
import { instanceQuery } from "#base/api/queries.ts";
import { invalidate, queryClient } from "#base/api/query-client.ts";
import { ask } from "#base/api/request/client.ts";
import { showSite } from "#base/api/site.ts";
import type { Instance } from "#base/api/types.ts";
import { changeOf, type SiteDraft } from "./site-draft.ts";

/** Saves what the draft changes; the whole app shows it at once. */
export async function saveSite(draft: SiteDraft, site: Instance): Promise<Instance> {
  const saved = await ask("instance.update", { body: changeOf(draft, site), timeoutMs: 30_000 });
  queryClient.setQueryData(instanceQuery.queryKey, saved);
  showSite(saved);
  void invalidate(keyOf("site-history"));
  return saved;
}
