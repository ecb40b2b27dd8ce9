/** Files that some module reads; an empty one is enough, a missing one is an error. */
const EMPTY = [
  ...["acl", "aeap", "ccss", "chan_websocket", "features", "geolocation", "pjproject", "stasis"],
  ...["udptl", "websocket_client"],
].map((name) => `${name}.conf`);

/** What is filled in for the words between `@` signs in the files of the folder `asterisk`. */
export interface AsteriskSettings {
  /** The instance's folder. */
  readonly run: string;
  /** The folder of Asterisk's modules. */
  readonly modules: string;
  /** The folder with `sounds`, `moh` and `documentation`. */
  readonly data: string;
  /** The entity id: six pairs of hex digits with colons between. */
  readonly entityId: string;
  /** The TCP port of ARI. */
  readonly httpPort: number;
  /** The UDP port of SIP. */
  readonly sipPort: number;
  /** The first UDP port of RTP. */
  readonly rtpStart: number;
  /** The last UDP port of RTP. */
  readonly rtpEnd: number;
  /** The ARI user who may do everything. */
  readonly username: string;
  /** Their password. */
  readonly password: string;
  /** The ARI user who may only read. */
  readonly readonlyUsername: string;
  /** Their password. */
  readonly readonlyPassword: string;
}

/**
 * Writes the configuration of an Asterisk into the folder `etc` of its run folder.
 *
 * @param overlay File names and contents that replace files, or join them. The words between `@`
 * signs are filled in there as well: `@SIP_PORT@` is {@linkcode AsteriskSettings.sipPort}.
 */
export async function writeAsteriskConfig(
  settings: AsteriskSettings,
  overlay: Readonly<Record<string, string>> = {},
): Promise<void> {
  const templates = new URL("./asterisk/", import.meta.url);
  const files = new Map(EMPTY.map((name) => [name, ""]));
  for await (const { name } of Deno.readDir(templates)) {
    files.set(name, await Deno.readTextFile(new URL(name, templates)));
  }
  for (const [name, text] of Object.entries(overlay)) files.set(name, text);

  const values = new Map(
    Object.entries(settings).map(([name, value]) => [placeholder(name), `${value}`]),
  );
  await Deno.mkdir(`${settings.run}/etc`, { recursive: true });
  for (const [name, text] of files) {
    const filled = text.replaceAll(/@[A-Z_]+@/g, (word) => values.get(word) ?? word);
    await Deno.writeTextFile(`${settings.run}/etc/${name}`, filled);
  }
}

/** `httpPort` becomes `@HTTP_PORT@`. */
function placeholder(name: string): string {
  return `@${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}@`;
}
