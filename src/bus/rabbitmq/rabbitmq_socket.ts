/**
 * What the socket to RabbitMQ is opened with.
 *
 * @module
 */

import { rootCertificates } from "node:tls";
import { currentText } from "../changing_text.ts";
import type { RabbitmqTls } from "./rabbitmq_options.ts";

/** Options of a socket of Node; those of TLS count where the connection is encrypted. */
export interface SocketOptions {
  /** Said aloud, since otherwise the variable NODE_TLS_REJECT_UNAUTHORIZED can switch it off. */
  readonly rejectUnauthorized: true;
  /** Certificates of all authorities to trust. */
  readonly ca?: string[];
  /** The client's certificate. */
  readonly cert?: string;
  /** Its private key. */
  readonly key?: string;
}

/** The certificates of this moment. */
export function socketOptions(tls: RabbitmqTls | undefined): SocketOptions {
  const { ca, cert, key } = tls ?? {};
  return {
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca: [...rootCertificates, currentText(ca)] }),
    ...(cert === undefined ? {} : { cert: currentText(cert) }),
    ...(key === undefined ? {} : { key: currentText(key) }),
  };
}
