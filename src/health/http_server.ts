/**
 * The HTTP server for orchestrators and for Prometheus: `/livez`, `/readyz`, `/metrics`.
 *
 * @module
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Metrics } from "./prometheus.ts";
import type { Readiness } from "./readiness.ts";
import { errorText } from "../common/error_text.ts";

interface HealthServerOptions {
  /** Name or address to listen on; empty for all addresses of the machine. */
  readonly hostname: string;
  /** Port; 0 for any that is free. */
  readonly port: number;
  /** For `/readyz`. */
  readonly readiness: Readiness;
  /** For `/metrics`. */
  readonly metrics: Pick<Metrics, "contentType" | "text">;
  /**
   * How many connections may be open at a time; further ones are closed at once.
   *
   * @default {32}
   */
  readonly connections?: number;
  /**
   * How long a client may take to send its request, and to read the response, in milliseconds.
   *
   * @default {5_000}
   */
  readonly timeout?: number;
}

/** A server that listens. Disposing of it closes it with all its connections. */
interface HealthServer extends AsyncDisposable {
  /** Where it listens, such as `127.0.0.1:9090`. */
  readonly address: string;
}

/**
 * Starts the server.
 *
 * @throws {Error} When it cannot listen on the address, with a message that states why.
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const { hostname, port, connections = 32, timeout = 5_000 } = options;
  const times = {
    headersTimeout: timeout,
    requestTimeout: timeout,
    connectionsCheckingInterval: timeout / 5,
  };
  const served = new WeakSet<Socket>();
  const server = createServer(times, (request, response) => {
    // A connection serves one request: the responses to many that are sent at once and not read would all
    // be kept in memory.
    const { socket } = request;
    if (served.has(socket)) return socket.destroy();
    served.add(socket);
    respond(request, response, options).catch(() => response.destroy());
  });
  server.maxConnections = connections;
  server.setTimeout(timeout);
  server.listen(hostname === "" ? { port } : { host: hostname, port });
  try {
    await once(server, "listening");
  } catch (error) {
    server.close();
    throw new Error(`Cannot listen on ${shown(hostname, port)} for --health: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  // Without a listener a connection that cannot be accepted (too many open files) would end the process.
  server.on("error", () => {});
  const bound = server.address();
  const actual = bound !== null && typeof bound === "object" ? bound : undefined;
  return {
    address: shown(hostname || (actual?.address ?? ""), actual?.port ?? port),
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Resource {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const plain = (status: number, body: string): Resource => ({
  status,
  type: "text/plain; charset=utf-8",
  body: `${body}\n`,
});

async function respond(
  { method, url = "/" }: IncomingMessage,
  response: ServerResponse,
  options: HealthServerOptions,
): Promise<void> {
  const known = method === "GET" || method === "HEAD";
  const { status, type, body } = known
    ? await resource(url.replace(/\?.*$/s, ""), options)
    : plain(405, "Only GET and HEAD are supported");
  const headers = {
    "content-type": type,
    "content-length": new TextEncoder().encode(body).length,
    "cache-control": "no-store",
    connection: "close",
    ...(!known && { allow: "GET, HEAD" }),
  };
  response.writeHead(status, headers).end(method === "HEAD" ? undefined : body);
}

async function resource(
  path: string,
  { readiness, metrics }: HealthServerOptions,
): Promise<Resource> {
  switch (path) {
    case "/livez":
      return plain(200, "ok");
    case "/readyz": {
      const report = readiness.report();
      const body = `${JSON.stringify(report)}\n`;
      return { status: report.ready ? 200 : 503, type: "application/json", body };
    }
    case "/metrics":
      return { status: 200, type: metrics.contentType, body: await metrics.text() };
    default:
      return plain(404, "There are /livez, /readyz and /metrics");
  }
}

function shown(hostname: string, port: number): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "the address is in use",
  EADDRNOTAVAIL: "this machine has no such address",
  EINVAL: "this machine has no such address",
  EACCES: "permission denied",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "there is no such host",
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? errorText(error);
}
