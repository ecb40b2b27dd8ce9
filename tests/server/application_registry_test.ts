import assert from "node:assert/strict";
import { ApplicationRegistry } from "../../src/server/application_registry.ts";
import { createCounters } from "../../src/server/metrics.ts";
import { throttle } from "../../src/common/throttle.ts";
import { MemoryLog } from "../testing/proxy_fixture.ts";

type RegistryOptions = ConstructorParameters<typeof ApplicationRegistry>[0];

function registry(options: Partial<RegistryOptions> = {}) {
  const did: string[] = [];
  const log = new MemoryLog();
  const warnings = throttle(log);
  const counters = createCounters();
  const applications: ApplicationRegistry = new ApplicationRegistry({
    apps: ["calls"],
    admit: () => true,
    limit: 3,
    bus: { maxSubject: 255 },
    asterisk: { node: "n1" },
    onAdded: ({ app, node }) => did.push(`add ${app} ${node}`),
    onServe: () => did.push(`serve ${applications.names.join()}`),
    counters,
    log,
    warnings,
    ...options,
  });
  const register = (name: string) => applications.register(name);
  const dispose = () => warnings[Symbol.dispose]();
  return { register, applications, counters, did, log, [Symbol.dispose]: dispose };
}

Deno.test("an application registry serves the applications of a turn together", async () => {
  using tried = registry();
  const { register, did } = tried;
  assert.equal(register("calls"), "calls");
  assert.equal(register("ivr:PJSIP/alice-00000001"), "ivr");
  assert.equal(register("more"), "more");
  assert.deepEqual(did, ["add ivr n1", "add more n1"]);
  await Promise.resolve();
  assert.deepEqual(did.splice(0), ["add ivr n1", "add more n1", "serve calls,ivr,more"]);
  assert.equal(register("ivr"), "ivr");
  await Promise.resolve();
  assert.deepEqual(did, []);
});

Deno.test("an application registry serves again in a later turn", async () => {
  using tried = registry({ limit: 10 });
  for (const name of ["a", "b"]) {
    tried.register(name);
    await Promise.resolve();
  }
  assert.deepEqual(tried.did, ["add a n1", "serve calls,a", "add b n1", "serve calls,a,b"]);
});

Deno.test("an application registry drops events of applications beyond the limit, and warns once", async () => {
  using tried = registry({ limit: 2 });
  const { register, applications, counters, log } = tried;
  const registered = Array.from({ length: 1_000 }, (_, i) => register(`app${i}`));
  assert.deepEqual(registered.filter((app) => app !== undefined), ["app0"]);
  assert.deepEqual(applications.names, ["calls", "app0"]);
  await Promise.resolve();
  assert.equal(counters.eventsDropped, 999);
  assert.deepEqual(log.lines.map(({ message }) => message), [
    "Serving an application of Asterisk",
    "Dropped events: an Asterisk has more than 2 applications, name those to serve",
  ]);
});

Deno.test("an application registry adds neither an unwanted application nor an impossible one, and drops nothing", () => {
  using tried = registry({ admit: (app) => app !== "private" });
  assert.equal(tried.register("private"), undefined);
  assert.equal(tried.register("not.possible"), undefined);
  assert.equal(tried.register("long".repeat(60)), undefined);
  assert.deepEqual([tried.applications.names, tried.did], [["calls"], []]);
  assert.equal(tried.counters.eventsDropped, 0);
});

Deno.test("an application registry that admits none takes events of others as those of the first", () => {
  using tried = registry({ apps: ["a", "b"], admit: undefined });
  assert.equal(tried.register("c"), "a");
  assert.deepEqual([tried.applications.names, tried.did], [["a", "b"], []]);
});
