import type { Key } from "../protocol/key.ts";
import type { AriEvent } from "./events/model.ts";

/**
 * Whether a channel or bridge has come to its end in its application with an event. A channel has as soon
 * as it leaves the application: of one that came from the dialplan Asterisk tells nothing after that.
 */
export function isEndOf(event: AriEvent, { kind, id }: Key): boolean {
  switch (event.type) {
    case "ChannelDestroyed":
    case "StasisEnd":
      return kind === "channel" && event.channel.id === id;
    case "BridgeDestroyed":
      return kind === "bridge" && event.bridge.id === id;
    default:
      return false;
  }
}

/**
 * Whether an event may be the last one that is heard of a channel or bridge, or of what is done to it:
 * that a bridge is destroyed is only told while channels of the application are in it.
 */
export function mayEnd(event: AriEvent, target: Key): boolean {
  return isEndOf(event, target) ||
    event.type === "ChannelLeftBridge" && target.kind === "bridge" && event.bridge.id === target.id;
}
