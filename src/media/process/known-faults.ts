/**
 * Known vulnerabilities of a version of FFmpeg. The list is short and goes by release branch, from ffmpeg.org/security
 * and ffmpeg.org/download as they were on 2026-06-29: what is not in it is not said to be good.
 */
interface Branch {
  /** Its last release. */
  readonly last: number;
  /** It is among the old releases there. */
  readonly isOver?: true;
  /** Faults that a crafted file reaches, and the release of the branch that mended each. */
  readonly mended: readonly (readonly [release: number, fault: string])[];
}
const branches: Readonly<Record<string, Branch>> = {
  "5.1": {
    last: 10,
    mended: [
      [1, "CVE-2022-2566"],
      [6, "CVE-2024-7055"],
      [7, "CVE-2025-9951"],
    ],
  },
  "6.0": { last: 1, isOver: true, mended: [] },
  "6.1": { last: 6, mended: [[2, "CVE-2024-7055"]] },
  "7.0": {
    last: 3,
    mended: [
      [2, "CVE-2024-7055"],
      [3, "CVE-2025-1594"],
    ],
  },
  "7.1": { last: 5, mended: [[2, "CVE-2025-9951"]] },
  "8.0": { last: 3, mended: [[3, "CVE-2026-8461"]] },
  "8.1": { last: 2, mended: [[2, "CVE-2026-8461"]] },
};

/** `packaged`: a distribution's own build, which gets its fixes under the same number. */
export interface KnownFaults {
  readonly state: "known" | "none_known" | "packaged" | "unlisted";
  /** Words for an administrator. */
  readonly says: string;
}

/** Judges a version as FFmpeg names itself, such as `7.1.2`, `n7.0` or `5.1.9-0+deb12u1`. Pure. */
export function knownFaults(version: string): KnownFaults {
  const [, branchName = "", patch = "0", suffix = ""] = /^n?(\d+\.\d+)(?:\.(\d+))?(.*)$/.exec(version) ?? [];
  // `-static` and the like name who built it, `-7-gd38bf5e` commits after a release; a distribution adds a revision.
  if (/^-\d/.test(suffix) && !/^-\d+-g[0-9a-f]+/.test(suffix))
    return { state: "packaged", says: "a distribution's build: it is as good as the last update of that distribution" };
  const branch = branches[branchName];
  if (!branch) return { state: "unlisted", says: "of a branch this version of Kinora knows nothing about" };
  const faults = branch.mended.filter(([release]) => Number(patch) < release).map(([, fault]) => fault);
  const over = branch.isOver ? `the branch ${branchName} gets no more fixes` : "";
  const older = Number(patch) < branch.last ? `${branchName}.${branch.last} mends more` : "";
  const says = [faults.length > 0 ? `has ${faults.join(" and ")}` : "", older, over].filter((part) => part !== "");
  return says.length > 0
    ? { state: "known", says: says.join("; ") }
    : { state: "none_known", says: "nothing was known against it when this version of Kinora was made" };
}
