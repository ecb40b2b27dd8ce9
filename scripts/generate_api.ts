/**
 * Writes `src/protocol/api/`: the operations of Asterisk's REST interface, their results, and the types
 * of events, from Asterisk's own description. Names and types are Asterisk's; the texts about them are in
 * the tables of words in `scripts/api/`, and where an operation is carried out says `routing.ts`.
 *
 *     deno run -A scripts/generate_api.ts /usr/share/asterisk/rest-api
 *
 * @module
 */
import { type OperationRouting, routing } from "../src/protocol/api/routing.ts";
import { checkRouting } from "./api/check_routing.ts";
import { describe, type Documents, readDocuments } from "./api/description.ts";
import { writeApi } from "./api/write_api.ts";
import { undescribed } from "./api/text.ts";
import { writeEvents } from "./api/write_events.ts";

/** The root of the checkout. */
const root = new URL("../", import.meta.url);

/**
 * The generated files, formatted, by their URL.
 *
 * @param table Where the operations are carried out.
 * @throws {Error} When the table has not the same operations as the description.
 */
export async function generateApi(
  documents: Documents,
  table: Readonly<Record<string, OperationRouting>> = routing,
): Promise<ReadonlyMap<string, string>> {
  const description = describe(documents);
  checkRouting(description.operations, table);
  const files = [
    ...writeApi(description),
    ["known_events.ts", writeEvents(description.models)] as const,
  ];
  const texts = files.map(async ([name, text]): Promise<[string, string]> => [
    new URL(`src/protocol/api/${name}`, root).href,
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
  const files = await generateApi(await readDocuments(folder));
  for (const [url, text] of files) await Deno.writeTextFile(new URL(url), text);
  const missing = undescribed(files.values());
  if (missing.length > 0) console.warn(`The tables in scripts/api/ lack: ${missing.join("; ")}`);
}
