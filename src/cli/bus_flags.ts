/**
 * Flags of the subcommands that need no Asterisk, only a bus.
 *
 * The flags of a subcommand are a type alias, here and elsewhere: the command line library takes
 * them by name, which an interface does not allow.
 *
 * @module
 */
import { settingFlag, shortSettingFlag } from "./flags.ts";

/** Flags that say where the bus is and which application is meant. */
export type BusFlags = {
  /** URL of the bus. */
  readonly "messagebus.url"?: string;
  /** The same. */
  readonly url?: string;
  /** Stasis application. */
  readonly "ari.application"?: string;
  /** The same. */
  readonly app?: string;
  /** Configuration file. */
  readonly config?: string;
};

/** How the command line library wants them described. */
export const busFlags = {
  "messagebus.url": settingFlag("messagebus.url"),
  url: shortSettingFlag("messagebus.url"),
  "ari.application": settingFlag("ari.application"),
  app: shortSettingFlag("ari.application"),
  config: settingFlag("config"),
} as const;
