/**
 * What the library takes from the environment; this is the only file of it that looks there.
 *
 * @module
 */

/** What is needed of the runtimes' globals; each has but one of them that is looked at. */
interface Globals {
  readonly Deno?: {
    readonly env: { get(name: string): string | undefined };
    readonly permissions: {
      querySync(wanted: { name: "env"; variable: string }): { readonly state: string };
    };
  };
  readonly process?: { readonly env: Readonly<Record<string, string | undefined>> };
}

/**
 * Reads a variable of the environment. An empty one counts as absent, and so does one that Deno does not
 * allow to be read: nobody is asked for the permission.
 */
function environmentVariable(name: string): string | undefined {
  const { Deno: deno, process }: Globals = globalThis;
  if (!deno) return process?.env[name] || undefined;
  const { state } = deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? deno.env.get(name) || undefined : undefined;
}

/** What the environment says of a client. */
export interface ClientEnvironment {
  /** Stasis application, from `ARI_APPLICATION`. */
  readonly app?: string;
  /** URL of the bus, from `MESSAGEBUS_URL`, else `NATS_URI`. */
  readonly url?: string;
}

/** Reads what the environment says of a client. */
export function clientEnvironment(): ClientEnvironment {
  return {
    app: environmentVariable("ARI_APPLICATION"),
    url: environmentVariable("MESSAGEBUS_URL") ?? environmentVariable("NATS_URI"),
  };
}
