/**
 * The purpose of a minted ID: bridge, channel, playback, recording, snoop, reply subject, request, epoch
 * of a numbering, process of a proxy.
 */
export type MintKind = "br" | "ch" | "pb" | "rc" | "sn" | "rp" | "rq" | "ep" | "pr";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * Makes a new ID: a ULID in lower case (48 bits of milliseconds, 80 random bits), a dash and two
 * letters for its purpose.
 */
export function mint(kind: MintKind): string {
  const random = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  const stamp = new Array<string>(10);
  for (let i = 9; i >= 0; i--) {
    stamp[i] = alphabet[time % 32];
    time = Math.floor(time / 32);
  }
  const tail = Array.from(random, (byte) => alphabet[byte % 32]).join("");
  return `${stamp.join("")}${tail}-${kind}`;
}
