import type { DeviceStateData } from "../api/models.ts";
import type { ReplyData, ReplyKey, ReplyKeys, ReplyOk, Rows } from "./columns.ts";
import { command, detail, list } from "./shared_rows.ts";

/** The kinds about device states. */
export interface DeviceStateKinds {
  /** Lists the states of Asterisk's Stasis devices. */
  DeviceStateList: ReplyKeys;
  /** Reads the state of a device. */
  DeviceStateData: ReplyData<DeviceStateData>;
  /** Checks that a device exists. */
  DeviceStateGet: ReplyKey;
  /** Sets the state of a `Stasis:` device. */
  DeviceStateUpdate: ReplyOk<{ readonly state: string }>;
  /** Deletes a `Stasis:` device. */
  DeviceStateDelete: ReplyOk;
}

export const deviceStateRows: Rows<DeviceStateKinds> = {
  DeviceStateList: list("devicestate", "GET /deviceStates"),
  DeviceStateData: { ...detail("devicestate", "GET /deviceStates/{deviceName}"), reply: "data" },
  DeviceStateGet: {
    ...detail("devicestate", "GET /deviceStates/{deviceName}"),
    reply: "key",
    class: "get",
  },
  DeviceStateUpdate: {
    ...command("devicestate", "PUT /deviceStates/{deviceName}"),
    payload: { member: "device_state_update", shape: { state: "string" } },
    body: { deviceState: "state" },
  },
  DeviceStateDelete: command("devicestate", "DELETE /deviceStates/{deviceName}"),
};
