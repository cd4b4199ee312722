import "react";

declare module "react" {
  /** Custom properties that styles are computed from. */
  interface CSSProperties {
    "--ratio"?: number;
  }
}
