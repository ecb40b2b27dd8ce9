/**
 * The events of the bench: texts as Asterisk writes them, each with a number and the time it was
 * sent at a fixed place before its end, so that both are written and read without parsing.
 *
 * @module
 */

/** Entity ID of the fake Asterisk. */
export const node = "02:00:00:00:00:be";

/** Bytes of each event. */
export const eventSize = 1200;

const numberDigits = 9;
const timeDigits = 16;
const zero = 0x30;

/** Microseconds since 1970, on a clock that all processes of a machine share. */
export function nowMicros(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}

/** A run of WebSocket frames, ready to be sent but for the numbers and the times. */
export class EventChunk {
  /** The frames. */
  readonly bytes: Uint8Array;
  readonly #count: number;
  readonly #stride: number;
  readonly #stampAt: number;

  /** Makes the frames of as many events as asked for, for an application. */
  constructor(app: string, count: number) {
    const frames = Array.from({ length: count }, (_, index) => textFrame(eventText(app, index)));
    this.#count = count;
    this.#stride = frames[0].length;
    this.#stampAt = this.#stride - stampDistance(app);
    this.bytes = new Uint8Array(count * this.#stride);
    frames.forEach((frame, index) => this.bytes.set(frame, index * this.#stride));
  }

  /** Numbers the events from a number on, and returns the bytes of the first `count` of them. */
  stamp(first: number, count = this.#count): Uint8Array {
    const time = nowMicros();
    for (let index = 0; index < count; index++) {
      const at = index * this.#stride + this.#stampAt;
      writeDigits(this.bytes, first + index, { at, digits: numberDigits });
      writeDigits(this.bytes, time, { at: at + numberDigits + 1, digits: timeDigits });
    }
    return this.bytes.subarray(0, count * this.#stride);
  }
}

/** Makes a reader of the number and the time, in microseconds, of an application's events. */
export function stampReader(
  app: string,
): { number(data: Uint8Array): number; time(data: Uint8Array): number } {
  const distance = stampDistance(app);
  return {
    number: (data) => readDigits(data, { at: data.length - distance, digits: numberDigits }),
    time: (data) => {
      const at = data.length - distance + numberDigits + 1;
      return readDigits(data, { at, digits: timeDigits });
    },
  };
}

/** Every second event is a `ChannelVarset`, which does not begin with its type. */
function eventText(app: string, index: number): string {
  const draft = eventJson(app, index, "");
  return eventJson(app, index, "x".repeat(eventSize - draft.length));
}

function eventJson(app: string, index: number, filler: string): string {
  const variable = index % 2 === 0 ? {} : { variable: "STASISSTATUS", value: "SUCCESS" };
  return JSON.stringify({
    ...variable,
    type: index % 2 === 0 ? "ChannelStateChange" : "ChannelVarset",
    timestamp: "2026-11-22T22:18:58.342+0000",
    channel: {
      id: "1795385942.18",
      name: "PJSIP/trunk-0000002a",
      state: "Up",
      protocol_id: "0a727cde-7331-48f9-907c-69177d01e082",
      caller: { name: "Ada Lovelace", number: "+498912345678" },
      connected: { name: "", number: "" },
      accountcode: "",
      dialplan: {
        context: "from-trunk",
        exten: "4711",
        priority: 3,
        app_name: "Stasis",
        app_data: `${app},inbound,4711`,
      },
      creationtime: "2026-11-22T22:18:58.341+0000",
      language: "en",
      channelvars: { FILLER: filler, STAMP: "0".repeat(numberDigits + 1 + timeDigits) },
    },
    asterisk_id: node,
    application: app,
  });
}

/** Bytes from the number to the end of an event. */
function stampDistance(app: string): number {
  const end = `"}},"asterisk_id":"${node}","application":"${app}"}`;
  return numberDigits + 1 + timeDigits + end.length;
}

function textFrame(text: string): Uint8Array {
  const payload = new TextEncoder().encode(text);
  const frame = new Uint8Array(4 + payload.length);
  frame.set([0x81, 126, payload.length >> 8, payload.length & 0xff]);
  frame.set(payload, 4);
  return frame;
}

function writeDigits(
  bytes: Uint8Array,
  value: number,
  { at, digits }: { readonly at: number; readonly digits: number },
): void {
  for (let index = at + digits - 1; index >= at; index--) {
    const rest = Math.floor(value / 10);
    bytes[index] = zero + value - rest * 10;
    value = rest;
  }
}

function readDigits(
  bytes: Uint8Array,
  { at, digits }: { readonly at: number; readonly digits: number },
): number {
  let value = 0;
  for (let index = at; index < at + digits; index++) value = value * 10 + bytes[index] - zero;
  return value;
}
