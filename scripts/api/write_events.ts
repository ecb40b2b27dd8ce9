/**
 * The text of the generated types of events.
 *
 * @module
 */
import type { Model } from "./description.ts";
import { eventMemberWords, eventWords, partWords } from "./event_words.ts";
import { modelType } from "./write_api.ts";
import { header, known, simpleTypes, words } from "./text.ts";

/** Models whose types `models.ts` has. */
const elsewhere: readonly string[] = [
  "Bridge",
  "Channel",
  "DeviceState",
  "Endpoint",
  "LiveRecording",
  "Playback",
];

/** Types that are written by hand. */
const fixedTypes = `
/** What every event has. */
export interface EventBase {
  /**
   * Application that it was sent to. Of a connection for a single call it has the channel's name behind a
   * colon, as in \`calls:PJSIP/alice-00000001\`; keys and handles have the application alone.
   */
  readonly application: string;
  /** When it happened, \`YYYY-MM-DDThh:mm:ss.mmm±hhmm\`. */
  readonly timestamp: string;
  /** Node that it comes from. */
  readonly asterisk_id?: string;
  /** Dialog that it was copied for; absent from an event that is not such a copy. */
  readonly dialog?: string;
}

/** A text message, as it is in events on the bus. */
export interface TextMessage {
  /** Who sent it, a URI. */
  readonly from: string;
  /** Whom it is for, a URI. */
  readonly to: string;
  /** The text. */
  readonly body: string;
  /** Variables that came with it. */
  readonly variables?: readonly { readonly key: string; readonly value: string }[] | null;
}
`;

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
        [
          `/** ${known(partWords[name], name)} */`,
          `export interface ${name} {`,
          ...this.#members(name),
          "}\n",
        ]
          .join("\n"),
      );
    }
    const lines = [...this.#imports].sort(([a], [b]) => a < b ? -1 : 1).map(([file, names]) =>
      `import type { ${[...names].sort().join(", ")} } from ${JSON.stringify(file)};`
    );
    return [
      header("The events of Asterisk 22."),
      ...lines,
      fixedTypes,
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
    if (name === "object") return this.#use("JsonObject", "../json.ts");
    if (Object.hasOwn(simpleTypes, name)) return simpleTypes[name];
    if (elsewhere.includes(name)) return this.#use(modelType(name), "./models.ts");
    if (name === "TextMessage") return name;
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
