/**
 * What `tail --since` shows before what happens now.
 *
 * @module
 */
import type { Bus } from "../../bus/bus.ts";
import { SubjectTree } from "../../bus/subject_tree.ts";
import { Requester } from "../../client/requester.ts";
import { AriProxyError } from "../../protocol/errors.ts";
import { eventHistory } from "../events/event_history.ts";
import type { Io } from "../io.ts";
import { complain } from "../report_failure.ts";
import type { TailFilter } from "./filter.ts";
import type { TailGate } from "./tail_gate.ts";
import type { TailFlags } from "./command.ts";

/** What the past is shown with. */
export interface ShowPastOptions {
  /** From when on, in milliseconds since 1970. */
  readonly since: number;
  /** Subjects that are listened on. */
  readonly subjects: readonly string[];
  /** Application, where no subjects were given. */
  readonly app?: string;
  /** Node of it. */
  readonly node?: string;
  /** The flags. */
  readonly flags: TailFlags;
  /** Which events are wanted. */
  readonly filter: TailFilter;
  /** Where they go. */
  readonly gate: TailGate;
  /** The process around it. */
  readonly io: Pick<Io, "stdout" | "stderr">;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Characters that may wait for a reader before the next event is looked at. */
const enoughWaiting = 256 * 1024;

/** Shows what the proxies have kept. Where they do not tell, it says so. */
export async function showPast(bus: Bus, options: ShowPastOptions): Promise<void> {
  const { since, subjects, app, node, flags, filter, gate, io, signal } = options;
  const tree = new SubjectTree<true>();
  subjects.forEach((subject) => tree.add(subject, true));
  using client = new Requester(bus);
  const told = new Set<string>();
  const past = () =>
    eventHistory(client, {
      since,
      key: { ...(app && { app }), ...(node && { node }) },
      wanted: (subject) => tree.match(subject).length > 0,
      onMissing: (text) => {
        if (!told.has(text)) complain(text, io.stderr);
        told.add(text);
      },
      signal,
    });
  try {
    if (flags.call !== undefined) {
      // What a call is made of shows in later events; so all are looked at before one is shown.
      for await (const { text } of past()) filter.foresee(text);
    }
    for await (const message of past()) {
      gate.past(message);
      if (io.stdout.pending > enoughWaiting) await io.stdout.flush();
      if (signal.aborted) return;
    }
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof AriProxyError)) throw error;
    complain(`Nothing that is past: ${error.message}`, io.stderr);
  }
}
