interface Page {
  readonly navigator: { readonly userAgent: string; readonly onLine?: boolean };
  addEventListener?(name: "online", listener: () => void): void;
  removeEventListener?(name: "online", listener: () => void): void;
}

/** The page that a program runs in. Outside of a browser nothing knows of the network. */
export const page: Page = globalThis;
