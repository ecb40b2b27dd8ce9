/**
 * Settings that concern the bus within the program.
 *
 * @module
 */
import type { SettingRows } from "../setting.ts";
import { type Listen, parseListen, parseText } from "../values.ts";

/** The settings with the types of their values. */
export interface EmbeddedBusSettings {
  /** Where the bus within the program listens. */
  readonly "embedded.listen": Listen;
  /** What its clients have to know. */
  readonly "embedded.token": string;
}

/** Their rows. */
export const embeddedBusSettings: SettingRows<EmbeddedBusSettings> = {
  "embedded.listen": {
    flags: ["embedded.listen"],
    env: ["EMBEDDED_LISTEN"],
    file: "embedded.listen",
    default: "127.0.0.1:4222",
    doc: "Where the bus within the program listens, if it is used",
    placeholder: "host:port",
    parse: parseListen,
  },
  "embedded.token": {
    flags: ["embedded.token"],
    env: ["EMBEDDED_TOKEN"],
    file: "embedded.token",
    doc: "Token that clients of the bus within the program have to show",
    placeholder: "token",
    secret: true,
    parse: parseText,
  },
};
