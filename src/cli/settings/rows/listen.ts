/**
 * Settings for Asterisks that dial the program.
 *
 * @module
 */
import type { SettingRows } from "../setting.ts";
import { type Listen, parseListen, parseText } from "../values.ts";

/** The settings with the types of their values. */
export interface ListenSettings {
  /** Where to wait for Asterisks. */
  readonly "listen.address": Listen;
  /** What Asterisks have to show as their user name. */
  readonly "listen.username": string;
  /** And as their password. */
  readonly "listen.password": string;
  /** Path of the certificate. */
  readonly "listen.cert_file": string;
  /** Path of its private key. */
  readonly "listen.key_file": string;
}

/** Their rows. */
export const listenSettings: SettingRows<ListenSettings> = {
  "listen.address": {
    flags: ["listen.address", "listen"],
    env: ["LISTEN_ADDRESS"],
    file: "listen.address",
    doc: "Where Asterisks dial in by outbound WebSockets; then the proxy dials none",
    placeholder: "host:port",
    parse: parseListen,
  },
  "listen.username": {
    flags: ["listen.username"],
    env: ["LISTEN_USERNAME"],
    file: "listen.username",
    doc: "User name that Asterisks have to show there",
    placeholder: "name",
    parse: parseText,
  },
  "listen.password": {
    flags: ["listen.password"],
    env: ["LISTEN_PASSWORD"],
    file: "listen.password",
    doc: "Password that Asterisks have to show there",
    placeholder: "password",
    secret: true,
    parse: parseText,
  },
  "listen.cert_file": {
    flags: ["listen.cert_file"],
    env: ["LISTEN_CERT_FILE"],
    file: "listen.cert_file",
    doc: "Certificate to show there, for wss (PEM)",
    placeholder: "file",
    parse: parseText,
  },
  "listen.key_file": {
    flags: ["listen.key_file"],
    env: ["LISTEN_KEY_FILE"],
    file: "listen.key_file",
    doc: "Private key of that certificate (PEM)",
    placeholder: "file",
    parse: parseText,
  },
};
