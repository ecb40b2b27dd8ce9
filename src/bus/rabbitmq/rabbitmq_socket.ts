/**
 * What the socket to RabbitMQ is opened with.
 *
 * @module
 */

import type { ConnectionOptions } from "node:tls";
import { currentText } from "../changing_text.ts";
import { trustedContext } from "../trusted_context.ts";
import type { RabbitmqTls } from "./options.ts";

/**
 * Options of a socket of Node, with the certificates of this moment; those of TLS count where the
 * connection is encrypted.
 */
export function socketOptions(tls: RabbitmqTls | undefined): ConnectionOptions {
  const { ca, cert, key } = tls ?? {};
  return {
    // Said aloud, since otherwise the variable NODE_TLS_REJECT_UNAUTHORIZED can switch it off.
    rejectUnauthorized: true,
    ...trustedContext({
      ...(ca === undefined ? {} : { ca: currentText(ca) }),
      ...(cert === undefined ? {} : { cert: currentText(cert) }),
      ...(key === undefined ? {} : { key: currentText(key) }),
    }),
  };
}
