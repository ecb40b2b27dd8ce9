/**
 * Asterisk's own description of its REST interface, reduced to what is generated from it.
 *
 * @module
 */
import type { ParameterDescription } from "../../src/protocol/api/description.ts";

/** The description as Asterisk serves it: the files of `/ari/api-docs` by name. */
export type Documents = ReadonlyMap<string, Document>;

interface Document {
  readonly apis: readonly {
    readonly path: string;
    readonly operations: readonly {
      readonly httpMethod: string;
      readonly since: readonly string[];
      readonly responseClass: string;
      readonly websocketProtocol?: string;
      readonly parameters?: readonly {
        readonly name: string;
        readonly paramType: string;
        readonly dataType: string;
        readonly required?: boolean;
        readonly allowMultiple?: boolean;
        readonly defaultValue?: unknown;
        readonly allowableValues?: {
          readonly valueType: string;
          readonly values?: readonly string[];
          readonly min?: number;
        };
      }[];
    }[];
  }[];
  readonly models?: Readonly<Record<string, Model>>;
}

/** An object in Asterisk's answers or events. */
export interface Model {
  /** Models that are special cases of it. */
  readonly subTypes?: readonly string[];
  /** Its members. */
  readonly properties: Readonly<
    Record<
      string,
      {
        readonly type: string;
        readonly required?: boolean;
        readonly allowableValues?: { readonly values?: readonly string[] };
      }
    >
  >;
}

/** An operation. */
export interface Operation {
  /** Method and path, as in `POST /channels/{channelId}/move`. */
  readonly name: string;
  /** Versions of Asterisk that brought it. */
  readonly since: readonly string[];
  /** Model of the result, `List[…]` of one, `void` or `binary`. */
  readonly result: string;
  /** Whether it opens a WebSocket. */
  readonly socket: boolean;
  /** Its parameters, without what is said about them. */
  readonly parameters: readonly (Omit<ParameterDescription, "doc"> & { readonly name: string })[];
}

/** Everything that is generated from. */
export interface Description {
  /** The operations, by resource and in Asterisk's order. */
  readonly operations: readonly Operation[];
  /** The models by name, those of events among them. */
  readonly models: Readonly<Record<string, Model>>;
}

/**
 * Reads the files of a folder.
 *
 * @throws {Error} When there are none.
 */
export async function readDocuments(folder: string): Promise<Documents> {
  const documents = new Map<string, Document>();
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".json") && name !== "resources.json") {
      documents.set(name, JSON.parse(await Deno.readTextFile(`${folder}/${name}`)));
    }
  }
  if (documents.size === 0) throw new Error(`Cannot read a description: ${folder} has no JSON`);
  return documents;
}

/**
 * Reads what an Asterisk serves.
 *
 * @param url Base URL of REST.
 * @param authorization Value of the header.
 * @throws {Error} When Asterisk refuses.
 */
export async function fetchDocuments(url: string, authorization: string): Promise<Documents> {
  const get = async (path: string) => {
    const answer = await fetch(`${url}${path}`, { headers: { authorization } });
    if (answer.ok) return await answer.json();
    await answer.body?.cancel();
    throw new Error(`Cannot read ${path}: Asterisk answered ${answer.status}`);
  };
  const { apis }: { apis: readonly { path: string }[] } = await get("/api-docs/resources.json");
  const paths = apis.map(({ path }) => path.replace("{format}", "json"));
  return new Map(
    await Promise.all(
      paths.map(async (path): Promise<[string, Document]> => [
        path.slice("/api-docs/".length),
        await get(path),
      ]),
    ),
  );
}

/** Reduces the description. */
export function describe(documents: Documents): Description {
  const sorted = [...documents].sort(([a], [b]) => a < b ? -1 : 1).map(([, document]) => document);
  return {
    operations: sorted.flatMap(({ apis }) => apis).flatMap(({ path, operations }) =>
      operations.map((
        { httpMethod, since, responseClass, websocketProtocol, parameters = [] },
      ) => ({
        name: `${httpMethod} ${path}`,
        since,
        result: responseClass,
        socket: websocketProtocol !== undefined,
        parameters: parameters.map((raw) => {
          const min = leastValues[`${httpMethod} ${path} ${raw.name}`];
          return { ...toParameter(raw), ...(min !== undefined && { min }) };
        }),
      }))
    ),
    models: Object.assign({}, ...sorted.map(({ models }) => models ?? {})),
  };
}

/** Least values that the description does not have: below them the commands of the channel end there. */
const leastValues: Readonly<Record<string, number>> = {
  "POST /channels/{channelId}/dtmf before": 0,
  "POST /channels/{channelId}/dtmf between": 0,
  "POST /channels/{channelId}/dtmf duration": 0,
  "POST /channels/{channelId}/dtmf after": 0,
};

type RawParameter = NonNullable<
  Document["apis"][number]["operations"][number]["parameters"]
>[number];

function toParameter(raw: RawParameter): Description["operations"][number]["parameters"][number] {
  const { name, dataType, allowableValues, defaultValue } = raw;
  return {
    name,
    place: placeOf(raw),
    type: typeOf(raw),
    ...((raw.required || raw.paramType === "path") && { required: true }),
    ...(raw.allowMultiple && { multiple: true }),
    ...(allowableValues?.values && { values: allowableValues.values }),
    ...(allowableValues?.min !== undefined && { min: allowableValues.min }),
    ...(defaultValue !== undefined && dataType !== "containers" && { default: `${defaultValue}` }),
  };
}

function placeOf({ paramType, dataType, name }: RawParameter): ParameterDescription["place"] {
  switch (`${paramType} ${dataType}`) {
    case "body containers":
      return "member";
    case "body object":
      return "body";
  }
  if (paramType === "path" || paramType === "query") return paramType;
  throw new Error(`Cannot place the parameter ${name}: it is in ${paramType} ${dataType}`);
}

function typeOf({ dataType, name }: RawParameter): ParameterDescription["type"] {
  switch (dataType) {
    case "string":
    case "boolean":
      return dataType;
    case "int":
    case "long":
      return "integer";
    case "containers":
    case "object":
      return "json";
  }
  throw new Error(`Cannot use the parameter ${name}: its type is ${dataType}`);
}
