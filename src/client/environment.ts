/**
 * Reads the environment; no other file of the library does.
 *
 * @module
 */

/** The globals of the runtimes, of which each has one. */
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
 * allow to be read: the user is not prompted for the permission.
 */
function environmentVariable(name: string): string | undefined {
  const { Deno: deno, process }: Globals = globalThis;
  if (!deno) return process?.env[name] || undefined;
  const { state } = deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? deno.env.get(name) || undefined : undefined;
}

/** Reads application (`ARI_APPLICATION`) and URL of the bus (`MESSAGEBUS_URL`, else `NATS_URI`). */
export function clientEnvironment(): { readonly app?: string; readonly url?: string } {
  return {
    app: environmentVariable("ARI_APPLICATION"),
    url: environmentVariable("MESSAGEBUS_URL") ?? environmentVariable("NATS_URI"),
  };
}
