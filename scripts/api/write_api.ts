/**
 * The text of the generated files.
 *
 * @module
 */
import type { RestParameter, RestRow } from "../../src/protocol/rest_row.ts";
import type { Description, Operation } from "./description.ts";
import { figureWords, memberWords, modelWords } from "./model_words.ts";
import { operationWords } from "./operation_words.ts";
import { header, known, simpleTypes, words } from "./text.ts";
import { bodyTypes, parameterWords } from "./parameter_words.ts";

/** The generated files by name, not formatted yet. */
export function writeApi(description: Description): ReadonlyMap<string, string> {
  const models = new Models(description);
  const operations = writeOperations(description, models);
  return new Map([
    ["rest_operations.ts", operations],
    ["models.ts", models.text()],
    ["rest_rows.ts", writeRows(description)],
    ["rest_lists.ts", writeLists(description)],
  ]);
}

/** The rows of all operations, by name. */
export function toRows({ operations }: Description): Readonly<Record<string, RestRow>> {
  return Object.fromEntries(operations.map(({ name, since, result, socket, parameters }) => [name, {
    doc: known(operationWords[name], name),
    since,
    result: result.replace(/^List\[(\w+)\]$/, "list of $1"),
    ...(socket && { socket: true as const }),
    parameters: Object.fromEntries(
      parameters.map(({ name: parameter, ...rest }) => {
        const scope = `${name} ${parameter}`;
        const doc = known(words(parameterWords, parameter, scope), scope);
        return [parameter, { doc, ...rest }];
      }),
    ),
  }]));
}

function writeRows(description: Description): string {
  return [
    header("All operations of Asterisk 22's REST interface with their parameters, as values."),
    `import type { RestRow } from "../rest_row.ts";`,
    `import type { RestOperation } from "./rest_operations.ts";\n`,
    "/** The operations by method and path. */",
    `export const restRows: Readonly<Record<RestOperation, RestRow>> = ${
      JSON.stringify(toRows(description))
    };`,
    "",
  ].join("\n");
}

function writeLists({ operations }: Description): string {
  const reads = operations.filter(({ name, result }) =>
    name.startsWith("GET ") && result.startsWith("List[") && !name.includes("/config/")
  );
  return [
    header("The operations that list what a node has, so that the lists of all nodes make one."),
    "/** The operations by method and path. */",
    `export const restLists: ReadonlySet<string> = new Set(${
      JSON.stringify(reads.map(({ name }) => name))
    });`,
    "",
  ].join("\n");
}

function writeOperations({ operations }: Description, models: Models): string {
  const imports = new Set<string>();
  const entries = operations.filter(({ socket }) => !socket).map((operation) => {
    const { name, result, parameters } = operation;
    const members = parameters.map((parameter) =>
      [
        `/** ${docOf(operation, parameter)} */`,
        `readonly ${parameter.name}${parameter.required ? "" : "?"}: ${
          parameterType(operation, parameter)
        };`,
      ].join("\n")
    );
    return [
      `/** ${known(operationWords[name], name)} */`,
      `readonly ${JSON.stringify(name)}: {`,
      "/** Its parameters. */",
      `readonly parameters: ${
        members.length > 0 ? `{\n${members.join("\n")}\n}` : "NoParameters"
      };`,
      "/** Its result. */",
      `readonly result: ${models.typeOf(result)};`,
      "};",
    ].join("\n");
  });
  const body = entries.join("\n");
  for (const [name] of body.matchAll(/\bRest[A-Z]\w*/g)) {
    if (!handWritten.includes(name)) imports.add(name);
  }
  const byHand = handWritten.filter((name) => body.includes(name));
  return [
    header("The types of all operations of Asterisk 22's REST interface."),
    ...(body.includes("ConfigTuple") ? [`import type { ConfigTuple } from "../entities.ts";`] : []),
    ...(body.includes("JsonObject") ? [`import type { JsonObject } from "../json.ts";`] : []),
    `import type { ${["NoParameters", ...byHand].sort().join(", ")} } from "../rest_types.ts";`,
    `import type { ${[...imports].sort().join(", ")} } from "./models.ts";\n`,
    "/** Parameters and result of each operation, by method and path. */",
    `export interface RestOperations {\n${body}\n}\n`,
    "/** An operation: method and path, as in `POST /channels/{channelId}/move`. */",
    'export type RestOperation = keyof RestOperations | "GET /events";',
    "",
  ].join("\n");
}

/** Types that a person wrote. */
const handWritten = ["RestEventFilter", "RestVariablesToSet"];

function docOf({ name }: Operation, parameter: Operation["parameters"][number]): string {
  const scope = `${name} ${parameter.name}`;
  const doc = known(words(parameterWords, parameter.name, scope), scope);
  return parameter.default === undefined ? doc : `${doc} @default ${parameter.default}`;
}

function parameterType(
  { name }: Operation,
  { name: parameter, type, values, multiple }: Omit<RestParameter, "doc"> & { name: string },
): string {
  if (type === "json") {
    return known(words(bodyTypes, parameter, `${name} ${parameter}`), `${name} ${parameter}`);
  }
  const base = values?.map((value) => JSON.stringify(value)).join(" | ") ??
    { string: "string", integer: "number", boolean: "boolean" }[type];
  if (!multiple) return base;
  return `${base} | readonly ${base.includes("|") ? `(${base})` : base}[]`;
}

/** The models that operations answer with, and those within them. */
class Models {
  readonly #description: Description;
  readonly #wanted: string[] = [];
  #json = false;

  constructor(description: Description) {
    this.#description = description;
  }

  /** The TypeScript of a type of Asterisk's. */
  typeOf(name: string): string {
    const list = /^List\[(\w+)\]$/.exec(name)?.[1];
    if (list) return `readonly ${this.typeOf(list)}[]`;
    if (Object.hasOwn(simpleTypes, name)) return simpleTypes[name];
    if (name === "ConfigTuple") return name;
    known(modelWords[name], name);
    if (!this.#wanted.includes(name)) this.#wanted.push(name);
    return `Rest${name}`;
  }

  text(): string {
    const texts: string[] = [];
    for (let i = 0; i < this.#wanted.length; i++) texts.push(this.#interface(this.#wanted[i]));
    const body = texts.sort().join("\n");
    this.#json = body.includes("JsonObject");
    return [
      header("The types of what Asterisk 22 answers."),
      ...(this.#json ? [`import type { JsonObject } from "../json.ts";\n`] : []),
      body,
    ].join("\n");
  }

  #interface(name: string): string {
    const { properties } = this.#description.models[name];
    const members = Object.entries(properties).map(
      ([member, { type, required, allowableValues }]) => {
        const scope = `${name}.${member}`;
        const doc = known(words(memberWords, member, scope) ?? figureWords(member), scope);
        // A newer Asterisk may have more values.
        const values = allowableValues?.values?.map((value) => JSON.stringify(value)).join(" | ");
        const shown = values === undefined
          ? this.typeOf(type)
          : `${values} | (string & Record<never, never>)`;
        return `/** ${doc} */\nreadonly ${member}${required ? "" : "?"}: ${shown};`;
      },
    );
    return `/** ${modelWords[name]} */\nexport interface Rest${name} {\n${members.join("\n")}\n}\n`;
  }
}
