/**
 * The engine of the operation table: carries out a request by the columns of its row. What touches
 * the world is handed in.
 *
 * @module
 */
import { answer, type AriResult, isSuccess } from "./answer.ts";
import { entities, type EntityKind, type EntityRef } from "./entities.ts";
import { AriProxyError, codeOfError, errorTexts, invalid } from "./errors.ts";
import { isObject } from "./json.ts";
import type { Coordinates } from "./key.ts";
import type { Kind, Payload } from "./kinds.ts";
import type { MintKind } from "./mint.ts";
import type { Input, Operation } from "./operation.ts";
import { operations } from "./operations.ts";
import { dataFailed } from "./operations/rows.ts";
import type { Request } from "./request.ts";
import type { Response } from "./response.ts";
import { type AriCall, fillRoute, routeNames, type RouteValues } from "./route.ts";

/** What a request is carried out with. */
export interface Surroundings {
  /** The proxy. */
  readonly self: Coordinates;
  /** Asks Asterisk. It rejects when Asterisk cannot be reached. */
  send(call: AriCall): Promise<AriResult>;
  /** Binds entities to a dialog; those with an empty ID are ignored. */
  bind(dialog: string, entities: readonly EntityRef[]): void;
  /** Makes an ID. */
  mint(kind: MintKind): string;
}

/**
 * Carries out a request.
 *
 * @throws {AriProxyError} With the text for the answer, when we or Asterisk refuse it.
 */
export async function perform<K extends Kind>(
  request: Request<K>,
  world: Surroundings,
): Promise<Response> {
  const row = operations[request.kind];
  const input = completeInput(row, request, world);
  const bind = (when: "first" | "probed") => {
    const { dialog } = input.key;
    if (dialog && row.binds?.when === when) world.bind(dialog, row.binds.entities(input));
  };

  bind("first");
  if (row.probe) {
    const wrap = dataFailed(about(row));
    await ask(world, fillRoute(row.probe, { id: input.id }), (cause) => wrap(cause, input));
    bind("probed");
  }
  const call = callOf(row, input);
  if (!call) return answer(row, input, undefined);
  const wrap = (cause: string) => row.failed?.(cause, input) ?? cause;
  const result = row.raw ? await reach(world, call, wrap) : await ask(world, call, wrap);
  if (!row.probe) bind("probed");
  return answer(row, input, result);
}

/** The call that the request itself tells, or the one of the row; undefined when there is none. */
function callOf<K extends Kind>(
  row: Operation<K>,
  input: Input<Payload<K>>,
): AriCall | undefined {
  if (row.given) return row.given(input);
  return row.call && fillRoute(row.call, pathValues(row, input), {
    query: row.query?.(input),
    body: row.body?.(input),
  });
}

function about<K extends Kind>(row: Operation<K>): EntityKind {
  return row.about ?? row.entity;
}

function completeInput<K extends Kind>(
  row: Operation<K>,
  { key, payload }: Request<K>,
  { self, mint }: Surroundings,
): Input<Payload<K>> {
  const given: Input<Payload<K>> = { id: key.id ?? "", key, payload, self };
  const refusal = row.refuse?.(given);
  if (refusal) throw invalid(refusal);
  const input = { ...given, ...row.complete?.(given, mint) };
  if (!input.id && needsId(row)) {
    const { what, missing } = entities[about(row)];
    throw invalid(row.noId ?? errorTexts.noId(missing ?? what));
  }
  return input;
}

/** Tells whether a kind is about an entity that the key has to name. */
function needsId<K extends Kind>(row: Operation<K>): boolean {
  const inRoute = [row.call, row.probe].some((route) => route && routeNames(route).includes("id"));
  const ofOne = row.class === "data" || row.class === "get";
  return inRoute || row.noId !== undefined ||
    (ofOne && row.reply !== "keys" && row.entity !== "asterisk");
}

/** Values for the braces of a route: the ID, the texts of the payload, and what the row adds. */
function pathValues<K extends Kind>(
  row: Operation<K>,
  input: Input<Payload<K>>,
): RouteValues {
  const values: Record<string, string> = {};
  const payload: unknown = input.payload;
  for (const [name, value] of Object.entries(isObject(payload) ? payload : {})) {
    if (typeof value === "string") values[name] = value;
  }
  return { ...values, id: input.id, ...row.path?.(input) };
}

/** Asks Asterisk and returns its answer if it is a success. */
async function ask(
  world: Surroundings,
  call: AriCall,
  wrap: (cause: string) => string,
): Promise<AriResult> {
  const result = await reach(world, call, wrap);
  if (isSuccess(result)) return result;
  const text = errorTexts.refused(result.status, result.reason);
  throw new AriProxyError(codeOfError(text), wrap(text), { cause: result });
}

/** Asks Asterisk and returns its answer, whatever it is. */
async function reach(
  world: Surroundings,
  call: AriCall,
  wrap: (cause: string) => string,
): Promise<AriResult> {
  try {
    return await world.send(call);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AriProxyError("asterisk_down", wrap(errorTexts.unreachable(why)), { cause });
  }
}
