/** Public addresses of the gateways that compatible clients send files to and fetch them from, if not this one. */
export interface Entries {
  readonly upload?: string | undefined;
  readonly download?: string | undefined;
}

interface Addresses {
  readonly uploadUrl?: string | undefined;
  readonly downloadUrl?: string | undefined;
}

export const entriesOf = ({ uploadUrl, downloadUrl }: Addresses): Entries => ({
  upload: uploadUrl?.replace(/\/$/, ""),
  download: downloadUrl?.replace(/\/$/, ""),
});
