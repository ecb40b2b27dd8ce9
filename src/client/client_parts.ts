import type { AriClientOptions } from "./ari_client_options.ts";
import type { ClientCore } from "./client_core.ts";
import type { Scope } from "./lifetime.ts";

/**
 * What a client is made on.
 *
 * @internal
 */
export interface ClientParts {
  /** What it shares with those that are derived of one another. */
  readonly core: ClientCore;
  /** How long it lives. */
  readonly scope: Scope;
  /** What it was made with. */
  readonly options: AriClientOptions;
  /** Whether the shared part ends with it. */
  readonly isRoot: boolean;
}
