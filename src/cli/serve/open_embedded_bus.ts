/**
 * The bus that `serve` opens itself when nobody says which one to use.
 *
 * @module
 */
import { type EmbeddedBus, EmbeddedBusError, startEmbeddedBus } from "../../embedded/server.ts";
import type { Log } from "../../common/log.ts";
import type { ServeSettings } from "./read_settings.ts";
import { UsageError } from "../errors.ts";

/** The bus of this machine. Disposing of it closes it if this process opened it. */
export interface OpenEmbeddedBus extends AsyncDisposable {
  /** URL with the token, if there is one. */
  readonly url: string;
}

/**
 * Opens a bus within this process, unless a server listens there already, which is then used.
 *
 * @throws {UsageError} When the settings ask for what is refused.
 */
export async function openEmbeddedBus(
  { embedded }: Pick<ServeSettings, "embedded">,
  log: Log,
): Promise<OpenEmbeddedBus> {
  const { hostname, port, token } = embedded;
  const bus = await openUnlessInUse(embedded, log);
  if (bus) {
    log.info(
      "No bus is set: opened one for this machine alone; for several machines set MESSAGEBUS_URL",
      { bus: bus.url, token: token ? "needed" : "none" },
    );
  } else {
    log.info("No bus is set: using the server that listens here", { bus: `${hostname}:${port}` });
  }
  const url = new URL(bus?.url ?? `nats://${hostname}:${port}`);
  if (token) url.username = token;
  return { url: url.href, [Symbol.asyncDispose]: async () => await bus?.[Symbol.asyncDispose]() };
}

async function openUnlessInUse(
  { hostname, port, token }: ServeSettings["embedded"],
  log: Log,
): Promise<EmbeddedBus | undefined> {
  try {
    return await startEmbeddedBus({ hostname, port, token, log });
  } catch (error) {
    if (!(error instanceof EmbeddedBusError)) throw error;
    if (error.code === "in_use") return undefined;
    const advice = error.code === "invalid"
      ? "; see --embedded.token and --embedded.token_file"
      : "";
    throw new UsageError(`${error.message}${advice}`, { cause: error });
  }
}
