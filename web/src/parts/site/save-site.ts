import { instanceQuery, queryClient } from "#base/api/queries.ts";
import { ask } from "#base/api/request/client.ts";
import { showSite } from "#base/api/site.ts";
import type { Instance } from "#base/api/types.ts";
import { changeOf, type SiteDraft } from "./site-draft.ts";

/** Saves what the draft changes; the whole app shows it at once. */
export async function saveSite(draft: SiteDraft, site: Instance): Promise<Instance> {
  const saved = await ask("instance.update", { body: changeOf(draft, site), timeoutMs: 30_000 });
  queryClient.setQueryData(instanceQuery.queryKey, saved);
  showSite(saved);
  void queryClient.invalidateQueries({ queryKey: ["site-history"] });
  return saved;
}
