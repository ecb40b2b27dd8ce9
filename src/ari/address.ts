/**
 * The address of Asterisk, split once from its credentials so that they never appear in a URL.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { AriError } from "./errors.ts";
import { percentDecode } from "../common/percent_decode.ts";

/** Settings for one of Asterisk's addresses. */
interface AddressOptions {
  /** The URL. A user name and a password in it are used when the members below are absent. */
  readonly url: string;
  /** ARI user, a section of `ari.conf`. @default the one in the URL */
  readonly username?: string;
  /** Its password. @default the one in the URL */
  readonly password?: string;
}

interface Address {
  /** The URL without credentials. */
  readonly url: URL;
  /** Host and port, for messages. */
  readonly host: string;
  /** Value of the `Authorization` header. */
  readonly authorization: string;
}

/**
 * Splits a URL from its credentials.
 *
 * @param protocols The URL schemes that are allowed, with their colons, such as `http:`.
 * @throws {AriError} With the code `invalid` when the URL is malformed, has another scheme, a query or
 * a fragment; the message does not repeat it, since it may hold a password.
 */
export function parseAddress(options: AddressOptions, protocols: readonly string[]): Address {
  const url = URL.parse(options.url);
  const wanted = protocols.map((protocol) => `${protocol}//`).join(" or ");
  if (url === null || !protocols.includes(url.protocol)) {
    throw new AriError(
      "invalid",
      `Cannot use the URL of Asterisk: it is not a URL that begins with ${wanted}`,
    );
  }
  if (url.search !== "" || url.hash !== "") {
    throw new AriError("invalid", "Cannot use the URL of Asterisk: it has a query or a fragment");
  }
  const username = options.username ?? percentDecode(url.username);
  const password = options.password ?? percentDecode(url.password);
  url.username = "";
  url.password = "";
  return {
    url,
    host: url.host,
    authorization: `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`,
  };
}
