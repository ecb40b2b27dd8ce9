import { nanosToSeconds } from "../duration.ts";
import type { RecordPayload } from "../kinds.ts";
import type { Input } from "../operation.ts";
import type { Parameters } from "../route.ts";
import type { MintKind } from "../mint.ts";

/** Shape of {@linkcode RecordPayload}. */
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

/** Gives a recording a name when the caller left it to the proxy. */
export function nameRecording(
  { payload }: Input<RecordPayload>,
  mint: (kind: MintKind) => string,
): { payload: RecordPayload } {
  return { payload: { ...payload, name: payload.name || mint("rc") } };
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
