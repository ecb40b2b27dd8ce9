/**
 * Flags of the subcommands that need no Asterisk, only a bus.
 *
 * The flags of a subcommand are a type alias, here and elsewhere: the command line library takes
 * them by name, which an interface does not allow.
 *
 * @module
 */
import {
  type FlagValues,
  inGroup,
  secretFileFlag,
  settingFlag,
  settingSwitch,
  shortSettingFlag,
  textFlag,
} from "./flags.ts";

/** Flags that say where the bus is and how to be let in, for all subcommands. */
export const busAccessFlags = inGroup("Bus", {
  "messagebus.url": settingFlag("messagebus.url"),
  url: shortSettingFlag("messagebus.url"),
  "messagebus.username": settingFlag("messagebus.username"),
  "messagebus.password": settingFlag("messagebus.password"),
  "messagebus.password_file": secretFileFlag("messagebus.password"),
  "messagebus.ca_file": settingFlag("messagebus.ca_file"),
  "messagebus.cert_file": settingFlag("messagebus.cert_file"),
  "messagebus.key_file": settingFlag("messagebus.key_file"),
  "nats.token": settingFlag("nats.token"),
  "nats.token_file": secretFileFlag("nats.token"),
  "nats.nkey_file": settingFlag("nats.nkey_file"),
  "nats.creds_file": settingFlag("nats.creds_file"),
  "nats.handshake_first": settingSwitch("nats.handshake_first"),
});

/** Flags that say where the bus is and which application is meant, as a context keeps it. */
export const contextFlags = inGroup("Bus and application", {
  "ari.application": settingFlag("ari.application"),
  app: shortSettingFlag("ari.application"),
  ...busAccessFlags,
});

/** Flags that say where the bus is and which application is meant, or where that is kept. */
export const busFlags = {
  ...contextFlags,
  ...inGroup("Bus and application", {
    context: settingFlag("context"),
    config: settingFlag("config"),
  }),
} as const;

/**
 * The flags of {@linkcode busFlags} where the application of the environment, that of a proxy, does not
 * count.
 *
 * @param brief What the application is for.
 */
export function busFlagsWithoutEnvironment(brief: string): typeof busFlags {
  const flag = textFlag(brief, "name");
  return { ...busFlags, ...inGroup("Bus and application", { "ari.application": flag }) };
}

/** What comes out of {@linkcode busFlags}. */
export type BusFlags = FlagValues<typeof busFlags>;
