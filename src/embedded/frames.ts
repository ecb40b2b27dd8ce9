/**
 * What the embedded bus sends to its clients, except the bodies of messages. Each character of these
 * texts is a byte.
 *
 * @module
 */

/** What is sent to a client when it connects. */
interface ServerInfo {
  /** Names this run of the server. */
  readonly serverId: string;
  /** Where it listens. */
  readonly hostname: string;
  /** Where it listens. */
  readonly port: number;
  /** The largest payload with its headers, in bytes. */
  readonly maxPayload: number;
  /** The client's number, from 1. */
  readonly clientId: number;
  /** The client's address. */
  readonly clientIp: string;
  /** Whether the client must send a token. */
  readonly authRequired: boolean;
}

/** Clients derive from the version what a server supports, such as headers and no-responders. */
const VERSION = "2.10.0";

/** `INFO`. */
export function infoFrame(info: ServerInfo): string {
  return `INFO ${
    JSON.stringify({
      server_id: info.serverId,
      server_name: "ari-proxy",
      version: VERSION,
      proto: 1,
      host: info.hostname,
      port: info.port,
      headers: true,
      max_payload: info.maxPayload,
      client_id: info.clientId,
      client_ip: info.clientIp,
      ...(info.authRequired ? { auth_required: true } : {}),
    })
  }\r\n`;
}

/** `-ERR`. */
export function errorFrame(text: string): string {
  return `-ERR '${text}'\r\n`;
}

/** `+OK`, the confirmation of a success, for verbose clients. */
export const OK = "+OK\r\n";
/** `PING`. */
export const PING = "PING\r\n";
/** `PONG`. */
export const PONG = "PONG\r\n";

/** The notice that a request has no subscriber, as a message on its reply subject. */
export function noRespondersFrame(reply: string, sid: string, subject: string): string {
  const headers = `NATS/1.0 503\r\nNats-Subject: ${subject}\r\n\r\n`;
  return `HMSG ${reply} ${sid} ${headers.length} ${headers.length}\r\n${headers}\r\n`;
}
