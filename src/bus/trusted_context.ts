/**
 * Trust for connections that `node:tls` encrypts.
 *
 * @module
 */
import { createSecureContext, rootCertificates, type SecureContextOptions } from "node:tls";

/** PEM texts: what a connection trusts and what it shows. */
export interface Certificates {
  /** Authorities to trust beside the usual ones. @default none */
  readonly ca?: string;
  /** The client's certificate. @default none */
  readonly cert?: string;
  /** Its private key. */
  readonly key?: string;
}

/**
 * Returns options of `tls.connect` that trust the usual authorities and those of `ca`.
 *
 * Deno reads `rootCertificates` only with the permission `sys`, which an executable does not have:
 * `--allow-sys=ca` is not accepted, and without a name it allows far more. A secure context takes an
 * authority beside the usual ones without a permission.
 *
 * @throws {Error} When a certificate or key is damaged.
 */
export function trustedContext(certificates: Certificates): SecureContextOptions & {
  readonly secureContext?: ReturnType<typeof createSecureContext>;
} {
  const { ca, ...own } = certificates;
  if (ca === undefined) return own;
  if (typeof Deno === "undefined") return { ...own, ca: [...rootCertificates, ca] };
  const secureContext = createSecureContext(own);
  // Versions before 2.8 do not have it, but ask for no permission either.
  if (secureContext.context?.addCACert === undefined) {
    return { ...own, ca: [...rootCertificates, ca] };
  }
  secureContext.context.addCACert(ca);
  return { secureContext };
}
