/**
 * What the socket to RabbitMQ is opened with.
 *
 * @module
 */

import { rootCertificates } from "node:tls";
import { currentText } from "../changing_text.ts";
import type { RabbitmqTls } from "./rabbitmq_options.ts";

/** Options of a socket of Node. */
export interface SocketOptions {
  /** Certificates of all authorities to trust. */
  readonly ca?: string[];
  /** The client's certificate. */
  readonly cert?: string;
  /** Its private key. */
  readonly key?: string;
}

/** The certificates of this moment. */
export function socketOptions(tls: RabbitmqTls | undefined): SocketOptions {
  if (tls === undefined) return {};
  const { ca, cert, key } = tls;
  return {
    ...(ca === undefined ? {} : { ca: [...rootCertificates, currentText(ca)] }),
    ...(cert === undefined ? {} : { cert: currentText(cert) }),
    ...(key === undefined ? {} : { key: currentText(key) }),
  };
}
