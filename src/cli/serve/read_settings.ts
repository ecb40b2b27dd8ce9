/**
 * What `serve` has to know.
 *
 * @module
 */
import { type BusAccess, readBusAccess } from "../open_bus.ts";
import { readPolicy } from "../settings/read_policy.ts";
import type { HistoryOptions } from "../../server/events/history.ts";
import type { Policy } from "../../server/requests/policy.ts";
import { findSetting, MissingSetting, needSetting } from "../settings/find.ts";
import type { LogOptions } from "./logging.ts";
import type { Listen } from "../settings/values.ts";
import type { Resolved, SettingSources } from "../settings/setting.ts";
import { readServeTarget, type ServeTarget } from "./serve_target.ts";
import type { SettingName, SettingTypes } from "../settings/settings.ts";
import { UsageError } from "../errors.ts";

/** What `serve` has to know. */
export interface ServeSettings extends ServeTarget {
  /** Name of the node instead of Asterisk's entity ID; absent when that one counts. */
  readonly nodeId?: string;
  /** URL of the bus. */
  readonly bus: Resolved<string>;
  /** How to be let in by the bus. */
  readonly busAccess: BusAccess;
  /** Whether nobody said which bus, nor how to be let in by one. */
  readonly busIsDefault: boolean;
  /** The bus within the program, if it is used. */
  readonly embedded: Listen & {
    /** What its clients have to know; absent when they have to know nothing. */
    readonly token?: string;
  };
  /** Where to answer those who ask for the health; absent when nowhere. */
  readonly health?: Listen;
  /** What may be done to Asterisk; absent when everything may. */
  readonly policy?: Policy;
  /** How much of the last events to keep. */
  readonly history: HistoryOptions;
  /** What to log, and how. */
  readonly log: LogOptions;
}

/**
 * Reads the settings of `serve`.
 *
 * @throws {UsageError} With a line for each setting that is missing or cannot be used; it is a
 * {@linkcode MissingSetting} when all that are there can be used.
 */
export function readServeSettings(sources: SettingSources): ServeSettings {
  const wrong: UsageError[] = [];
  const collect = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      wrong.push(error);
      return undefined;
    }
  };
  const need = <N extends SettingName>(name: N): Resolved<SettingTypes[N]> | undefined =>
    collect(() => needSetting(name, sources));
  const find = <N extends SettingName>(name: N): SettingTypes[N] | undefined =>
    collect(() => findSetting(name, sources))?.value;
  const target = readServeTarget({ sources, collect });
  const bus = need("messagebus.url");
  const busAccess = bus && collect(() => readBusAccess(sources));
  const nodeId = find("node_id");
  const listen = need("embedded.listen");
  const token = find("embedded.token");
  const policy = collect(() => readPolicy(sources));
  const health = find("health");
  const size = need("history.size");
  const age = need("history.age");
  const verbose = need("verbose");
  const level = need("log.level");
  const format = need("log.format");
  if (
    !target || !bus || !busAccess || !listen || !verbose || !level || !format || !size || !age ||
    wrong.length > 0
  ) {
    const text = wrong.map(({ message }) => message).join("\n");
    const missing = wrong.every((error) => error instanceof MissingSetting);
    throw missing ? new MissingSetting(text) : new UsageError(text);
  }
  return {
    ...target,
    ...(nodeId !== undefined && { nodeId }),
    bus,
    busAccess,
    busIsDefault: bus.source === "default" && Object.values(busAccess).every(isAbsent),
    embedded: { ...listen.value, ...(token !== undefined && { token }) },
    ...(policy && { policy }),
    ...(health && { health }),
    history: { size: size.value, age: age.value },
    log: { level: verbose.value ? "debug" : level.value, format: format.value },
  };
}

function isAbsent(value: unknown): boolean {
  return value === undefined;
}
