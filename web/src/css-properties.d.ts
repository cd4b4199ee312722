import "react";

declare module "react" {
  /** Custom properties that styles are computed from. */
  interface CSSProperties {
    "--ratio"?: number;
    "--site-accent-dark"?: string;
    "--site-accent-light"?: string;
    "--site-ink-dark"?: string;
    "--site-ink-light"?: string;
  }
}
