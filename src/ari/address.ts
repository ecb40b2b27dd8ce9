/**
 * Where Asterisk is and who asks, taken apart once so that credentials never travel in a URL.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { AriError } from "./errors.ts";
import { percentDecode } from "../common/percent_decode.ts";

/** Settings that name one of Asterisk's addresses. */
interface AddressOptions {
  /** The URL. A user name and a password in it count when the members below are absent. */
  readonly url: string;
  /** ARI user, a section of `ari.conf`. @default the one in the URL */
  readonly username?: string;
  /** Its password. @default the one in the URL */
  readonly password?: string;
}

/** An address of Asterisk. */
interface Address {
  /** The URL without credentials. */
  readonly url: URL;
  /** Host and port, for messages to people. */
  readonly host: string;
  /** Value of the `Authorization` header. */
  readonly authorization: string;
}

/**
 * Takes a URL and credentials apart.
 *
 * @param protocols The URL schemes that are allowed, with their colons, such as `http:`.
 * @throws {AriError} With the code `invalid` when the URL is none, has another scheme, or has a
 * query or a fragment; the text does not repeat it, since it may hold a password.
 */
export function parseAddress(options: AddressOptions, protocols: readonly string[]): Address {
  const url = URL.parse(options.url);
  const wanted = protocols.map((protocol) => `${protocol}//`).join(" or ");
  if (url === null || !protocols.includes(url.protocol)) {
    throw new AriError("invalid", `Cannot use the URL of Asterisk: it is no URL with ${wanted}`);
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
