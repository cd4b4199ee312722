import { type ChildProcess, spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";

export interface Nginx {
  readonly url: string;
  readonly child: ChildProcess;
  /** The process that serves. */
  readonly worker: number;
}

/** nginx with one worker over a folder: sendfile, no access log; it takes PUT as well (ngx_http_dav_module). */
export async function startNginx(folder: string): Promise<Nginx> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address() as { port: number }; // It listens on TCP.
  await new Promise((resolve) => probe.close(resolve));
  const config = join(folder, "nginx.conf");
  await writeFile(
    config,
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr error; user root;
     events { worker_connections 256; }
     http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; client_max_body_size 0;
       client_body_temp_path ${folder}/nginx-body;
       server { listen 127.0.0.1:${port}; root ${folder}; dav_methods PUT DELETE; } }`,
  );
  const child = spawn("nginx", ["-c", config, "-p", folder], { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}/`;
  const isUp = () =>
    fetch(url, { method: "HEAD" }).then(
      () => true,
      () => false,
    );
  while (!(await isUp())) await new Promise((resolve) => setTimeout(resolve, 50));
  const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, "utf8");
  return { url, child, worker: Number(children.trim().split(" ")[0]) };
}
