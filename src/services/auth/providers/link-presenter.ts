import type { LinkRow } from "./link-store.ts";
import type { LinkedProvider } from "./linked-provider.ts";
import type { Provider } from "./provider-list.ts";

/** A link as its owner sees it, under the id and the name that its issuer has in the configuration now. */
export function presentLink(link: LinkRow, providers: readonly Provider[]): LinkedProvider {
  const provider = providers.find(({ issuer }) => new URL(issuer).href === link.issuer);
  return {
    id: provider?.id ?? link.providerId,
    name: provider?.name ?? new URL(link.issuer).host,
    subjectHint: link.hint,
    linkedAtMs: link.linkedAtMs,
  };
}
