/**
 * The credentials that are sent to a NATS server.
 *
 * @module
 */

import {
  type Authenticator,
  credsAuthenticator,
  nkeyAuthenticator,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
} from "@nats-io/nats-core";
import { BusError } from "../bus.ts";
import { type ChangingText, currentText } from "../base.ts";
import type { NatsSettings } from "./options.ts";
import { percentDecode } from "../../common/percent_decode.ts";

/**
 * Returns the credentials of the options, else those of the URLs, as the library takes them.
 *
 * @throws {BusError} With the code `invalid` when they are damaged, or differ between the URLs.
 */
export function natsAuthenticators(
  options: NatsSettings,
  urls: readonly URL[],
): Authenticator[] {
  const { creds, nkey, token, user, pass = "" } = options;
  const encode = (text: string) => new TextEncoder().encode(text);
  const found: Authenticator[] = [];
  if (creds !== undefined) {
    // The library reads LF only, and requires one at the end.
    const file = (text: string) => encode(`${text.replaceAll("\r\n", "\n").trim()}\n`);
    found.push(changing(creds, (text) => credsAuthenticator(file(text))));
  }
  if (nkey !== undefined) {
    found.push(changing(nkey, (text) => nkeyAuthenticator(encode(text.trim()))));
  }
  if (token !== undefined) found.push(changing(token, tokenAuthenticator));
  if (user !== undefined) {
    found.push(changing(pass, (text) => usernamePasswordAuthenticator(user, text)));
  }
  if (found.length > 0) return found;

  const carriers = urls.filter((url) => url.username !== "" || url.password !== "");
  if (new Set(carriers.map((url) => `${url.username}:${url.password}`)).size > 1) {
    throw new BusError("invalid", "Cannot connect to NATS: the URLs carry different credentials");
  }
  if (carriers.length === 0) return [];
  const name = percentDecode(carriers[0].username);
  const secret = percentDecode(carriers[0].password);
  return [
    secret === "" ? tokenAuthenticator(name) : usernamePasswordAuthenticator(name, secret),
  ];
}

/**
 * Sends the present credentials, or the former ones while they cannot be read or are damaged: the
 * library ends the connection for good when this throws.
 *
 * @throws {BusError} With the code `invalid` when the first ones are damaged.
 */
function changing(source: ChangingText, make: (text: string) => Authenticator): Authenticator {
  let good = currentText(source);
  try {
    make(good)("nonce");
  } catch {
    // The library's own text may repeat what it could not read.
    throw new BusError(
      "invalid",
      "Cannot connect to NATS: the nkey or the credentials are damaged",
    );
  }
  return (nonce) => {
    try {
      const text = currentText(source);
      const shown = make(text)(nonce);
      good = text;
      return shown;
    } catch {
      return make(good)(nonce);
    }
  };
}
