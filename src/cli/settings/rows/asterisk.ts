/**
 * Settings that concern Asterisk.
 *
 * @module
 */
import type { FindText, Resolved, SettingRows } from "../setting.ts";
import { splitUrls } from "../../../common/split_urls.ts";
import { parseApplications, parseAsteriskUrl, parseRestUrls, parseText } from "../values.ts";

/** The settings with the types of their values. */
export interface AsteriskSettings {
  /** Stasis applications. */
  readonly "ari.application": readonly string[];
  /** ARI user. */
  readonly "ari.username": string;
  /** Password of the ARI user. */
  readonly "ari.password": string;
  /** Base URL of Asterisk's REST interface; several, separated by commas, where Asterisks dial. */
  readonly "ari.http_url": string;
  /** URL of Asterisk's event socket. */
  readonly "ari.websocket_url": string;
  /** Origin to show to Asterisk. */
  readonly "ari.websocket_origin": string;
  /** Path of the certificates of the authorities to trust. */
  readonly "ari.ca_file": string;
}

/** Their rows. */
export const asteriskSettings: SettingRows<AsteriskSettings> = {
  "ari.application": {
    flags: ["ari.application", "app"],
    env: ["ARI_APPLICATION"],
    file: "ari.application",
    required: true,
    doc: "Stasis application; serve also takes several, separated by commas",
    placeholder: "name",
    parse: parseApplications,
  },
  "ari.username": {
    flags: ["ari.username"],
    env: ["ARI_USERNAME"],
    file: "ari.username",
    required: true,
    doc: "ARI user",
    placeholder: "name",
    parse: parseText,
  },
  "ari.password": {
    flags: ["ari.password"],
    env: ["ARI_PASSWORD"],
    file: "ari.password",
    required: true,
    doc: "Password of the ARI user",
    placeholder: "password",
    secret: true,
    parse: parseText,
  },
  "ari.http_url": {
    flags: ["ari.http_url"],
    env: ["ARI_HTTP_URL"],
    file: "ari.http_url",
    default: "http://localhost:8088/ari",
    doc:
      "Base URL of Asterisk's REST interface; with listen.address also several, separated by commas",
    placeholder: "url",
    emptied: ["ARI_URL"],
    parse: parseRestUrls,
  },
  "ari.websocket_url": {
    flags: ["ari.websocket_url"],
    env: ["ARI_WEBSOCKET_URL"],
    file: "ari.websocket_url",
    doc: "URL of Asterisk's event socket; without it derived from ari.http_url",
    placeholder: "url",
    emptied: ["ARI_WSURL"],
    otherwise: eventsUrl,
    parse: (text) => parseAsteriskUrl(text, ["ws:", "wss:"]),
  },
  "ari.websocket_origin": {
    flags: ["ari.websocket_origin"],
    env: ["ARI_WSORIGIN"],
    file: "ari.websocket_origin",
    default: "http://localhost/",
    doc: "Origin to show when the event socket is opened; see allowed_origins in ari.conf",
    placeholder: "origin",
    parse: parseText,
  },
  "ari.ca_file": {
    flags: ["ari.ca_file"],
    env: ["ARI_CA_FILE"],
    file: "ari.ca_file",
    doc: "Certificates of authorities to trust at Asterisk, besides the usual ones (PEM)",
    placeholder: "file",
    parse: parseText,
  },
};

/** Where Asterisk has its event socket, as long as nobody says otherwise. */
function eventsUrl(find: FindText): Resolved<string> | undefined {
  const base = find("ari.http_url");
  // Where there are several nobody dials an event socket.
  if (!base || splitUrls(base.value).length > 1) return undefined;
  const value = `${base.value.replace(/^http/i, "ws").replace(/\/+$/, "")}/events`;
  return { value, source: "made from ari.http_url" };
}
