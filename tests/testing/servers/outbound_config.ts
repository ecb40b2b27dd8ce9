/** An `outbound_websocket` of `ari.conf` with its `websocket_client`. */
export interface OutboundWebSocket {
  /** Where to dial: the port on loopback. */
  readonly port: number;
  /** The applications, separated by commas. */
  readonly apps: string;
  /** Whether one connection lasts, or each call has its own. @default "persistent" */
  readonly type?: "persistent" | "per_call_config";
  /** What to show at the other side; must be a section name's worth of plain text. @default none */
  readonly username?: string;
  /** Its password. @default none */
  readonly password?: string;
}

/**
 * The configuration files of an Asterisk that dials these, as an overlay for `startAsterisk`.
 *
 * @param sockets The WebSockets by the name of their section.
 */
export function outboundConfig(
  sockets: Readonly<Record<string, OutboundWebSocket>>,
): Readonly<Record<string, string>> {
  const sections = Object.entries(sockets);
  const clients = sections.map(([name, { port, type = "persistent", username, password }]) =>
    [
      `[${name}]`,
      "type = websocket_client",
      `connection_type = ${type}`,
      `uri = ws://127.0.0.1:${port}/`,
      "protocols = ari",
      "connection_timeout = 500",
      "reconnect_interval = 100",
      "reconnect_attempts = 4",
      ...(username === undefined ? [] : [`username = ${username}`]),
      ...(password === undefined ? [] : [`password = ${password}`]),
      "tls_enabled = no",
    ].join("\n")
  );
  const outbound = sections.map(([name, { apps }]) =>
    [
      `[${name}]`,
      "type = outbound_websocket",
      `websocket_client_id = ${name}`,
      `apps = ${apps}`,
      "local_ari_user = @USERNAME@",
    ].join("\n")
  );
  const ari = [
    "[general]\nenabled = yes",
    "[@USERNAME@]\ntype = user\npassword = @PASSWORD@",
    ...outbound,
  ];
  return {
    "ari.conf": `${ari.join("\n\n")}\n`,
    "websocket_client.conf": `${clients.join("\n\n")}\n`,
  };
}
