import type { AriClient } from "../client.ts";
import { LiveRecording } from "../handles/recording.ts";
import { StoredRecording } from "../handles/stored_recording.ts";
import { FoundResource, ListedResource } from "./resource.ts";

/** Recordings that go on. Asterisk does not list them. */
export class LiveRecordings extends FoundResource<LiveRecording> {
  /** Makes the live recordings of a client. */
  constructor(client: AriClient) {
    super(client, "liverecording", LiveRecording, "RecordingLiveGet");
  }
}

/** Recordings that are kept on their nodes. */
export class StoredRecordings extends ListedResource<StoredRecording> {
  /** Makes the stored recordings of a client. */
  constructor(client: AriClient) {
    const kinds = { get: "RecordingStoredGet", list: "RecordingStoredList" } as const;
    super(client, "storedrecording", StoredRecording, kinds);
  }
}

/** Recordings of both kinds. */
export class Recordings {
  /** Those that go on. */
  readonly live: LiveRecordings;
  /** Those that are kept. */
  readonly stored: StoredRecordings;

  /** Makes the recordings of a client. */
  constructor(client: AriClient) {
    this.live = new LiveRecordings(client);
    this.stored = new StoredRecordings(client);
  }
}
