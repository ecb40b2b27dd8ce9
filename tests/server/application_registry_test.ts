import assert from "node:assert/strict";
import { createAdoption } from "../../src/server/application_registry.ts";
import { throttle } from "../../src/common/throttle.ts";
import { MemoryLog } from "../testing/proxy_fixture.ts";

type AdoptionOptions = Parameters<typeof createAdoption>[0];

function adoption(options: Partial<AdoptionOptions> = {}) {
  const apps = ["calls"];
  const did: string[] = [];
  const log = new MemoryLog();
  const warnings = throttle(log);
  const adopt = createAdoption({
    apps,
    admit: () => true,
    limit: 3,
    maxSubject: 255,
    node: () => "n1",
    onBegin: ({ app, node }) => did.push(`begin ${app} ${node}`),
    onServe: () => did.push(`serve ${apps.join()}`),
    onLost: () => did.push("lost"),
    log,
    warnings,
    ...options,
  });
  return { adopt, apps, did, log, [Symbol.dispose]: () => warnings[Symbol.dispose]() };
}

Deno.test("adoption serves the applications of a turn together", async () => {
  using tried = adoption();
  const { adopt, did } = tried;
  assert.equal(adopt("calls"), "calls");
  assert.equal(adopt("ivr:PJSIP/alice-00000001"), "ivr");
  assert.equal(adopt("more"), "more");
  assert.deepEqual(did, ["begin ivr n1", "begin more n1"]);
  await Promise.resolve();
  assert.deepEqual(did.splice(0), ["begin ivr n1", "begin more n1", "serve calls,ivr,more"]);
  assert.equal(adopt("ivr"), "ivr");
  await Promise.resolve();
  assert.deepEqual(did, []);
});

Deno.test("adoption gives up events of applications beyond the limit, and warns once", async () => {
  using tried = adoption({ limit: 2 });
  const { adopt, apps, did, log } = tried;
  const adopted = Array.from({ length: 1_000 }, (_, i) => adopt(`app${i}`));
  assert.deepEqual(adopted.filter((app) => app !== undefined), ["app0"]);
  assert.deepEqual(apps, ["calls", "app0"]);
  await Promise.resolve();
  assert.equal(did.filter((what) => what === "lost").length, 999);
  assert.deepEqual(log.lines.map(({ message }) => message), [
    "Serving an application of Asterisk",
    "Lost events: an Asterisk has more than 2 applications, name those to serve",
  ]);
});

Deno.test("adoption takes neither an unwanted application nor an impossible one, and loses nothing", () => {
  using tried = adoption({ admit: (app) => app !== "private" });
  assert.equal(tried.adopt("private"), undefined);
  assert.equal(tried.adopt("not.possible"), undefined);
  assert.equal(tried.adopt("long".repeat(60)), undefined);
  assert.deepEqual([tried.apps, tried.did], [["calls"], []]);
});
