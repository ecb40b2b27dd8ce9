/**
 * Trust for connections that `node:tls` encrypts.
 *
 * @module
 */
import { createSecureContext, rootCertificates, type SecureContextOptions } from "node:tls";

/**
 * Returns options of `tls.connect` that trust the usual authorities and those of `ca`, and show `cert`;
 * all are PEM texts.
 *
 * Deno reads `rootCertificates` only with the permission `sys`, which an executable does not have:
 * `--allow-sys=ca` is not accepted, and without a name it allows far more. A secure context takes an
 * authority beside the usual ones without a permission.
 *
 * @throws {Error} When a certificate or key is damaged.
 */
export function trustedContext(
  { ca, ...own }: { readonly ca?: string; readonly cert?: string; readonly key?: string },
): SecureContextOptions & { readonly secureContext?: ReturnType<typeof createSecureContext> } {
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
