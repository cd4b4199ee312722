import { useTranslation } from "react-i18next";
import { textsOf } from "#base/i18n/i18n.ts";

/** Names that the server gives in English, in the language of the page; its own where there is no text. */
export function useServerName(): (kind: "gift" | "badge", slug: string, name: string) => string {
  const { i18n } = useTranslation();
  return (kind, slug, name) => textsOf(i18n.language)[`${kind}.${slug}`] ?? name;
}
