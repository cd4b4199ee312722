/** Builds the web app with this Node, unless what it is made of is what it was. */
export function provideWeb(node: string): Promise<void>;
