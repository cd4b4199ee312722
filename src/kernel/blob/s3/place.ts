/** The address of an S3 store and the way to talk to it, from its URL. */
export interface S3Place {
  readonly bucket: string;
  /** Before every key: empty, or ending in a slash. */
  readonly prefix: string;
  readonly region: string;
  /** Amazon's own for the region where there is none. */
  readonly endpoint?: string;
  /** The bucket in the path instead of in the host name: what most servers beside Amazon's want. */
  readonly isPathStyle: boolean;
  readonly credentials?: S3Credentials;
  /** Set where clients may reach the store themselves: at this address, or at the one we use. */
  readonly direct?: { readonly endpoint?: string };
}

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const options = ["endpoint", "region", "path-style", "direct"];
const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const prefixPath = /^(?:[\w.-]+\/)*$/;

/**
 * Reads `s3://[key:secret@]bucket[/prefix][?endpoint=…&region=…&path-style=on&direct=on]`; a wrong address yields its
 * fault in words.
 */
export function s3Place(text: string): S3Place | string {
  const url = URL.parse(text);
  if (url?.protocol !== "s3:") return "must begin with s3://";
  const { hostname, username, password, pathname, searchParams: query } = url;
  const unknown = [...query.keys()].find((name) => !options.includes(name));
  if (unknown !== undefined) return `has no option ${unknown}: there are ${options.join(", ")}`;
  if (!bucketName.test(hostname)) return "must name a bucket: s3://bucket";
  if ((username === "") !== (password === "")) return "must have both parts of key:secret@, or none";
  const path = pathname.replace(/^\//, "").replace(/\/*$/, "/");
  const prefix = path === "/" ? "" : path;
  if (!prefixPath.test(prefix) || /(?:^|\/)\.{1,2}\//.test(prefix))
    return "may have letters, digits, `.`, `-` and `_` between the slashes of its path";
  const endpoint = query.get("endpoint") ?? undefined;
  if (endpoint !== undefined && !isWeb(endpoint)) return "must have an endpoint such as https://s3.example.org";
  const direct = query.get("direct") ?? "off";
  if (!["on", "off"].includes(direct) && !isWeb(direct)) return "must have direct=on, off or an address";
  const pathStyle = query.get("path-style") ?? (endpoint === undefined ? "off" : "on");
  if (!["on", "off"].includes(pathStyle)) return "must have path-style=on or off";
  return {
    bucket: hostname,
    prefix,
    region: query.get("region") ?? "us-east-1",
    ...(endpoint !== undefined && { endpoint }),
    isPathStyle: pathStyle === "on",
    ...(username !== "" && {
      credentials: { accessKeyId: decodeURIComponent(username), secretAccessKey: decodeURIComponent(password) },
    }),
    ...(direct !== "off" && { direct: direct === "on" ? {} : { endpoint: direct } }),
  };
}

const isWeb = (text: string): boolean => ["http:", "https:"].includes(URL.parse(text)?.protocol ?? "");
