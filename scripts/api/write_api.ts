/**
 * The text of the generated files about operations and their results.
 *
 * @module
 */
import type {
  OperationDescription,
  ParameterDescription,
} from "../../src/protocol/api/description.ts";
import type { Description, Operation } from "./description.ts";
import { figureWords, memberTypes, memberWords, modelNames, modelWords } from "./model_words.ts";
import { operationWords } from "./operation_words.ts";
import { header, known, simpleTypes, words } from "./text.ts";
import { bodyTypes, parameterWords } from "./parameter_words.ts";

/** The generated files by name, not formatted yet. */
export function writeApi(description: Description): ReadonlyMap<string, string> {
  const models = new Models(description);
  const operations = writeOperations(description, models);
  return new Map([
    ["operation_types.ts", operations],
    ["models.ts", models.text()],
    ["description.ts", writeDescription(description)],
    ["body_parameters.ts", writeBodyParameters(description)],
  ]);
}

/** The descriptions of all operations, by name. */
export function toRows(
  { operations }: Description,
): Readonly<Record<string, OperationDescription>> {
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

/** Types of the descriptions, which the generated file has itself. */
const descriptionTypes = `
/** Asterisk's description of an operation of its REST interface. */
export interface OperationDescription {
  /** What it does. */
  readonly doc: string;
  /** Versions of Asterisk that introduced it. */
  readonly since: readonly string[];
  /** What it returns, by Asterisk's name; \`void\` for nothing, \`binary\` for the bytes of a file. */
  readonly result: string;
  /** Whether it opens the ARI WebSocket, and so cannot be called. */
  readonly socket?: true;
  /** Its parameters by name. */
  readonly parameters: Readonly<Record<string, ParameterDescription>>;
}

/** A parameter of an operation. */
export interface ParameterDescription {
  /** What it means. */
  readonly doc: string;
  /** Where it is: in the path, in the query, as a member of the body, or as the whole body. */
  readonly place: "path" | "query" | "member" | "body";
  /** What it holds; \`json\` is an object or a list. */
  readonly type: "string" | "integer" | "boolean" | "json";
  /** Whether it cannot be left out. */
  readonly required?: true;
  /** Whether there can be several values. */
  readonly multiple?: true;
  /** The values that it can have. */
  readonly values?: readonly string[];
  /** The least value of a number. */
  readonly min?: number;
  /** What holds when it is left out. */
  readonly default?: string;
}
`;

/** A line for each operation, and one for each parameter. */
function writeDescription(description: Description): string {
  const lines = Object.entries(toRows(description)).flatMap(([name, { parameters, ...row }]) => {
    const begin = `  ${JSON.stringify(name)}: ${JSON.stringify(row).slice(0, -1)},"parameters":{`;
    const inner = Object.entries(parameters).map(([parameter, about]) =>
      `    ${JSON.stringify(parameter)}: ${JSON.stringify(about)},`
    );
    return inner.length > 0 ? [begin, ...inner, "  }},"] : [`${begin}}},`];
  });
  return [
    header("All operations of Asterisk 22's REST interface with their parameters, as values.", {
      fixed: true,
    }),
    `import type { RestOperation } from "./operation_types.ts";`,
    descriptionTypes,
    "/** The operations by method and path. */",
    "export const description: Readonly<Record<RestOperation, OperationDescription>> = {",
    ...lines,
    "};",
    "",
  ].join("\n");
}

/** What the library needs of the description, which is large. */
function writeBodyParameters({ operations }: Description): string {
  const rows = operations.flatMap(({ name, parameters }) => {
    const inBody = parameters.filter(({ place }) => place === "member" || place === "body")
      .map(({ name, place }) => [name, place]);
    return inBody.length > 0 ? [[name, Object.fromEntries(inBody)]] : [];
  });
  return [
    header("The parameters of Asterisk 22's REST interface that are in the body of a request."),
    "/** By operation and name: whether a parameter is a member of the body, or the whole body. */",
    "export const bodyParameters: Readonly<",
    'Record<string, Readonly<Record<string, "member" | "body">>>',
    `> = ${JSON.stringify(Object.fromEntries(rows))};`,
    "",
  ].join("\n");
}

function writeOperations({ operations }: Description, models: Models): string {
  const entries = operations.filter(({ socket }) => !socket).map((operation) => {
    const { name, result, parameters } = operation;
    const members = parameters.map((parameter) =>
      `    /** ${docOf(operation, parameter)} */ readonly ${parameter.name}${
        parameter.required ? "" : "?"
      }: ${parameterType(operation, parameter)};`
    );
    const given = members.length > 0 ? ["{", ...members, "  }"].join("\n") : "NoParameters";
    return [
      `  /** ${known(operationWords[name], name)} */`,
      `  readonly ${JSON.stringify(name)}: RestTypes<${given}, ${models.typeOf(result)}>;`,
    ].join("\n");
  });
  const body = entries.join("\n");
  const used = (names: readonly string[]) =>
    names.filter((name) => new RegExp(`\\b${name}\\b`).test(body)).sort();
  return [
    header("The types of all operations of Asterisk 22's REST interface.", { fixed: true }),
    ...(used(["JsonObject"]).map((name) => `import type { ${name} } from "../json.ts";`)),
    `import type { ${used(models.names()).join(", ")} } from "./models.ts";`,
    `import type { ${
      ["NoParameters", "RestTypes", ...used(handWritten)].sort().join(", ")
    } } from "./parameter_types.ts";\n`,
    "/** Parameters and result of each operation, by method and path. */",
    `export interface RestOperations {\n${body}\n}\n`,
    "/** An operation: method and path, as in `POST /channels/{channelId}/move`. */",
    'export type RestOperation = keyof RestOperations | "GET /events";',
    "",
  ].join("\n");
}

/** Types of parameters that are written by hand. */
const handWritten = ["RestEventFilter", "RestVariablesToSet"];

function docOf({ name }: Operation, parameter: Operation["parameters"][number]): string {
  const scope = `${name} ${parameter.name}`;
  const doc = known(words(parameterWords, parameter.name, scope), scope);
  return parameter.default === undefined ? doc : `${doc} @default ${parameter.default}`;
}

function parameterType(
  { name }: Operation,
  { name: parameter, type, values, multiple }: Omit<ParameterDescription, "doc"> & {
    name: string;
  },
): string {
  if (type === "json") {
    return words(bodyTypes, parameter, `${name} ${parameter}`) ?? "unknown";
  }
  const base = values?.map((value) => JSON.stringify(value)).join(" | ") ??
    { string: "string", integer: "number", boolean: "boolean" }[type];
  if (!multiple) return base;
  return `${base} | readonly ${base.includes("|") ? `(${base})` : base}[]`;
}

/** The models that operations return, and those within them. */
class Models {
  readonly #description: Description;
  readonly #wanted: string[] = ["ConfigTuple"];

  constructor(description: Description) {
    this.#description = description;
  }

  /** The names of the types so far. */
  names(): string[] {
    return this.#wanted.map(modelType);
  }

  /** The TypeScript of a type of Asterisk. */
  typeOf(name: string): string {
    const list = /^List\[(\w+)\]$/.exec(name)?.[1];
    if (list) return `readonly ${this.typeOf(list)}[]`;
    if (Object.hasOwn(simpleTypes, name)) return simpleTypes[name];
    if (!this.#wanted.includes(name)) this.#wanted.push(name);
    return modelType(name);
  }

  text(): string {
    const texts: string[] = [];
    for (let i = 0; i < this.#wanted.length; i++) texts.push(this.#interface(this.#wanted[i]));
    const body = texts.sort().join("\n");
    return [
      header("The types of what Asterisk 22 returns."),
      ...(body.includes("JsonObject") ? [`import type { JsonObject } from "../json.ts";\n`] : []),
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
          ? memberTypes[member] ?? this.typeOf(type)
          : `${values} | (string & Record<never, never>)`;
        return `/** ${doc} */\nreadonly ${member}${required ? "" : "?"}: ${shown};`;
      },
    );
    return `/** ${known(modelWords[name], name)} */\nexport interface ${modelType(name)} {\n${
      members.join("\n")
    }\n}\n`;
  }
}

/** The TypeScript name of a model. */
export function modelType(name: string): string {
  return modelNames[name] ?? `${name}Data`;
}
