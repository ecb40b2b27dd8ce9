import type * as model from "../../src/protocol/api/models.ts";
import type * as entity from "../../src/protocol/entities.ts";

/** Members that Asterisk describes and our type of the same thing lacks. */
type Lacking<Ours, Described> = Exclude<keyof Described, keyof Ours>;

/** All of them. What is new in Asterisk's description and not in our types is an error below. */
type LackingOfAll =
  | Lacking<entity.ApplicationData, model.RestApplication>
  | Lacking<entity.AsteriskData, model.RestAsteriskInfo>
  | Lacking<entity.BridgeData, model.RestBridge>
  | Lacking<entity.CallerId, model.RestCallerID>
  | Lacking<entity.ChannelData, model.RestChannel>
  | Lacking<entity.DeviceStateData, model.RestDeviceState>
  | Lacking<entity.DialplanPlace, model.RestDialplanCEP>
  | Lacking<entity.EndpointData, model.RestEndpoint>
  | Lacking<entity.LiveRecordingData, model.RestLiveRecording>
  // On the bus they are `types` and `levels`, as in Go.
  | Exclude<Lacking<entity.LogData, model.RestLogChannel>, "type" | "configuration">
  | Lacking<entity.MailboxData, model.RestMailbox>
  | Lacking<entity.ModuleData, model.RestModule>
  | Lacking<entity.PlaybackData, model.RestPlayback>
  | Lacking<entity.SoundData, model.RestSound>
  | Lacking<entity.StoredRecordingData, model.RestStoredRecording>;

Deno.test("types of entities have every member that Asterisk describes", () => {
  // The compiler is what tests it: it takes this for true only while nothing is lacking.
  const nothing: [LackingOfAll] extends [never] ? true : LackingOfAll = true;
  return void nothing;
});
