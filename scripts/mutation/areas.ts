import { globSync } from "node:fs";

/** A part of the code that is to be proven by its tests, with the tests that should notice each change. */
export interface Area {
  readonly sources: readonly string[];
  /** In the order in which they are asked: those that cost least come first. */
  readonly tests: readonly string[];
}

const policies = ["src/policy/can.test.ts", "src/policy/gate.test.ts", "src/policy/unlock-token.test.ts"];

/** The areas in which a wrong condition gives rights or coins away. Globs of files in the repository. */
export const areas: Readonly<Record<string, Area>> = {
  permissions: {
    sources: ["src/policy/can.ts", "src/policy/unlock-token.ts", "src/services/video/access/{unlock,viewer-access}.ts"],
    tests: [...policies, "src/services/video/access/*.test.ts", "src/services/video/video.test.ts"],
  },
  tokens: {
    sources: [
      "src/services/auth/tokens.ts",
      "src/services/auth/{sessions,personal-tokens,factors,passkeys}/*.ts",
      "src/gateway/identity/{viewers,cookie,key-set}.ts",
    ],
    tests: [
      "src/gateway/identity/{freshness,viewers}.test.ts",
      "src/services/auth/factors/*.test.ts",
      "src/services/auth/{sessions,personal-tokens,passkeys}/*.test.ts",
      "src/services/auth/{account,auth}.test.ts",
    ],
  },
  gates: {
    sources: ["src/policy/gate.ts", "src/policy/gates/*.ts", "src/services/video/access/gate.ts"],
    tests: [...policies, "src/services/video/access/gates.test.ts"],
  },
  purchases: {
    sources: ["src/services/interaction/gates/*.ts", "src/services/live/coins/access/*.ts"],
    tests: ["test/contract/gates.test.ts"],
  },
  ledger: {
    sources: ["src/services/live/coins/ledger/*.ts"],
    tests: ["src/services/live/coins/ledger/*.test.ts", "src/services/live/coins/gifts/gifts.test.ts"],
  },
};

/** Tables, contracts and fixtures decide nothing. */
const undecided = /(?:\.test|\/tables|\/contract|\/testing|-store)\.ts$/;

/** The files of globs in their order, each once. */
export const filesOf = (globs: readonly string[], root: string): string[] => [
  ...new Set(globs.flatMap((glob) => globSync(glob, { cwd: root }).toSorted())),
];

export const sourcesOf = ({ sources }: Area, root: string): string[] =>
  filesOf(sources, root).filter((file) => !undecided.test(file));
