import assert from "node:assert/strict";
import { app, otherApp, type Scenario } from "../bench.ts";

/** Asterisk itself and what is configured of it. */
export const asterisk: Scenario = {
  name: "Asterisk: info, modules, log, global variables",
  async run(bench) {
    assert.equal((await bench.rest("GET /asterisk/ping")).ping, "pong");
    const { system, build } = await bench.rest("GET /asterisk/info", { only: "system" });
    assert.equal(system?.entity_id, bench.asterisk.entityId);
    assert.equal(build, undefined);

    const moduleName = "app_morsecode.so";
    await bench.rest("DELETE /asterisk/modules/{moduleName}", { moduleName });
    await bench.rest("POST /asterisk/modules/{moduleName}", { moduleName });
    await bench.rest("PUT /asterisk/modules/{moduleName}", { moduleName: "res_musiconhold.so" });
    const module = await bench.rest("GET /asterisk/modules/{moduleName}", { moduleName });
    assert.equal(module.status, "Running");
    const modules = await bench.rest("GET /asterisk/modules");
    assert.ok(modules.some(({ name }) => name === moduleName));

    const logChannelName = "coverage.log";
    const log = { logChannelName };
    const add = { ...log, configuration: "error" };
    await bench.rest("POST /asterisk/logging/{logChannelName}", add);
    const channels = await bench.rest("GET /asterisk/logging");
    assert.ok(channels.some(({ channel }) => channel.endsWith(logChannelName)));
    await bench.rest("DELETE /asterisk/logging/{logChannelName}", log);
    // The rotation removes channels that its configuration does not name.
    await bench.rest("POST /asterisk/logging/{logChannelName}", add);
    await bench.rest("PUT /asterisk/logging/{logChannelName}/rotate", log);

    // A value that no URL has room for.
    const value = "x".repeat(6_000);
    await bench.rest("POST /asterisk/variable", { variable: "COVERAGE", value });
    const variable = await bench.rest("GET /asterisk/variable", { variable: "COVERAGE" });
    assert.equal(variable.value, value);
  },
};

/** Stasis applications. */
export const applications: Scenario = {
  name: "applications: subscriptions, filters, user events",
  async run(bench) {
    const own = { applicationName: app };
    const all = ["channel:", "bridge:", "endpoint:", "deviceState:"];
    const subscription = "/applications/{applicationName}/subscription";
    await bench.rest(`POST ${subscription}`, { ...own, eventSource: all });
    await bench.rest(`DELETE ${subscription}`, { ...own, eventSource: "deviceState:" });
    const { device_names } = await bench.rest("GET /applications/{applicationName}", own);
    assert.deepEqual(device_names, []);
    await bench.rest(`POST ${subscription}`, { ...own, eventSource: ["deviceState:"] });

    const filter = { disallowed: [{ type: "BridgeMerged" }] };
    const filtered = await bench.rest("PUT /applications/{applicationName}/eventFilter", {
      ...own,
      filter,
    });
    assert.deepEqual(filtered.events_disallowed, filter.disallowed);
    await bench.rest("PUT /applications/{applicationName}/eventFilter", { ...own, filter: {} });
    const names = (await bench.rest("GET /applications")).map(({ name }) => name);
    assert.deepEqual([...names].sort(), [app, otherApp]);

    await bench.rest("POST /events/user/{eventName}", {
      eventName: "hello",
      application: app,
      variables: { COLOUR: "blue" },
    });
    const { userevent } = await bench.event("ChannelUserevent", { eventname: "hello" });
    assert.deepEqual(userevent, { eventname: "hello", COLOUR: "blue" });
  },
};

/** Devices, and what else is only in Asterisk's tables. */
export const deviceStates: Scenario = {
  name: "device states",
  async run(bench) {
    const deviceName = "Stasis:lamp";
    await bench.rest("PUT /deviceStates/{deviceName}", { deviceName, deviceState: "BUSY" });
    await bench.event("DeviceStateChanged", { device_state: { name: deviceName, state: "BUSY" } });
    assert.equal(
      (await bench.rest("GET /deviceStates/{deviceName}", { deviceName })).state,
      "BUSY",
    );
    const names = (await bench.rest("GET /deviceStates")).map(({ name }) => name);
    assert.deepEqual(names, [deviceName]);
    await bench.rest("DELETE /deviceStates/{deviceName}", { deviceName });
  },
};

/** Sounds. */
export const sounds: Scenario = {
  name: "sounds",
  async run(bench) {
    const list = await bench.rest("GET /sounds", { lang: "en", format: "gsm" });
    assert.ok(list.some(({ id }) => id === "hello-world"));
    const { formats } = await bench.rest("GET /sounds/{soundId}", { soundId: "hello-world" });
    assert.ok(formats.some(({ language }) => language === "en"));
  },
};
