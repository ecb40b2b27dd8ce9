/**
 * Writes `src/protocol/api/` and the types of events: all operations of Asterisk's REST interface and
 * all that it tells, from Asterisk's own description. Names and types are Asterisk's; what is said
 * about them is in the tables of words in `scripts/api/`.
 *
 *     deno run -A scripts/generate_api.ts /usr/share/asterisk/rest-api
 *
 * @module
 */
import { describe, type Documents, readDocuments } from "./api/description.ts";
import { writeApi } from "./api/write_api.ts";
import { writeEvents } from "./api/write_events.ts";

/** The root of the checkout. */
const root = new URL("../", import.meta.url);

/** The generated files, formatted, by their URL. */
export async function generateApi(documents: Documents): Promise<ReadonlyMap<string, string>> {
  const description = describe(documents);
  const files = [
    ...[...writeApi(description)].map(([name, text]) => [`src/protocol/api/${name}`, text]),
    ["src/client/events/generated.ts", writeEvents(description.models)],
  ];
  const texts = files.map(async ([path, text]): Promise<[string, string]> => [
    new URL(path, root).href,
    await format(text),
  ]);
  return new Map(await Promise.all(texts));
}

async function format(text: string): Promise<string> {
  const config = new URL("deno.json", root).pathname;
  const process = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--config", config, "--ext", "ts", "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { success, stdout, stderr } = await process.output();
  if (!success) throw new Error(`Cannot format: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

if (import.meta.main) {
  const [folder] = Deno.args;
  if (!folder) throw new Error("Usage: generate_api.ts FOLDER_WITH_JSON");
  for (const [url, text] of await generateApi(await readDocuments(folder))) {
    await Deno.writeTextFile(new URL(url), text);
  }
}
