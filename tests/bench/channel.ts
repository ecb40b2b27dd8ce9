/**
 * The channels of the bench.
 *
 * @module
 */

/** Entity ID of the fake Asterisk. */
export const node = "02:00:00:00:00:be";

/** ID of a channel, the same number of characters for each. @param index From 0 to 8,999. */
export function channelId(index = 0): string {
  return `1795385942.${1000 + index}`;
}

/** A channel as Asterisk shows it, in events and in answers. */
export function channel(
  index: number,
  { app, variables }: { readonly app: string; readonly variables: object },
): object {
  return {
    id: channelId(index),
    name: "PJSIP/trunk-0000002a",
    state: "Up",
    protocol_id: "0a727cde-7331-48f9-907c-69177d01e082",
    caller: { name: "Ada Lovelace", number: "+498912345678" },
    connected: { name: "", number: "" },
    accountcode: "",
    dialplan: {
      context: "from-trunk",
      exten: "4711",
      priority: 3,
      app_name: "Stasis",
      app_data: `${app},inbound,4711`,
    },
    creationtime: "2026-11-22T22:18:58.341+0000",
    language: "en",
    channelvars: variables,
  };
}
