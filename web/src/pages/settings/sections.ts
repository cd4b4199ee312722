/** The sections of the settings, by the last part of their addresses. */
export type SectionName =
  | "profile"
  | "account"
  | "appearance"
  | "playback"
  | "privacy"
  | "notifications"
  | "blocked"
  | "security"
  | "invitations"
  | "data";
