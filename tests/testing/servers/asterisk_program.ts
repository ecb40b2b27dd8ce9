import { installServers } from "./install.ts";

/** Where an Asterisk lies; all paths are absolute. */
export interface AsteriskProgram {
  /** The program. */
  readonly program: string;
  /** The folder of its modules. */
  readonly modules: string;
  /** The folder with `sounds`, `moh` and `documentation`. */
  readonly data: string;
}

/**
 * Finds the Asterisk to test with: the one that `$ARI_PROXY_TEST_ASTERISK`,
 * `$ARI_PROXY_TEST_ASTERISK_MODULES` and `$ARI_PROXY_TEST_ASTERISK_DATA` name, or else the one that
 * {@linkcode installServers} installs.
 *
 * @throws {Error} When only some of the variables are set, or the installation fails.
 */
export async function findAsterisk(): Promise<AsteriskProgram> {
  const names = ["", "_MODULES", "_DATA"].map((suffix) => `ARI_PROXY_TEST_ASTERISK${suffix}`);
  const [program, modules, data] = names.map((name) => Deno.env.get(name));
  if (program && modules && data) return { program, modules, data };
  if (program || modules || data) {
    throw new Error(`Cannot find Asterisk: ${names.join(", ")} must be set together`);
  }
  const { asterisk, asteriskModules, asteriskData } = await installServers();
  return { program: asterisk, modules: asteriskModules, data: asteriskData };
}
