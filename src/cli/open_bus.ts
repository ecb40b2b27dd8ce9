/**
 * The bus that the settings name, for the subcommands that need one at once.
 *
 * @module
 */
import { type Bus, BusError } from "../bus/bus.ts";
import { connectBus } from "../bus/connect.ts";
import { readBusAccess } from "./bus_access.ts";
import { findSetting, needSetting } from "./settings/find.ts";
import type { Resolved, SettingSources } from "./settings/setting.ts";
import { UsageError } from "./usage_error.ts";

/** Options of {@linkcode openBus}. */
export interface OpenBusOptions {
  /** Name of the connection, for the server's operator. */
  readonly name: string;
  /** Gives up connecting. */
  readonly signal?: AbortSignal;
  /**
   * How long connecting may take, in milliseconds.
   *
   * @default {5_000}
   */
  readonly timeout?: number;
}

/**
 * Connects to the bus of the settings.
 *
 * @throws {UsageError} When the setting cannot be used.
 * @throws {BusError} When the bus cannot be reached.
 */
export async function openBus(sources: SettingSources, options: OpenBusOptions): Promise<Bus> {
  const url = needSetting("messagebus.url", sources);
  const access = readBusAccess(sources);
  try {
    return await connectBus(url.value, { ...access, ...options });
  } catch (error) {
    throw asUsageError(error, url);
  }
}

/** A usage error for what no bus can be reached with; other errors as they are. */
export function asUsageError(error: unknown, url: Resolved<string>): unknown {
  if (!(error instanceof BusError) || error.code !== "invalid") return error;
  const text = `Cannot use the setting messagebus.url from ${url.source}: ${error.message}`;
  return new UsageError(text, { cause: error });
}

/**
 * The application that was asked for, if any.
 *
 * @throws {UsageError} When the setting cannot be used, or names several.
 */
export function wantedApplication(sources: SettingSources): string | undefined {
  const found = findSetting("ari.application", sources);
  if (!found || found.value.length === 1) return found?.value[0];
  throw new UsageError(
    `Cannot use the setting ari.application from ${found.source}: it names several, and one is ` +
      "wanted here, as in --app",
  );
}
