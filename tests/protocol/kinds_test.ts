import assert from "node:assert/strict";
import { description } from "../../src/protocol/api/description.ts";
import { routing } from "../../src/protocol/api/routing.ts";
import type { AnyRow } from "../../src/protocol/kinds/columns.ts";
import { type Kind, kinds, rowOf } from "../../src/protocol/kinds/kinds.ts";

/** Payloads for the columns that are functions. */
const payloads: Partial<Record<Kind, unknown>> = {
  ChannelUserEvent: { UserEvent: { eventname: "applause", userevent: { LOUD: "yes" } } },
};

/** The parameters of Asterisk that the columns of a kind have. */
function parametersOf(kind: Kind, columns: AnyRow["query"] = {}): string[] {
  if (typeof columns !== "function") return Object.keys(columns);
  assert.ok(kind in payloads, `${kind} has a function for its columns and no payload here`);
  const self = { app: "calls", node: "02:42:ac:11:00:0a" };
  return Object.keys(columns({ id: "1", key: {}, payload: payloads[kind], self }));
}

Deno.test("the columns of every kind are parameters of its operation", () => {
  let compared = 0;
  for (const kind of kinds) {
    const { call, path = {}, query, body } = rowOf(kind);
    if (!call) continue;
    const { parameters } = description[call];
    for (const name of [...parametersOf(kind, query), ...parametersOf(kind, body)]) {
      assert.ok(Object.hasOwn(parameters, name), `${kind}: ${call} has no parameter ${name}`);
      compared++;
    }
    for (const name of Object.keys(path)) {
      assert.equal(parameters[name]?.place, "path", `${kind}: ${call} has no {${name}}`);
    }
  }
  assert.ok(compared > 90, `${compared}`);
});

/** Kinds of another class than their operation: the original has them in it, and its clients send them so. */
const otherClass: Partial<Record<Kind, string>> = {
  // Each makes something on the node that its key names.
  AsteriskLoggingCreate: "create",
  BridgePlay: "create",
  BridgeRecord: "create",
  ChannelPlay: "create",
  ChannelRecord: "create",
  ChannelSnoop: "create",
  // It is about a channel, which one node has; others of its operation are about none.
  ChannelUserEvent: "command",
};

Deno.test("every kind is of the class of its operation; where it reads and returns keys, of get", () => {
  const others: Partial<Record<Kind, string>> = {};
  for (const kind of kinds) {
    const { call, class: requestClass, reply } = rowOf(kind);
    if (!call) continue;
    const ofOperation = routing[call].class;
    const expected = ofOperation === "data" && reply !== "data" ? "get" : ofOperation;
    if (requestClass !== expected) others[kind] = requestClass;
  }
  assert.deepEqual(others, otherClass);
});
