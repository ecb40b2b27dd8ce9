/**
 * The text of the generated types of events.
 *
 * @module
 */
import type { Model } from "./description.ts";
import { eventMemberWords, eventWords, partWords } from "./event_words.ts";
import { header, known, simpleTypes, words } from "./text.ts";

/** Types of the objects that are written elsewhere, and the file that has them. */
const elsewhere: Readonly<Record<string, readonly [string, string]>> = {
  Bridge: ["BridgeData", "../../protocol/entities.ts"],
  Channel: ["ChannelData", "../../protocol/entities.ts"],
  DeviceState: ["DeviceStateData", "../../protocol/entities.ts"],
  Endpoint: ["EndpointData", "../../protocol/entities.ts"],
  LiveRecording: ["LiveRecordingData", "../../protocol/entities.ts"],
  Playback: ["PlaybackData", "../../protocol/entities.ts"],
  TextMessage: ["TextMessage", "./text_message.ts"],
};

/** The members of every event, which are written by hand. */
const baseMembers = ["type", "application", "timestamp", "asterisk_id"];

/** The file, not formatted yet. */
export function writeEvents(models: Readonly<Record<string, Model>>): string {
  return new EventWriter(models).text();
}

class EventWriter {
  readonly #models: Readonly<Record<string, Model>>;
  /** The types that were come across. */
  readonly #wanted: string[] = [];
  readonly #imports = new Map<string, Set<string>>();

  constructor(models: Readonly<Record<string, Model>>) {
    this.#models = models;
  }

  text(): string {
    const types = [...new Set(this.#leaves("Message"))].sort();
    this.#use("EventBase", "./event_base.ts");
    const interfaces = types.map((type) =>
      [
        `/** ${known(eventWords[type], type)} */`,
        `export interface ${type}Event extends EventBase {`,
        "/** The type. */",
        `readonly type: ${JSON.stringify(type)};`,
        ...this.#members(type),
        "}\n",
      ].join("\n")
    );
    for (let i = 0; i < this.#wanted.length; i++) {
      const name = this.#wanted[i];
      interfaces.push(
        [`/** ${partWords[name]} */`, `export interface ${name} {`, ...this.#members(name), "}\n"]
          .join("\n"),
      );
    }
    const lines = [...this.#imports].sort(([a], [b]) => a < b ? -1 : 1).map(([file, names]) =>
      `import type { ${[...names].sort().join(", ")} } from ${JSON.stringify(file)};`
    );
    return [
      header("The events of Asterisk 22."),
      ...lines,
      "",
      ...interfaces,
      "/** Every event that Asterisk is known to send. */",
      `export type KnownEvent = ${types.map((type) => `\n  | ${type}Event`).join("")};`,
      "",
      "/** The types of all known events. */",
      `export const knownEventTypes: readonly KnownEvent["type"][] = ${JSON.stringify(types)};`,
      "",
    ].join("\n");
  }

  #leaves(name: string): string[] {
    return this.#models[name].subTypes?.flatMap((subType) => this.#leaves(subType)) ?? [name];
  }

  #use(name: string, file: string): string {
    this.#imports.set(file, (this.#imports.get(file) ?? new Set()).add(name));
    return name;
  }

  #typeOf(name: string): string {
    const list = /^List\[(\w+)\]$/.exec(name)?.[1];
    if (list) return `readonly ${this.#typeOf(list)}[]`;
    if (name === "object") return this.#use("JsonObject", "../../protocol/json.ts");
    if (Object.hasOwn(simpleTypes, name)) return simpleTypes[name];
    if (Object.hasOwn(elsewhere, name)) return this.#use(...elsewhere[name]);
    known(partWords[name], name);
    if (!this.#wanted.includes(name)) this.#wanted.push(name);
    return name;
  }

  #members(name: string): string[] {
    return Object.entries(this.#models[name].properties)
      .filter(([member]) => !baseMembers.includes(member))
      .sort(([a], [b]) => a < b ? -1 : 1)
      .flatMap(([member, { type, required }]) => {
        const scope = `${name}.${member}`;
        const doc = known(words(eventMemberWords, member, scope), scope);
        return [
          `/** ${doc} */`,
          `readonly ${member}${required ? "" : "?"}: ${this.#typeOf(type)};`,
        ];
      });
  }
}
