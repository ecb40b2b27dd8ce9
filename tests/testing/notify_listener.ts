import { withDeadline } from "./deadline.ts";
import { Received } from "./received.ts";

/** Stands in for systemd: a socket that receives the notifications of a service. */
export interface NotifyListener extends AsyncDisposable {
  /** What to put into `NOTIFY_SOCKET`. */
  readonly address: string;
  /** The messages so far. */
  readonly messages: readonly string[];
  /** Resolves when a message has matched. */
  until(pattern: RegExp): Promise<void>;
}

/**
 * Listens under a name that leaves no file behind.
 *
 * @param name The name. @default a new one
 */
export function listenForNotices(name = `ari-proxy-test-${crypto.randomUUID()}`): NotifyListener {
  const socket = Deno.listenDatagram({ transport: "unixpacket", path: `\0${name}` });
  const received = new Received<string>();
  const reading = (async () => {
    for await (const [data] of socket) received.add(new TextDecoder().decode(data));
  })();
  return {
    address: `@${name}`,
    get messages() {
      return received.items;
    },
    until: (pattern) =>
      withDeadline(received.until((items) => items.some((item) => pattern.test(item))), {
        what: `a notice that matches ${pattern}`,
      }).then(() => {}),
    async [Symbol.asyncDispose]() {
      socket.close();
      await reading;
    },
  };
}
