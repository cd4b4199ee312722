import type { Instance, Operations } from "#base/api/types.ts";

/** The settings of the site as they stand in the form. */
export interface SiteDraft {
  readonly name: string;
  readonly description: string;
  readonly rules: string;
  readonly contact: string;
  /** The address of a picture; empty where the server draws it from the name. */
  readonly icon: string;
  readonly accent: string;
  readonly languages: readonly string[];
  readonly startPage: Instance["start_page"];
  readonly registration: Instance["registration"];
}
type SiteChange = Operations["instance.update"]["body"];

/** In the address of an icon that an administrator uploaded. */
const uploadedIcon = "/icons/icon-512.png";

export const draftOf = (site: Instance): SiteDraft => ({
  name: site.name,
  description: site.description,
  rules: site.rules,
  contact: site.contact,
  icon: site.icon_url.includes(uploadedIcon) ? site.icon_url : "",
  accent: site.accent,
  languages: site.languages,
  startPage: site.start_page,
  registration: site.registration,
});

/**
 * The fields that the draft changes. An unchanged field is not sent: another administrator may change it at the same
 * time.
 */
export function changeOf(draft: SiteDraft, site: Instance): SiteChange {
  const before = draftOf(site);
  const isOther = (field: keyof SiteDraft) => JSON.stringify(draft[field]) !== JSON.stringify(before[field]);
  return {
    ...(isOther("name") && { name: draft.name.trim() }),
    ...(isOther("description") && { description: draft.description.trim() }),
    ...(isOther("rules") && { rules: draft.rules.trim() }),
    ...(isOther("contact") && { contact: draft.contact.trim() }),
    ...(isOther("icon") && { icon_url: draft.icon }),
    ...(isOther("accent") && { accent: draft.accent }),
    ...(isOther("languages") && { languages: [...draft.languages] }),
    ...(isOther("startPage") && { start_page: draft.startPage }),
    ...(isOther("registration") && { registration: draft.registration }),
  };
}
