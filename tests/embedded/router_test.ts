import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { Publication } from "../../src/embedded/publication.ts";
import { Router } from "../../src/embedded/router.ts";
import type { Subscriber, Subscription } from "../../src/embedded/router.ts";

/** Writes down the ids of the subscriptions that get a message. */
class Client implements Subscriber {
  readonly got: string[] = [];
  readonly echo: boolean;

  constructor(echo = true) {
    this.echo = echo;
  }

  deliver(subscription: Subscription): void {
    this.got.push(subscription.sid);
  }

  subscription(pattern: string, sid: string, queue?: string): Subscription {
    return { subscriber: this, pattern, queue, sid, delivered: 0, max: Infinity };
  }
}

function message(subject: string): Publication {
  const tail = Buffer.from("0\r\n\r\n");
  return new Publication({
    subject,
    tail,
    replyLength: 0,
    lineLength: 3,
    headerLength: 0,
    owned: true,
  });
}

const pattern = fc.constantFrom("a", "b", "a.b", "a.*", "*", ">", "a.>", "*.b", "a.b.c");
const subject = fc.constantFrom("a", "b", "a.b", "a.c", "a.b.c");
const step = fc.oneof(
  fc.record({ add: pattern, queue: fc.constantFrom(undefined, undefined, "q", "r") }),
  fc.record({ remove: fc.nat() }),
  fc.record({ publish: subject }),
);

function matches(pattern: string, subject: string): boolean {
  const expression = pattern.replaceAll(".", "\\.").replaceAll("*", "[^.]+").replace(">", ".+");
  return new RegExp(`^${expression}$`).test(subject);
}

Deno.test("Router delivers to all that match, and to one of a group, as subscriptions change", () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
    const router = new Router();
    const client = new Client();
    const live: Subscription[] = [];
    for (const [index, step] of steps.entries()) {
      if ("add" in step) {
        const subscription = client.subscription(step.add, `${index}`, step.queue);
        live.push(subscription);
        router.add(subscription);
      } else if ("remove" in step) {
        const [removed] = live.splice(step.remove % (live.length || 1), 1);
        if (removed !== undefined) router.remove(removed);
      } else {
        client.got.length = 0;
        const count = router.publish(message(step.publish), client);
        const matching = live.filter(({ pattern }) => matches(pattern, step.publish));
        const groups = new Set(matching.flatMap(({ queue }) => queue ?? []));
        const got = client.got.map((sid) => live.find((one) => one.sid === sid));
        assert.equal(count, got.length);
        assert.ok(got.every((one) => one !== undefined && matching.includes(one)));
        for (const one of matching.filter(({ queue }) => queue === undefined)) {
          assert.equal(got.filter((it) => it === one).length, 1);
        }
        for (const group of groups) {
          assert.equal(got.filter((it) => it?.queue === group).length, 1);
        }
      }
    }
    for (const one of live) router.remove(one);
    assert.equal(router.patterns, 0);
  }));
});

Deno.test("Router chooses within a group by chance", () => {
  let chance = 0;
  const router = new Router({ random: () => chance });
  const client = new Client();
  for (const sid of ["0", "1", "2"]) router.add(client.subscription("a", sid, "q"));
  for (chance of [0, 0.34, 0.67, 0.999]) router.publish(message("a"), client);
  assert.deepEqual(client.got, ["0", "1", "2", "2"]);
});

Deno.test("Router skips a publisher without echo", () => {
  const router = new Router({ random: () => 0 });
  const [one, other] = [new Client(false), new Client()];
  router.add(one.subscription("a", "1"));
  router.add(one.subscription("a", "2", "q"));
  assert.equal(router.publish(message("a"), one), 0);
  router.add(other.subscription("a", "3", "q"));
  assert.equal(router.publish(message("a"), one), 1);
  assert.deepEqual([one.got, other.got], [[], ["3"]]);
});

Deno.test("Router refuses to publish on invalid subjects", () => {
  const router = new Router();
  const client = new Client();
  router.add(client.subscription(">", "1"));
  for (const subject of ["", ".", "a.", ".a", "a..b", "*", "a.*", ">", "a.>"]) {
    assert.equal(router.publish(message(subject), client), undefined, subject);
  }
  assert.deepEqual(client.got, []);
});

Deno.test("Router goes on after more subjects than it remembers", () => {
  const router = new Router();
  const client = new Client();
  router.add(client.subscription("a.*", "1"));
  for (let index = 0; index < 10_000; index++) router.publish(message(`a.${index}`), client);
  assert.equal(client.got.length, 10_000);
});
