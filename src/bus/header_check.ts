/**
 * Which headers the bus takes.
 *
 * @module
 */

import { BusError, type BusHeaders, type PublisherOptions } from "./bus.ts";

const NAME = /^[!-9;-~]+$/;
// deno-lint-ignore no-control-regex -- these are what must not be in it
const BAD_VALUE = /[\x00-\x1f\x7f]|^\s|\s$/;

/**
 * Makes sure that headers arrive as they are sent: names are printable ASCII without blanks and
 * colons; values have no control characters and neither begin nor end with a blank.
 *
 * @throws {BusError} With the code `invalid`.
 */
export function checkHeaders(headers: BusHeaders): void {
  for (const name in headers) {
    if (!NAME.test(name)) {
      throw new BusError("invalid", `Cannot send the header ${JSON.stringify(name)}: bad name`);
    }
    if (BAD_VALUE.test(headers[name])) {
      throw new BusError("invalid", `Cannot send the header ${name}: bad value`);
    }
  }
}

/**
 * Returns the headers of a numbered message, the number last.
 *
 * @throws {BusError} With the code `invalid` when they would not arrive as they are sent.
 */
export function numberedHeaders(options: PublisherOptions, number: string): BusHeaders {
  const { headers, number: name } = options;
  if (Object.hasOwn(headers, name)) {
    throw new BusError("invalid", `Cannot send the header ${name}: it has two values`);
  }
  const all = { ...headers, [name]: number };
  checkHeaders(all);
  return all;
}
