/**
 * The engine of the operation table: carries out a request by the columns of its row. What touches
 * the context is handed in.
 *
 * @module
 */
import { answer, type AriResult, isSuccess, replyData } from "./answer.ts";
import { answerLimit } from "./answer_limit.ts";
import { about, callOf, completeInput, type Completion } from "./row_call.ts";
import type { EntityRef } from "./entity.ts";
import { AriProxyError, codeOfError, errorTexts } from "./errors.ts";
import type { FilePieceData, WantedPiece } from "./file_piece.ts";
import type { Kind, Payload } from "./kinds.ts";
import type { Input, Operation } from "./operation.ts";
import { operations } from "./operations.ts";
import { dataFailed } from "./operations/rows.ts";
import type { Request } from "./request.ts";
import type { Response } from "./response.ts";
import { type AriCall, fillRoute } from "./route.ts";

/** How Asterisk is asked. */
export interface CallOptions {
  /** When the call must have been sent, in milliseconds since 1970. @default whenever it can be */
  readonly notAfter?: number;
  /** Largest body of the answer, in bytes. @default whatever can be read */
  readonly maxBody?: number;
}

/** What a request is carried out with. */
export interface PerformContext extends Completion {
  /**
   * Asks Asterisk. It rejects when Asterisk cannot be reached, and with an
   * {@linkcode AriProxyError} for what has a text of its own in the answer: `expired` when the call
   * could not be sent in time, `too_large` and `busy` when the answer is not read.
   */
  send(call: AriCall, options?: CallOptions): Promise<AriResult>;
  /**
   * Asks Asterisk for a file and reads a piece of it. It rejects when Asterisk cannot be reached, and
   * with an {@linkcode AriProxyError} when there is no such piece.
   */
  readPiece(call: AriCall, wanted: WantedPiece): Promise<FilePieceData | AriResult>;
  /** Binds entities to a dialog; those with an empty ID are ignored. */
  bind(dialog: string, entities: readonly EntityRef[]): void;
  /** The largest payload that the bus takes, in bytes. */
  readonly maxPayload: number;
  /** Tells the time, in milliseconds since 1970. */
  now(): number;
}

/**
 * Carries out a request, unless its deadline passes before Asterisk can be asked for it.
 *
 * @throws {AriProxyError} With the text for the answer, when we or Asterisk refuse it.
 */
export async function perform<K extends Kind>(
  request: Request<K>,
  context: PerformContext,
): Promise<Response> {
  const row = operations[request.kind];
  const input = completeInput(row, request, context);
  const bind = (when: "first" | "probed") => {
    const { dialog } = input.key;
    if (dialog && row.binds?.when === when) context.bind(dialog, row.binds.entities(input));
  };

  const { deadline: notAfter } = request;
  const options = { notAfter, maxBody: answerLimit(row, context.maxPayload) };
  bind("first");
  if (row.probe) {
    const wrap = dataFailed(about(row));
    const probe = fillRoute(row.probe, { id: input.id });
    await ask(context, probe, { options, wrap: (cause) => wrap(cause, input) });
    bind("probed");
  }
  const call = callOf(row, input);
  if (!call) return answer(row, input, undefined);
  if (notAfter !== undefined && context.now() > notAfter) {
    throw new AriProxyError("expired", errorTexts.expiredWaiting);
  }
  const wrap = (cause: string) => row.failed?.(cause, input) ?? cause;
  if (row.piece) return await readPiece(row, input, { context, call, wanted: row.piece(input) });
  const result = row.raw
    ? await reach(() => context.send(call, options), wrap)
    : await ask(context, call, { options, wrap });
  if (!row.probe) bind("probed");
  return answer(row, input, result);
}

/** Asks Asterisk and returns its answer if it is a success. */
async function ask(
  context: PerformContext,
  call: AriCall,
  { options, wrap }: {
    readonly options: CallOptions;
    readonly wrap: (cause: string) => string;
  },
): Promise<AriResult> {
  const result = await reach(() => context.send(call, options), wrap);
  if (isSuccess(result)) return result;
  throw refusal(result, wrap);
}

/** Reads a piece of a file, which makes the data of the answer. */
async function readPiece<K extends Kind>(
  row: Operation<K>,
  input: Input<Payload<K>>,
  { context, call, wanted }: {
    readonly context: PerformContext;
    readonly call: AriCall;
    readonly wanted: WantedPiece;
  },
): Promise<Response> {
  const wrap = (cause: string) => row.failed?.(cause, input) ?? cause;
  const piece = await reach(() => context.readPiece(call, wanted), wrap);
  if ("status" in piece) throw refusal(piece, wrap);
  return { error: "", data: replyData(row, input, piece) };
}

function refusal(result: AriResult, wrap: (cause: string) => string): AriProxyError {
  const text = errorTexts.refused(result.status, result.reason);
  return new AriProxyError(codeOfError(text), wrap(text), { cause: result });
}

/** Asks Asterisk and returns its answer, whatever it is. */
async function reach<T>(ask: () => Promise<T>, wrap: (cause: string) => string): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof AriProxyError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AriProxyError("asterisk_down", wrap(errorTexts.unreachable(why)), { cause });
  }
}
