/**
 * The settings of the program, in one table. Help texts, the reading of the configuration file,
 * `--print-config` and the table in docs/settings.md are made from it, so a new setting is a row and a
 * type in the folder `settings`, and a line for the flag in each subcommand that has it.
 *
 * @module
 */
import { secretFile, type SettingRows } from "./setting.ts";
import { type AsteriskSettings, asteriskSettings } from "./rows/asterisk.ts";
import { type BusSettings, busSettings } from "./rows/bus.ts";
import { type HistorySettings, historySettings } from "./rows/history.ts";
import { type ListenSettings, listenSettings } from "./rows/listen.ts";
import { type OperationsSettings, operationsSettings } from "./rows/operations.ts";
import { type EmbeddedBusSettings, embeddedBusSettings } from "./rows/embedded_bus.ts";
import { type PolicySettings, policySettings } from "./rows/policy.ts";
import { type ProgramSettings, programSettings } from "./rows/program.ts";
import { systemdEnvironment } from "../../health/systemd.ts";

/** The settings with the types of their values. */
export interface SettingTypes
  extends
    AsteriskSettings,
    ListenSettings,
    BusSettings,
    EmbeddedBusSettings,
    OperationsSettings,
    PolicySettings,
    HistorySettings,
    ProgramSettings {}

/** Name of a setting. */
export type SettingName = keyof SettingTypes;

/** All settings. */
export const settings: SettingRows<SettingTypes> = {
  ...asteriskSettings,
  ...listenSettings,
  ...busSettings,
  ...embeddedBusSettings,
  ...policySettings,
  ...historySettings,
  ...operationsSettings,
  ...programSettings,
};

/** All names of settings, in the order of the table. */
export const settingNames: readonly SettingName[] = Object.keys(settings).filter(isSettingName);

/** Whether there is a setting of a name. */
function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settings, name);
}

/** Every environment variable that the program looks at. */
export const environment: readonly string[] = [
  ...settingNames.flatMap((name) => {
    const { env, emptied = [], secret } = settings[name];
    return [...env, ...emptied, ...(secret ? env.map(secretFile.env) : [])];
  }),
  "NATS_SERVICE_HOST",
  "NATS_SERVICE_PORT_CLIENT",
  ...systemdEnvironment,
  "XDG_CONFIG_HOME",
  "APPDATA",
  "HOME",
  "USERPROFILE",
  "NO_COLOR",
  "TERM",
];

/** The line of a setting in a help text, with its variable and its default. */
export function settingBrief(name: SettingName): string {
  const { doc, env, default: standard } = settings[name];
  return `${doc} [${env.join(", ")}${standard === undefined ? "" : `, default ${standard}`}]`;
}
