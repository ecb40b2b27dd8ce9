import assert from "node:assert/strict";
import { InProcessBroker, type InProcessBus } from "../../src/bus/memory.ts";
import { decodeJson, isObject, type JsonObject } from "../../src/protocol/json.ts";
import { app, node } from "../testing/proxy_fixture.ts";

const encoder = new TextEncoder();
/** Bytes of a value as JSON. */
export const encode = (value: unknown) => encoder.encode(JSON.stringify(value));

/** A bus on which a test plays the proxies. */
export class FakeProxies implements AsyncDisposable {
  readonly #broker = new InProcessBroker();
  readonly bus = this.#broker.connect();
  readonly theirs = this.#broker.connect();
  readonly requests: { readonly subject: string; readonly request: JsonObject }[] = [];

  /** Another connection of a client. */
  connect(): InProcessBus {
    return this.#broker.connect();
  }

  /** The requests, but for the marks of those that act. */
  get unmarked(): readonly { readonly subject: string; readonly request: JsonObject }[] {
    return this.requests.map((
      { subject, request: { id: _id, deadline: _deadline, ...request } },
    ) => ({
      subject,
      request,
    }));
  }

  /** Replies to requests on a subject; undefined is for no reply. */
  answer(subject: string, reply: (request: JsonObject, count: number) => unknown): void {
    let count = 0;
    this.theirs.subscribe(subject, (message) => {
      const request = decodeJson(message.data);
      assert.ok(isObject(request));
      this.requests.push({ subject: message.subject, request });
      const answer = reply(request, ++count);
      if (answer !== undefined) this.theirs.publish(message.replyTo ?? "", encode(answer));
    });
  }

  /** Publishes an event, and waits until it has been delivered. */
  async event(event: JsonObject, subject = `ari.event.${app}.${node}`): Promise<void> {
    this.theirs.publish(subject, encode({ application: app, asterisk_id: node, ...event }));
    await this.settle();
  }

  async settle(): Promise<void> {
    await this.theirs.flush();
    await this.bus.flush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bus.close();
    await this.theirs.close();
  }
}
