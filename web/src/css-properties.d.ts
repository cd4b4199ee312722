import "react";

declare module "react" {
  /** Custom properties that styles are computed from. */
  interface CSSProperties {
    "--ratio"?: number;
    "--turn"?: string;
    "--site-accent-dark"?: string;
    "--site-accent-light"?: string;
    "--site-ink-dark"?: string;
    "--site-ink-light"?: string;
  }
}
