/**
 * Events with numbers: each one that Asterisk accepted has to be received, or to be reported as missing.
 *
 * @module
 */
import type { AriClient } from "../../src/client/client.ts";
import type { Tally } from "./call_traffic.ts";

/** What became of the numbered events. */
export interface NumberedEvents {
  /** How many were sent and accepted. */
  readonly accepted: number;
  /** How many requests for them failed. */
  readonly refused: number;
  /** How many were received. */
  readonly heard: number;
  /** Those accepted that were not received, while a notice reported missing events. */
  readonly told: number;
  /** Those accepted that were not received, and nothing reported them. */
  readonly lost: readonly number[];
  /** How many came twice, or behind a later one. */
  readonly disordered: number;
  /** Notices received, by reason. */
  readonly notices: Readonly<Record<string, number>>;
}

/** What a subscriber received: an event, or a gap notice. */
export type Heard = { readonly number: number } | { readonly notice: string };

/** Sends numbered events and listens to them. */
export class NumberedTraffic {
  readonly #accepted: number[] = [];
  readonly #heard: Heard[] = [];
  #refused = 0;
  #next = 0;

  /** Listens until the signal aborts. Resolves when it has begun, with what resolves at the end. */
  async listen(client: AriClient, signal: AbortSignal): Promise<{ readonly over: Promise<void> }> {
    const events = client.events({
      types: ["ChannelUserevent", "AriProxyGap"],
      signal,
      buffer: 100_000,
    });
    await events.ready;
    const over = (async () => {
      for await (const event of events) {
        if (event.type === "AriProxyGap") this.#heard.push({ notice: event.reason });
        else if (event.eventname === "Soak") {
          const { n } = event.userevent as { n?: string };
          this.#heard.push({ number: Number(n) });
        }
      }
    })();
    return { over };
  }

  /** Sends the next one. */
  async send(client: AriClient, app: string, tally: Tally): Promise<void> {
    const number = this.#next++;
    const answer = await tally.count(client.request("Rest", {}, {
      method: "POST",
      path: "/events/user/Soak",
      query: { application: app },
      body: { variables: { n: `${number}` } },
    }));
    if (answer) this.#accepted.push(number);
    else this.#refused++;
  }

  /** Whether the last one that was accepted has been received. */
  get complete(): boolean {
    const last = this.#accepted.at(-1);
    return last === undefined ||
      this.#heard.some((heard) => "number" in heard && heard.number === last);
  }

  /** What became of them. */
  get outcome(): NumberedEvents {
    return outcomeOf(this.#accepted, this.#heard, this.#refused);
  }
}

/**
 * What became of numbered events.
 *
 * @param accepted The numbers that Asterisk accepted, in order.
 * @param heard What a subscriber received, in order.
 * @param refused How many it did not accept.
 */
export function outcomeOf(
  accepted: readonly number[],
  heard: readonly Heard[],
  refused = 0,
): NumberedEvents {
  const numbers = new Set<number>();
  const excused = new Set<number>();
  const notices: Record<string, number> = {};
  let disordered = 0;
  let highest = -1;
  let noticed = false;
  for (const one of heard) {
    if ("notice" in one) {
      notices[one.notice] = (notices[one.notice] ?? 0) + 1;
      noticed = true;
      continue;
    }
    const { number } = one;
    if (number <= highest) disordered++;
    // A notice is in the place of the events.
    for (let missing = highest + 1; noticed && missing < number; missing++) excused.add(missing);
    noticed = false;
    numbers.add(number);
    highest = Math.max(highest, number);
  }
  const missing = accepted.filter((number) => !numbers.has(number));
  return {
    accepted: accepted.length,
    refused,
    heard: numbers.size,
    told: missing.filter((number) => excused.has(number)).length,
    lost: missing.filter((number) => !excused.has(number)),
    disordered,
    notices,
  };
}
