import type { AriClient } from "../client.ts";
import { DeviceState } from "../handles/device_state.ts";
import { ListedResource } from "./resource.ts";

/** States of the devices that Stasis applications have set. */
export class DeviceStates extends ListedResource<DeviceState> {
  /** Makes the device states of a client. */
  constructor(client: AriClient) {
    super(client, "devicestate", DeviceState, { get: "DeviceStateGet", list: "DeviceStateList" });
  }
}
