/**
 * Flags that several subcommands have.
 *
 * The flags of a subcommand are a type alias, here and elsewhere: the command line library takes
 * them by name, which an interface does not allow.
 *
 * @module
 */
import { parseMilliseconds } from "./parse_time.ts";
import { secretFile } from "./settings/setting.ts";
import { settingBrief, type SettingName, settings } from "./settings/settings.ts";

/** A flag with a value, in the form of the command line library. */
export interface TextFlag<T> {
  readonly kind: "parsed";
  /** The value of a text. */
  readonly parse: (text: string) => T;
  readonly optional: true;
  /** Its line in a help text. */
  readonly brief: string;
  /** Name of its value in a help text. */
  readonly placeholder: string;
  /** Its heading in a help text. @default that of the subcommand's own flags */
  readonly group?: string;
}

/** A flag without a value, in the form of the command line library. */
interface SwitchFlag {
  readonly kind: "boolean";
  readonly optional: true;
  /** It has no `--no-…` form. */
  readonly withNegated: false;
  /** Its line in a help text. */
  readonly brief: string;
  /** Its heading in a help text. @default that of the subcommand's own flags */
  readonly group?: string;
}

/** A flag with a value that may be given several times. */
interface ListFlag<T> extends TextFlag<T> {
  readonly variadic: true;
}

/** The flag of a setting. Its text is parsed when the setting is looked up. */
export function settingFlag(name: SettingName): TextFlag<string> {
  return textFlag(settingBrief(name), settings[name].placeholder);
}

/** The short flag of a setting. */
export function shortSettingFlag(name: SettingName): TextFlag<string> {
  return textFlag(`The same as --${settings[name].flags[0]}`, settings[name].placeholder);
}

/** The flag of a setting that takes several values. */
export function settingListFlag(name: SettingName): ListFlag<string> {
  return { ...settingFlag(name), variadic: true };
}

/** The flag of a setting that is on or off. */
export function settingSwitch(name: SettingName): SwitchFlag {
  return switchFlag(`${settings[name].doc} [${settings[name].env.join(", ")}]`);
}

/** The flag that names the file of a secret. */
export function secretFileFlag(name: SettingName): TextFlag<string> {
  const { flags, env } = settings[name];
  return textFlag(`File that holds --${flags[0]} [${env.map(secretFile.env).join(", ")}]`, "file");
}

/** Puts flags under a heading of the help text. */
export function inGroup<const F extends Readonly<Record<string, TextFlag<unknown> | SwitchFlag>>>(
  group: string,
  flags: F,
): F {
  const grouped = Object.entries(flags).map(([name, flag]) => [name, { ...flag, group }]);
  // Names and types are unchanged.
  return Object.fromEntries(grouped) as F;
}

/** The parsed values of a set of flags. */
export type FlagValues<F> = {
  readonly [N in keyof F]?: F[N] extends ListFlag<infer T> ? readonly T[]
    : F[N] extends TextFlag<infer T> ? T
    : boolean;
};

/** A flag with a text. */
export function textFlag(brief: string, placeholder: string): TextFlag<string> {
  return { kind: "parsed", parse: (text) => text, optional: true, brief, placeholder };
}

/** A flag with a time, parsed to milliseconds. */
export function durationFlag(brief: string): TextFlag<number> {
  const parse = (text: string): number => {
    const milliseconds = parseMilliseconds(text);
    if (milliseconds !== undefined) return milliseconds;
    throw new Error(`${JSON.stringify(text)} is not a time such as 500ms, 30s or 1m30s`);
  };
  return { kind: "parsed", parse, optional: true, brief, placeholder: "time" };
}

/** A flag with a whole number of at least 1. */
export function countFlag(brief: string): TextFlag<number> {
  const parse = (text: string): number => {
    if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
    throw new Error(`${JSON.stringify(text)} is not a whole number of at least 1`);
  };
  return { kind: "parsed", parse, optional: true, brief, placeholder: "number" };
}

/** A flag without a value. */
export function switchFlag(brief: string): SwitchFlag {
  return { kind: "boolean", optional: true, withNegated: false, brief };
}

/** Flags for the URL of the bus, credentials and certificates, for all subcommands. */
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

/** Flags for the bus and the application, as a context stores them. */
export const contextFlags = inGroup("Bus and application", {
  "ari.application": settingFlag("ari.application"),
  app: shortSettingFlag("ari.application"),
  ...busAccessFlags,
});

/** Flags for the bus and the application, or for the context or file that has them. */
export const busFlags = {
  ...contextFlags,
  ...inGroup("Bus and application", {
    context: settingFlag("context"),
    config: settingFlag("config"),
  }),
} as const;

/**
 * {@linkcode busFlags} for subcommands that ignore the application of the environment, which is that of
 * a proxy.
 *
 * @param brief The help text of the application flag.
 */
export function busFlagsWithoutEnvironment(brief: string): typeof busFlags {
  const flag = textFlag(brief, "name");
  return { ...busFlags, ...inGroup("Bus and application", { "ari.application": flag }) };
}

/** The parsed values of {@linkcode busFlags}. */
export type BusFlags = FlagValues<typeof busFlags>;
