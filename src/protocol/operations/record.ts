import { nanosToSeconds } from "../duration.ts";
import type { EntityRef } from "../entity.ts";
import type { RecordPayload } from "../kinds.ts";
import type { MintKind } from "../mint.ts";
import { type Input, ref } from "../operation.ts";
import type { Parameters } from "../route.ts";

/** Members of the payload of the kinds that record. */
export const recordShape = {
  name: "string",
  options: {
    optional: true,
    object: {
      Format: "string",
      MaxDuration: "nanoseconds",
      MaxSilence: "nanoseconds",
      Exists: "string",
      Beep: "boolean",
      Terminate: "string",
    },
  },
} as const;

/** Columns of the kinds that record, and stage a recording of, a bridge or a channel. */
export function records<A extends "bridge" | "channel">(about: A): {
  entity: "liverecording";
  about: A;
  reply: "key";
  payload: { member: string; shape: typeof recordShape };
  complete: <P extends RecordPayload>(
    input: Input<P>,
    mint: (kind: MintKind) => string,
  ) => { payload: P };
  made: (input: Input<RecordPayload>) => string;
} {
  return {
    entity: "liverecording",
    about,
    reply: "key",
    payload: { member: `${about}_record`, shape: recordShape },
    complete: ({ payload }, mint) => ({
      payload: { ...payload, name: payload.name || mint("rc") },
    }),
    made: ({ payload }) => payload.name,
  };
}

/** What these kinds bind: what is recorded, and the recording. */
export function recordEntities(
  about: "bridge" | "channel",
): (input: Input<RecordPayload>) => readonly EntityRef[] {
  return ({ id, payload }) => [ref(about, id), ref("liverecording", payload.name)];
}

/** Body of the calls that record. Absent options count as zero values. */
export function recordBody({ payload }: Input<RecordPayload>): Parameters {
  const options = payload.options;
  return {
    name: payload.name,
    format: options?.Format ?? "",
    maxDurationSeconds: nanosToSeconds(options?.MaxDuration ?? 0),
    maxSilenceSeconds: nanosToSeconds(options?.MaxSilence ?? 0),
    ifExists: options?.Exists || undefined,
    beep: options?.Beep ?? false,
    terminateOn: options?.Terminate || undefined,
  };
}
