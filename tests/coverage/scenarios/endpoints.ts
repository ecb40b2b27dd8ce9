import assert from "node:assert/strict";
import type { Scenario } from "../bench.ts";

/** Configuration objects, and an endpoint that is made of them. */
export const endpoints: Scenario = {
  name: "endpoints: configuration objects, status, messages, referral",
  async run(bench) {
    const object = "/asterisk/config/dynamic/{configClass}/{objectType}/{id}";
    const aor = { configClass: "res_pjsip", objectType: "aor", id: "self" };
    const endpoint = { ...aor, objectType: "endpoint" };
    const uri = `sip:self@${bench.asterisk.sipAddress}`;
    // Endpoint and contact are this very Asterisk, which is asked every second whether it is there.
    await bench.rest(`PUT ${object}`, {
      ...endpoint,
      fields: [{ attribute: "aors", value: "self" }, { attribute: "from_user", value: "self" }],
    });
    await bench.rest(`PUT ${object}`, {
      ...aor,
      fields: [
        { attribute: "contact", value: uri },
        { attribute: "qualify_frequency", value: "1" },
      ],
    });
    const fields = await bench.rest(`GET ${object}`, aor);
    assert.ok(
      fields.some(({ attribute, value }) => attribute === "contact" && value.includes(uri)),
    );
    const reachable = { contact_info: { contact_status: "Reachable", aor: "self" } };
    await bench.event("ContactStatusChange", reachable);
    await bench.event("PeerStatusChange", { endpoint: { resource: "self" } });
    const place = { tech: "PJSIP", resource: "self" };
    assert.equal((await bench.rest("GET /endpoints/{tech}/{resource}", place)).state, "online");
    const ofTech = await bench.rest("GET /endpoints/{tech}", { tech: "PJSIP" });
    assert.ok(ofTech.some(({ resource }) => resource === "self"));
    assert.ok((await bench.rest("GET /endpoints")).length >= ofTech.length);

    const from = "sip:coverage@127.0.0.1";
    const message = { from, body: "Hello, you there", variables: { "X-Colour": "blue" } };
    await bench.rest("PUT /endpoints/{tech}/{resource}/sendMessage", { ...place, ...message });
    const { message: received } = await bench.event("TextMessageReceived", {
      message: { body: message.body },
    });
    assert.ok(received);
    await bench.rest("PUT /endpoints/sendMessage", { to: "pjsip:self", from, body: "again" });
    await bench.event("TextMessageReceived", { message: { body: "again" } });

    const refer = { from, refer_to: "sip:after@127.0.0.1" };
    await bench.rest("POST /endpoints/{tech}/{resource}/refer", { ...place, ...refer });
    await bench.rest("POST /endpoints/refer", { to: "pjsip:self", ...refer });
    await bench.rest(`DELETE ${object}`, aor);
    await bench.rest(`DELETE ${object}`, endpoint);
  },
};
