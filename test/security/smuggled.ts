/** A way to hide one request in another, and what the server makes of it. */
export interface Smuggled {
  readonly name: string;
  /** All that a client sends. */
  readonly bytes: string;
  /** True if the first request is valid, and `hidden` is its body; otherwise no part of it is. */
  readonly isBody?: true;
}

/**
 * Requests that two servers in a row could delimit differently (RFC 9112 §11.2), each with `hidden` where the second of
 * them would begin. `path` takes JSON.
 */
export function smuggled(path: string, hidden: string): Smuggled[] {
  const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;
  const post = (fields: string, body: string) => `${head}${fields}\r\n\r\n${body}${hidden}`;
  const get = (line: string, fields = "Host: x") => `${line}\r\n${fields}\r\n\r\n${hidden}`;
  const ended = "0\r\n\r\n";
  const both = `Content-Length: ${ended.length}\r\nTransfer-Encoding: `;
  const length = hidden.length;
  return [
    ...[
      "chunked",
      "\tchunked",
      "chunked ",
      "chunked, identity",
      "identity, chunked",
      "gzip, chunked",
      "CHUNKED",
      "identity",
      "xchunked",
      "x",
      "chunked\r\nTransfer-Encoding: x",
      "x\r\nTransfer-Encoding: chunked",
      "\u000bchunked",
      '"chunked"',
      ", chunked",
      "",
    ].map((coding) => ({ name: `a length and the coding ${coding}`, bytes: post(both + coding, ended) })),
    { name: "a coding, then a length", bytes: post("Transfer-Encoding: chunked\r\nContent-Length: 4", ended) },
    ...["xchunked", "chunked, identity", "identity", "gzip", "chunked;q=1", "chunked\u0000", "chunk"].map((coding) => ({
      name: `the coding ${coding} alone`,
      bytes: post(`Transfer-Encoding: ${coding}`, ended),
    })),
    ...["Transfer-Encoding : chunked", "Transfer-Encoding\t: chunked", "Transfer-Encoding\r\n : chunked"].map(
      (field) => ({
        name: `a space in ${JSON.stringify(field)}`,
        bytes: post(field, ended),
      }),
    ),
    ...[
      "X: x\nTransfer-Encoding: chunked",
      "X: x\rTransfer-Encoding: chunked",
      " Transfer-Encoding: chunked",
      "Transfer-\u0000Encoding: chunked",
    ].map((field) => ({
      name: `the field ${JSON.stringify(field)}`,
      bytes: post(`Content-Length: ${length}\r\n${field}`, ended),
    })),
    ...[
      "2\r\nContent-Length: 0",
      "0\r\nContent-Length: 2",
      "2, 2",
      "2,0",
      "+2",
      "-1",
      "0x2",
      "2 0",
      "2\u000b",
      "2.0",
      "1e0",
      "99999999999999999999",
      "",
    ].map((given) => ({ name: `the length ${JSON.stringify(given)}`, bytes: post(`Content-Length: ${given}`, "{}") })),
    { name: "a space behind a length's name", bytes: post("Content-Length : 2", "{}") },
    ...[
      ["a size beyond all numbers", "FFFFFFFFFFFFFFFFF\r\n"],
      ["a size below zero", "-1\r\n"],
      ["a size in another notation", "0x2\r\n{}\r\n0\r\n\r\n"],
      ["a space before a size", " 2\r\n{}\r\n0\r\n\r\n"],
      ["a size without digits", ";x=1\r\n{}\r\n0\r\n\r\n"],
      ["a size that ends with LF", "2\n{}\r\n0\r\n\r\n"],
      ["a size that ends with CR", "2\r{}\r\n0\r\n\r\n"],
      ["more bytes than the size", "1\r\n{}\r\n0\r\n\r\n"],
      ["fewer bytes than the size", "5\r\n{}\r\n0\r\n\r\n"],
      ["nothing between chunks", "2\r\n{}0\r\n\r\n"],
      ["LF behind a chunk", "2\r\n{}\n0\r\n\r\n"],
      ["an extension with LF", "2;a\nb\r\n{}\r\n0\r\n\r\n"],
      ["an extension without end", `2;${"a".repeat(100_000)}\r\n{}\r\n0\r\n\r\n`],
      ["a trailer with a space in its name", "2\r\n{}\r\n0\r\nContent-Length : 5\r\n\r\n"],
    ].map(([name = "", body = ""]) => ({
      name: `a chunk with ${name}`,
      bytes: post("Transfer-Encoding: chunked", body),
    })),
    ...[
      "GET / HTTP/1.1\nHost: x",
      "GET /\r\n",
      "GET / HTTP/1.1 ",
      "GET / HTTP/1.1x",
      "GET / HTTP/1.10",
      "GET / HTTP/2.0",
      "GET / http/1.1",
      "GET / /x HTTP/1.1",
      "GET\t/ HTTP/1.1",
      " GET / HTTP/1.1",
      "GET /\u0000 HTTP/1.1",
      "GET /\rx HTTP/1.1",
      "GET x HTTP/1.1",
      "GE(T / HTTP/1.1",
      "PRI * HTTP/2.0",
    ].map((line) => ({ name: `the line ${JSON.stringify(line)}`, bytes: get(line) })),
    ...[
      "Host: x\r\nHost: y",
      "X: y",
      "Host : x",
      "Host: x\nX: y",
      "Host: x\r\n X: y",
      "Host: x\r\nX Y: z",
      "Host: x\r\n: y",
      "Host: x\r\nX: \u0000",
    ].map((fields) => ({ name: `the fields ${JSON.stringify(fields)}`, bytes: get("GET / HTTP/1.1", fields) })),
    ...["GET", "DELETE", "OPTIONS", "HEAD"].map((method) => ({
      name: `the body of ${method}`,
      bytes: `${method} /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n${hidden}`,
      isBody: true as const,
    })),
    {
      name: "a chunk",
      bytes: `${head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n${length.toString(16)};a=b\r\n${hidden}\r\n${ended}`,
      isBody: true,
    },
    { name: "a body", bytes: `${head}Connection: close\r\nContent-Length: ${length}\r\n\r\n${hidden}`, isBody: true },
    {
      name: "what follows a request that closes",
      bytes: get("GET /nothing HTTP/1.1", "Host: x\r\nConnection: close"),
      isBody: true,
    },
    { name: "what follows HTTP/1.0", bytes: get("GET /nothing HTTP/1.0"), isBody: true },
    {
      name: "a body in chunks of HTTP/1.0",
      bytes: `${head.replace("1.1", "1.0")}Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n${ended}${hidden}`,
    },
    ...[
      "http://evil.test/nothing",
      "https://evil.test:80/",
      "evil.test:80",
      "*",
      "?x",
      "\\nothing",
      "//evil.test/nothing",
    ].map((target) => ({
      name: `the target ${target}`,
      bytes: get(`GET ${target} HTTP/1.1`, "Host: x\r\nConnection: close"),
      isBody: true as const,
    })),
    { name: "a tunnel", bytes: get("CONNECT evil.test:80 HTTP/1.1"), isBody: true },
    {
      name: "another protocol",
      bytes: get(
        "GET /nothing HTTP/1.1",
        "Host: x\r\nConnection: upgrade, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk",
      ),
      isBody: true,
    },
  ];
}
